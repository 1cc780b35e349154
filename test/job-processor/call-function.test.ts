import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { fixture, userFunction, type Fixture } from '../job-processing-pipeline/fixture';
import { permissionsOf } from '../job-processing-pipeline/permissions';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const call = (processor: JobProcessor, props: Partial<JobProcessingPipelineProps> = {}, stack: Stack = given.stack) =>
  new JobProcessingPipeline(stack, 'Jobs', { processor, api: JobApi.none(), ...props });
const template = () => Template.fromStack(given.stack);
const runner = () => Object.values(template().findResources('AWS::Lambda::Function', { Properties: { Handler: 'runner.handler' } }))[0].Properties;
const imported = (region = 'eu-west-1') =>
  lambda.Function.fromFunctionArn(given.stack, 'Imported', `arn:aws:lambda:${region}:123456789012:function:theirs`);

describe('minimal', () => {
  test('a runner takes the messages, has half a minute more than the function, and may call that alone', () => {
    const pipeline = call(JobProcessor.callFunction(given.handler));
    expect(runner()).toMatchObject({ Timeout: 90, RecursiveLoop: 'Allow' });
    expect(runner().Environment.Variables).toMatchObject({
      JOBWORKS_CALLED_FUNCTION: { 'Fn::GetAtt': [expect.stringMatching(/^Analyse/), 'Arn'] },
      JOBWORKS_CALLED_TIMEOUT_SECONDS: '60',
      JOBWORKS_BACKOFF_FIRST_MS: '10000',
    });
    template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1, FunctionName: { Ref: Match.stringLikeRegexp('JobsRunner') }, EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('WorkerQueue'), 'Arn'] },
    });
    expect(pipeline.worker.function.node.path).toBe('Stack/Jobs/Runner');
    expect(permissionsOf(given.stack, 'JobsRunnerRole').filter((line) => line.startsWith('lambda:'))).toEqual(['lambda:InvokeFunction Analyse']);
  });

  test('the function itself stays as it is, but for jobs that wait often not being taken for a loop', () => {
    const before = JSON.stringify(template().findResources('AWS::Lambda::Function'));
    const fresh = fixture();
    call(JobProcessor.callFunction(fresh.handler), {}, fresh.stack);
    const [, expected] = /^{"(Analyse\w+)":/.exec(before)!;
    const { Properties, ...rest } = JSON.parse(before)[expected];
    expect(Template.fromStack(fresh.stack).findResources('AWS::Lambda::Function')[expected])
      .toEqual({ ...rest, Properties: { ...Properties, RecursiveLoop: 'Allow' } });
    Template.fromStack(fresh.stack).resourceCountIs('AWS::Lambda::LayerVersion', 0);
  });

  test('what the function says of loops itself holds', () => {
    const own = userFunction(given.stack, 'Own', { recursiveLoop: lambda.RecursiveLoop.TERMINATE });
    call(JobProcessor.callFunction(new lambda.Alias(given.stack, 'Alias', { aliasName: 'live', version: own.currentVersion })));
    template().hasResourceProperties('AWS::Lambda::Function', { RecursiveLoop: 'Terminate' });
  });

  test('the function behind an alias is not taken for a loop either', () => {
    call(JobProcessor.callFunction(new lambda.Alias(given.stack, 'Alias', { aliasName: 'live', version: given.handler.currentVersion })));
    template().hasResourceProperties('AWS::Lambda::Function', { Handler: 'index.handler', RecursiveLoop: 'Allow' });
  });

  test('its attempts may do what those of any processor may', () => {
    call(JobProcessor.callFunction(given.handler));
    const other = fixture();
    new JobProcessingPipeline(other.stack, 'Jobs', { processor: JobProcessor.inFunction(other.handler), api: JobApi.none() });
    const attempts = permissionsOf(given.stack, 'JobsRunnerRole').filter((line) => !line.startsWith('lambda:'));
    expect(attempts).toEqual(permissionsOf(other.stack, 'AnalyseRole'));
  });
});

test('an attempt that comes near the timeout of the function rings', () => {
  call(JobProcessor.callFunction(given.handler));
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Duration', Threshold: 54_000 });
});

describe('messages whose worker never came to begin are hidden', () => {
  const hidden = () => Object.values(template().findResources('AWS::SQS::Queue')).find(({ Properties }) => Properties.RedrivePolicy)?.Properties.VisibilityTimeout;

  test('for five minutes, so that the receives outlast a short incident', () => {
    call(JobProcessor.callFunction(given.handler));
    expect(hidden()).toBe(300);
  });

  test('for two attempts, where these are longer', () => {
    call(JobProcessor.callFunction(userFunction(given.stack, 'Long', { timeout: Duration.minutes(5) })));
    expect(hidden()).toBe(660);
  });
});

test.each([0, 1])('%s reserved for the function is less than a queue causes: there is a warning', (reservedConcurrentExecutions) => {
  call(JobProcessor.callFunction(userFunction(given.stack, 'Own', { reservedConcurrentExecutions })));
  const warnings = Annotations.fromStack(given.stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data]);
  expect(warnings).toEqual([['/Stack/Jobs', expect.stringMatching(new RegExp(`the function is ${reservedConcurrentExecutions}.*lowReservedConcurrency`))]]);
  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
});

test('what is reserved for the function limits the jobs that run at once', () => {
  call(JobProcessor.callFunction(userFunction(given.stack, 'Own', { reservedConcurrentExecutions: 7 })));
  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 7 } });
  expect(runner().ReservedConcurrentExecutions).toBeUndefined();
});

test('versions, aliases, images, other runtimes and imported functions are called as they are', () => {
  const image = new lambda.DockerImageFunction(given.stack, 'Image', {
    code: lambda.DockerImageCode.fromEcr(new Repository(given.stack, 'Images')), timeout: Duration.minutes(14),
  });
  const alias = new lambda.Alias(given.stack, 'Alias', { aliasName: 'live', version: given.handler.currentVersion });
  const processors = {
    Image: JobProcessor.callFunction(image),
    Alias: JobProcessor.callFunction(alias),
    Version: JobProcessor.callFunction(given.handler.currentVersion),
    Imported: JobProcessor.callFunction(imported(), { timeout: Duration.minutes(1) }),
    Plain: JobProcessor.callFunction(given.handler), // several pipelines may call one function
  };
  Object.entries(processors).forEach(([id, processor]) => new JobProcessingPipeline(given.stack, `To${id}`, { processor, api: JobApi.none() }));
  const called = Object.keys(processors).map((id) => permissionsOf(given.stack, `To${id}RunnerRole`).filter((line) => line.startsWith('lambda:')));
  expect(called).toEqual([
    ['lambda:InvokeFunction Image'],
    ['lambda:InvokeFunction Alias'],
    [expect.stringMatching(/^lambda:InvokeFunction AnalyseCurrentVersion/)],
    ['lambda:InvokeFunction arn:aws:lambda:eu-west-1:123456789012:function:theirs'],
    ['lambda:InvokeFunction Analyse'],
  ]);
});

describe('fails', () => {
  test.each<[string, () => JobProcessor, RegExp]>([
    ['on nothing', () => JobProcessor.callFunction(undefined as never), /callFunction\(\) must be given a lambda\.IFunction\. Given: nothing/],
    ['on an imported function whose timeout is not said', () => JobProcessor.callFunction(imported()), /timeout is required with an imported function.*Given: Stack\/Imported/],
    ['on a timeout beside a function of the app', () => JobProcessor.callFunction(given.handler, { timeout: Duration.minutes(1) }), /timeout cannot be given for a function of this app/],
    ['on a function that takes too long', () => JobProcessor.callFunction(userFunction(given.stack, 'Slow', { timeout: Duration.minutes(15) })), /must be from 1 second to 14 minutes.*Given: 15 minutes/],
    ['on no time at all', () => JobProcessor.callFunction(imported(), { timeout: Duration.seconds(0) }), /must be from 1 second to 14 minutes/],
    ['on a timeout of half a second', () => JobProcessor.callFunction(imported(), { timeout: Duration.millis(1_500) }), /in whole seconds/],
    ['on a timeout that is known only at deployment', () => JobProcessor.callFunction(userFunction(given.stack, 'Later', {
      timeout: Duration.seconds(new CfnParameter(given.stack, 'Timeout', { type: 'Number' }).valueAsNumber),
    })), /timeout of the function must be known at synthesis/],
  ])('%s', (_what, processor, message) => {
    expect(() => call(processor())).toThrow(message);
  });

  test('on a function of another region', () => {
    const stack = new Stack(new App(), 'There', { env: { region: 'us-east-1', account: '123456789012' } });
    expect(() => call(JobProcessor.callFunction(imported(), { timeout: Duration.minutes(1) }), {}, stack))
      .toThrow(/must be in the region of the pipeline \(us-east-1\)\. Given: eu-west-1/);
  });

  test('on more jobs at once than are reserved for the function', () => {
    const fn = userFunction(given.stack, 'Own', { reservedConcurrentExecutions: 7 });
    expect(() => call(JobProcessor.callFunction(fn), { maximumConcurrency: 8 })).toThrow(/maximumConcurrency must not be above the function's reserved concurrency \(7\)/);
  });
});
