import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { fixture, type Fixture } from './fixture';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineAlarmOptions } from '../../src/job-processing-pipeline/pipeline-alarm-options';
import { JobProcessor } from '../../src/job-processor/job-processor';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const create = (alarms?: JobProcessingPipelineAlarmOptions) =>
  new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.inFunction(given.handler), api: JobApi.none(), alarms });
const template = () => Template.fromStack(given.stack);
const ofFunction = (id: string) => [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp(`^Jobs${id}[0-9A-F]{8}`) } }];

test('dead letters that are left lying ring, whether they wait or are looked at in vain', () => {
  create();
  template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmDescription: Match.stringLikeRegexp('dead letters are left lying'),
    Threshold: 1,
    EvaluationPeriods: 20,
    Metrics: [
      Match.objectLike({ Expression: 'visible + hidden' }),
      Match.objectLike({ MetricStat: Match.objectLike({ Period: 60, Metric: Match.objectLike({ MetricName: 'ApproximateNumberOfMessagesVisible' }) }) }),
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: {
            MetricName: 'ApproximateNumberOfMessagesNotVisible',
            Namespace: 'AWS/SQS',
            Dimensions: [{
              Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'QueueName'] },
            }],
          },
        }),
      }),
    ],
  });
});

test('errors of the functions that end jobs ring', () => {
  create();
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Errors', Dimensions: ofFunction('DeadLetter'), Threshold: 1, Period: 300 });
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Errors', Dimensions: ofFunction('Sweeper'), Threshold: 2, Period: 900 });
});

describe('reserved concurrency of the API', () => {
  const withApi = (api: JobApi, alarms?: JobProcessingPipelineAlarmOptions) =>
    new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.inFunction(given.handler), api, alarms }).alarms;

  test.each([['Submit'], ['Status']])('%s: 90 %% of it ring, over all versions', (id) => {
    withApi(JobApi.http({ provisionedConcurrency: 5, reservedConcurrency: 25 }));
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ConcurrentExecutions', Dimensions: ofFunction(id), Statistic: 'Maximum', Threshold: 22.5, Period: 300,
    });
  });

  test('without it nothing is judged', () => {
    const alarms = withApi(JobApi.rest());
    expect([alarms.submitConcurrency, alarms.statusConcurrency]).toEqual([undefined, undefined]);
  });

  test('each is tuned or removed', () => {
    const alarms = withApi(JobApi.rest({ reservedConcurrency: 25 }), { submitConcurrency: { threshold: 20 }, statusConcurrency: { enabled: false } });
    expect(alarms.statusConcurrency).toBeUndefined();
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ConcurrentExecutions', Dimensions: ofFunction('Submit'), Threshold: 20 });
  });
});

test('a dead letter is no alarm of the worker, unless it is asked for', () => {
  const { worker } = create({ worker: { deadLetters: { threshold: 50 } } });
  expect(worker.alarms.firstDeadLetter).toBeUndefined();
  expect(worker.alarms.deadLetters).toBeDefined();
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 50 });
});

test('each is tuned or removed by itself', () => {
  const pipeline = create({ deadLettersLeft: { evaluationPeriods: 5 }, deadLetterErrors: { enabled: false }, sweeperErrors: { threshold: 7 } });
  expect(pipeline.alarms.deadLetterErrors).toBeUndefined();
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { EvaluationPeriods: 5, AlarmDescription: Match.stringLikeRegexp('left lying') });
  template().hasResourceProperties('AWS::CloudWatch::Alarm', { Dimensions: ofFunction('Sweeper'), Threshold: 7 });
});

test.each<[keyof JobProcessingPipelineAlarmOptions]>([['deadLettersLeft'], ['deadLetterErrors'], ['sweeperErrors']])('fails on %s of half a minute', (name) => {
  expect(() => create({ [name]: { period: Duration.seconds(30) } })).toThrow(new RegExp(`alarms\\.${name}\\.period must be a multiple of one minute`));
});

test('a slow attempt is one of the function that is called, whose timeout is said', () => {
  new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.callFunction(given.handler), api: JobApi.none(), pipelineName: 'drawings' });
  template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmDescription: 'drawings: a call comes near the timeout of 60 s that the function which is called has, in milliseconds. Raise the timeout or do less at once.',
    Threshold: 54_000,
  });
});

describe('ends of executions', () => {
  const withStateMachine = (alarms?: JobProcessingPipelineAlarmOptions) => {
    const definitionBody = sfn.DefinitionBody.fromChainable(new sfn.Pass(given.stack, 'Pass'));
    const stateMachine = new sfn.StateMachine(given.stack, 'Machine', { definitionBody, timeout: Duration.minutes(5) });
    return new JobProcessingPipeline(given.stack, 'Jobs', {
      processor: JobProcessor.runStateMachine(stateMachine, { maxConcurrency: 5 }), api: JobApi.none(), alarms,
    });
  };

  test('that are not dealt with ring: the function failed for one for good, or could not be called', () => {
    withStateMachine();
    const metric = (name: string, dimension: string, value: string) => Match.objectLike({
      MetricStat: Match.objectLike({
        Metric: Match.objectLike({ MetricName: name, Dimensions: [{ Name: dimension, Value: { Ref: Match.stringLikeRegexp(value) } }] }), Period: 300, Stat: 'Sum',
      }),
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('ends of executions are not dealt with'),
      Threshold: 3,
      Metrics: [
        Match.objectLike({ Expression: 'FILL(errors, 0) + FILL(failed, 0)' }),
        metric('Errors', 'FunctionName', '^JobsExecutionEnded'),
        metric('FailedInvocations', 'RuleName', '^JobsExecutionEnds'),
      ],
    });
  });

  test('are none where a function runs the jobs, or the alarm is removed', () => {
    expect(create().alarms.executionEndErrors).toBeUndefined();
    given = fixture();
    expect(withStateMachine({ executionEndErrors: { enabled: false } }).alarms.executionEndErrors).toBeUndefined();
  });
});
