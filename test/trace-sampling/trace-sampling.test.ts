import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { TraceSampling } from '../../src/trace-sampling/trace-sampling';
import type { TraceSamplingProps } from '../../src/trace-sampling/trace-sampling-props';
import { userFunction } from '../job-processing-pipeline/fixture';
import { expectNoFindings } from '../support/findings';

function pipelineIn(stack: Stack, id = 'Drawings', api?: JobApi): JobProcessingPipeline {
  return new JobProcessingPipeline(stack, id, { processor: JobProcessor.inFunction(userFunction(stack, `${id}Worker`)), api, pipelineName: id.toLowerCase() });
}

function sampled(props: Partial<TraceSamplingProps> = {}, api?: JobApi) {
  const stack = new Stack(new App(), 'Stack');
  const traces = new TraceSampling(stack, 'Traces', { pipelines: [pipelineIn(stack, 'Drawings', api)], ...props });
  return { stack, traces, template: Template.fromStack(stack) };
}

test('what is traced is decided where a request comes in, at the stage of the API', () => {
  const { template } = sampled();
  template.hasResourceProperties('AWS::XRay::SamplingRule', {
    SamplingRule: {
      Priority: 1000,
      FixedRate: 0.05,
      ReservoirSize: 1,
      ServiceType: 'AWS::ApiGateway::Stage',
      ServiceName: '*',
      Host: '*',
      HTTPMethod: '*',
      URLPath: '*',
      Version: 1,
      ResourceARN: {
        'Fn::Join': ['', [
          'arn:', { Ref: 'AWS::Partition' }, ':apigateway:', { Ref: 'AWS::Region' }, '::/restapis/',
          { Ref: Match.stringLikeRegexp('^DrawingsApi') }, '/stages/', { Ref: Match.stringLikeRegexp('^DrawingsApi.*Stage') },
        ]],
      },
    },
  });
});

test('each pipeline has a group of its traces, by what the runtime annotates', () => {
  const { template } = sampled();
  template.hasResourceProperties('AWS::XRay::Group', {
    FilterExpression: 'annotation.pipeline = "drawings"', InsightsConfiguration: { InsightsEnabled: false, NotificationsEnabled: false },
  });
});

test.each([
  ['dev', EnvironmentProfile.dev(), 1],
  ['staging', EnvironmentProfile.staging(), 0.25],
  ['prod', EnvironmentProfile.prod(), 0.05],
])('%s has its share', (_, profile, FixedRate) => {
  sampled({ profile }).template.hasResourceProperties('AWS::XRay::SamplingRule', { SamplingRule: { FixedRate } });
});

test('what is given wins', () => {
  const { template } = sampled({ percent: 40, perSecond: 7, insights: true });
  template.hasResourceProperties('AWS::XRay::SamplingRule', { SamplingRule: { FixedRate: 0.4, ReservoirSize: 7 } });
  template.hasResourceProperties('AWS::XRay::Group', { InsightsConfiguration: { InsightsEnabled: true } });
});

test('names are of 32 characters at most, those of the stack among them', () => {
  const stack = new Stack(new App(), 'AStackWithAVeryLongNameIndeed');
  const pipelines = ['Drawings', 'Invoices'].map((id) => pipelineIn(stack, id));
  new TraceSampling(stack, 'TracesOfThisSystem', { pipelines });
  const names = Object.values(Template.fromStack(stack).findResources('AWS::XRay::Group')).map(({ Properties }) => (Properties as { GroupName: { 'Fn::Join': [string, unknown[]] } }).GroupName);
  const beginnings = names.map(({ 'Fn::Join': [, [beginning, uuid]] }) => {
    expect(uuid).toEqual({ 'Fn::Select': [4, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }] });
    return beginning as string;
  });

  expect(new Set(beginnings).size).toBe(2);
  for (const beginning of beginnings) expect(beginning.length).toBeLessThanOrEqual(20);
});

test.each([['HTTP', JobApi.http()], ['none', JobApi.none()]])('an API that goes by no rules (%s) has a group alone', (_, api) => {
  const { template, traces } = sampled({}, api);
  template.resourceCountIs('AWS::XRay::SamplingRule', 0);
  template.resourceCountIs('AWS::XRay::Group', 1);
  expect([traces.samplingRules.length, traces.groups.length]).toEqual([0, 1]);
});

describe('fails', () => {
  test.each<[string, Partial<TraceSamplingProps>, string]>([
    ['a share over all', { percent: 101 }, 'percent must be from 0 to 100. Given: 101. Fix: give a share'],
    ['a share below none', { percent: -1 }, 'percent must be from 0 to 100. Given: -1.'],
    ['less than none a second', { perSecond: -1 }, 'perSecond must be a whole number from 0 to 10,000. Given: -1.'],
    ['a part of a request', { perSecond: 0.5 }, 'perSecond must be a whole number'],
    ['nothing to trace', { pipelines: [] }, 'pipelines must be 1 to 25. Given: 0.'],
    ['another kind', { pipelines: ['drawings'] as never }, 'pipelines[0] must be a JobProcessingPipeline. Given: \'drawings\'.'],
  ])('for %s', (_, props, said) => {
    expect(() => sampled(props)).toThrow(`Stack/Traces: ${said}`);
  });

  test('for a pipeline named twice, and for a share where no API goes by it', () => {
    const stack = new Stack(new App(), 'Stack');
    const pipeline = pipelineIn(stack, 'Drawings', JobApi.http());
    expect(() => new TraceSampling(stack, 'Traces', { pipelines: [pipeline, pipeline], percent: 5 })).toThrow(
      /1\. .*pipelines must not name one twice[^]*2\. .*percent cannot be given where no pipeline has a REST API. Fix: remove percent: REST APIs alone/,
    );
  });

  test('for more than an account has rules for', () => {
    const stack = new Stack(new App(), 'Stack');
    const pipeline = pipelineIn(stack);
    expect(() => new TraceSampling(stack, 'Traces', { pipelines: Array<JobProcessingPipeline>(26).fill(pipeline) })).toThrow('pipelines must be 1 to 25. Given: 26.');
  });

  test('for a pipeline of another region', () => {
    const app = new App();
    const [here, there] = ['eu-west-1', 'us-east-1'].map((region) => new Stack(app, region, { env: { account: '111111111111', region } }));
    expect(() => new TraceSampling(here!, 'Traces', { pipelines: [pipelineIn(there!)] })).toThrow(
      'pipelines must be in the region and account of this construct, and us-east-1/Drawings is in another',
    );
  });
});

test('a prop that there is not is warned of', () => {
  const { stack } = sampled({ rate: 5 } as never);
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('There is no prop rate'))).toHaveLength(1);
});

test('no finding that nobody gave a reason for', () => {
  const app = new App();
  const [pipelines, traces] = [new Stack(app, 'Pipelines'), new Stack(app, 'Traces')];
  new TraceSampling(traces, 'Traces', { pipelines: [pipelineIn(pipelines)] });
  expectNoFindings(app);
});
