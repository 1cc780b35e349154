import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { fixture, userFunction, type Fixture } from './fixture';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { stateOf, type Reported } from '../monitoring/judging';
import { alarmOf } from '../monitoring/support';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const create = (props: Partial<JobProcessingPipelineProps> = {}) =>
  new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.inFunction(given.handler), pipelineName: 'drawings', ...props });

const WAITING = 'ApproximateNumberOfMessagesVisible';
const SENT = 'NumberOfMessagesSent';
const DONE = 'NumberOfMessagesDeleted';

/** Over what time the metrics of an alarm are taken. */
function periodsOf(alarm: Alarm): number[] {
  const metrics = given.stack.resolve(alarmOf(alarm).metrics) as { metricStat?: { period: number } }[];
  return metrics.flatMap(({ metricStat }) => metricStat?.period ?? []);
}

describe('the backlog', () => {
  const rings = (reported: Reported) => stateOf(create().alarms.backlog!, reported);

  test.each<[string, Reported, string]>([
    ['grows, and would take half an hour', { [WAITING]: 60, JobsSucceeded: 10, [SENT]: 20, [DONE]: 10 }, 'ALARM'],
    ['grows, and would take ten minutes', { [WAITING]: 20, JobsSucceeded: 10, [SENT]: 20, [DONE]: 10 }, 'OK'],
    ['is worked off, however long that takes', { [WAITING]: 600, JobsSucceeded: 10, [SENT]: 5, [DONE]: 10 }, 'OK'],
    ['grew in two periods of three', { [WAITING]: 60, JobsSucceeded: 10, [SENT]: [20, 20, 5], [DONE]: 10 }, 'OK'],
    ['grows by jobs that are called again later alone, which is no growth', { [WAITING]: 600, JobsSucceeded: 1, [SENT]: 100, [DONE]: 100 }, 'OK'],
    ['is one job, in the night', { [WAITING]: 1, [SENT]: 1 }, 'OK'],
    ['waits for nothing', { [WAITING]: 0 }, 'OK'],
    ['has failed and cancelled jobs among those that ended', { [WAITING]: 30, JobsFailed: 5, JobsCancelled: 5, [SENT]: 20, [DONE]: 10 }, 'OK'],
    ['of an idle queue, of which there is no data', {}, 'OK'],
  ])('%s', (_, reported, state) => {
    expect(rings(reported)).toBe(state);
  });

  test('is judged by the age of the profile, over no less than an attempt', () => {
    EnvironmentProfile.dev().applyTo(given.stack);
    const { alarms } = create({ processor: JobProcessor.inFunction(userFunction(given.stack, 'Slow', { timeout: Duration.minutes(12) })) });
    expect(alarmOf(alarms.backlog!)).toMatchObject({ threshold: 3600, evaluationPeriods: 3 });
    expect(new Set(periodsOf(alarms.backlog!))).toEqual(new Set([900]));
  });
});

describe('no job that ended', () => {
  const rings = (reported: Reported) => stateOf(create().alarms.noJobsFinished!, reported);

  test.each<[string, Reported, string]>([
    ['while jobs wait, for half an hour', { [WAITING]: 3 }, 'ALARM'],
    ['while jobs wait, but a job succeeded', { [WAITING]: 3, JobsSucceeded: [null, null, 1, null, null, null, null, null] }, 'OK'],
    ['while jobs wait, but a job failed', { [WAITING]: 3, JobsFailed: [null, null, null, 1, null, null, null, null] }, 'OK'],
    ['while attempts are repeated, and wait again', { [WAITING]: 3, JobsRetried: 5 }, 'ALARM'],
    ['while none waits', { [WAITING]: 0 }, 'OK'],
    ['while jobs waited for some of the time', { [WAITING]: [3, 3, 3, 0, 3, 3, 3, 3] }, 'OK'],
    ['of an idle queue, of which there is no data', {}, 'OK'],
  ])('%s', (_, reported, state) => {
    expect(rings(reported)).toBe(state);
  });

  test.each<[string, () => JobProcessor, number | undefined, number | undefined]>([
    ['of a minute', () => JobProcessor.inFunction(given.handler), 300, 6],
    ['of 15 minutes', () => JobProcessor.inFunction(userFunction(given.stack, 'Slow', { timeout: Duration.minutes(15) })), 300, 6],
    ['of two hours', () => runs(Duration.hours(2)), 300, 26],
    ['of two days', () => runs(Duration.days(2)), 3600, 49],
    ['of a month, over which no alarm looks back', () => runs(Duration.days(30)), undefined, undefined],
  ])('does not ring before an attempt can have ended: %s', (_, processor, period, evaluationPeriods) => {
    const alarm = create({ processor: processor() }).alarms.noJobsFinished;
    expect(alarm && alarmOf(alarm).evaluationPeriods).toBe(evaluationPeriods);
    expect(alarm && periodsOf(alarm)[0]).toBe(period);
  });

  const runs = (timeout: Duration) => JobProcessor.runStateMachine(new sfn.StateMachine(given.stack, 'Steps', {
    definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(given.stack, 'Pass')), timeout,
  }), { maxConcurrency: 5 });
});

describe('calls that were answered with a 5xx', () => {
  const rings = (api: JobApi, reported: Reported) => stateOf(create({ api }).alarms.apiErrorRate!, reported);

  test('are judged by their share, from three on', () => {
    expect(rings(JobApi.rest(), { '5XXError': 3, 'Count': 1 })).toBe('ALARM');
    given = fixture();
    expect(rings(JobApi.rest(), { '5XXError': 2, 'Count': 1 })).toBe('OK');
    given = fixture();
    expect(rings(JobApi.http(), { '5xx': 3, 'Count': 1 })).toBe('ALARM');
  });

  test('are none without an API, so that there is nothing to tune', () => {
    expect(create({ api: JobApi.none() }).alarms.apiErrorRate).toBeUndefined();
    given = fixture();
    expect(() => create({ api: JobApi.none(), alarms: { apiErrorRate: { threshold: 5 }, apiErrors: { period: Duration.minutes(1) } } }))
      .toThrow(/alarms\.apiErrors cannot be tuned without an API: it would never have data\. Fix: remove alarms\.apiErrors.*\n.*alarms\.apiErrorRate cannot/s);
    given = fixture();
    expect(() => create({ api: JobApi.none(), alarms: { apiErrors: { enabled: false } } })).not.toThrow();
  });
});

test.each<[string, Partial<JobProcessingPipelineProps>, string]>([
  ['concurrency that is not reserved', { alarms: { submitConcurrency: { threshold: 9 } } }, 'alarms.submitConcurrency cannot be tuned without reservedConcurrency of 2 or more of the API'],
  ['executions that there are none of', { alarms: { executionEndErrors: { threshold: 9 } } }, 'alarms.executionEndErrors cannot be tuned without JobProcessor.runStateMachine()'],
  ['a reserve of the worker that it has not', { alarms: { worker: { reservedConcurrency: { threshold: 9 } } } }, 'alarms.worker.reservedConcurrency cannot be tuned without reserved concurrency of 2 or more'],
  ['a band of what should not be', { alarms: { noJobsFinished: { anomalyBand: 2 } } }, 'alarms.noJobsFinished.anomalyBand cannot be given: it rings for what should not happen at all'],
])('fails on %s', (_, props, message) => {
  expect(() => create(props)).toThrow(message);
});

test('a band stands in the place of a threshold that follows from the pipeline, too', () => {
  const { worker } = create({ alarms: { worker: { oldestMessageAge: { anomalyBand: 2 }, duration: { anomalyBand: 3 } } } });
  expect(alarmOf(worker.alarms.oldestMessageAge!).threshold).toBeUndefined();
  expect(alarmOf(worker.alarms.duration!).thresholdMetricId).toBeDefined();
});
