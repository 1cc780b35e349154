import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { SubmitLimit } from '../../src/job-api/submit-limit';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';
import { NODE_WORKER_HANDLER } from '../../src/runtime/wire/layer';
import { fixture, type Fixture, userFunction } from '../job-processing-pipeline/fixture';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const later = (value: number) => Lazy.number({ produce: () => value });
const parameter = () => new CfnParameter(given.stack, 'Parameter', { type: 'Number' }).valueAsNumber;
const PARAMETER = { Ref: 'Parameter' };
const create = (props: Partial<JobProcessingPipelineProps> = {}, timeout = Duration.minutes(1)) => new JobProcessingPipeline(given.stack, 'Jobs', {
  processor: JobProcessor.inFunction(userFunction(given.stack, 'Slow', { timeout })), api: JobApi.none(), ...props,
});

/** The template, in which no number is one that stands for a token, or none at all. */
function template(): Template {
  const made = Template.fromStack(given.stack);
  expect(JSON.stringify(made.toJSON())).not.toMatch(/NaN|Infinity|\$\{Token|e\+\d{3}|null/);
  return made;
}

const environmentOf = (handler: string) => Object.values(template().findResources('AWS::Lambda::Function', { Properties: { Handler: handler } }))[0]
  .Properties.Environment.Variables;
const queue = () => Object.values(template().findResources('AWS::SQS::Queue')).map(({ Properties }) => Properties).find(({ RedrivePolicy }) => RedrivePolicy);

describe('a timeout of the function that is known at deployment alone', () => {
  test.each([['made later', () => later(60)], ['a parameter', () => parameter()]])('%s', (_, value) => {
    const { worker } = create({}, Duration.seconds(value()));
    expect(queue().VisibilityTimeout).toBe(1800); // twice the longest: Lambda refuses a queue that hides for less than its timeout
    expect(worker.alarms.duration).toBeUndefined();
    expect(environmentOf(NODE_WORKER_HANDLER).JOBWORKS_SHUTDOWN_MS).toBe('10000');
  });

  test('breaks no rule that is about it', () => {
    expect(() => create({ deadline: Duration.minutes(1) }, Duration.seconds(later(60)))).not.toThrow();
  });

  test('one that is known is judged as before', () => {
    const { worker } = create({}, Duration.seconds(60));
    expect(queue().VisibilityTimeout).toBe(300);
    expect(worker.alarms.duration).toBeDefined();
    expect(environmentOf(NODE_WORKER_HANDLER).JOBWORKS_SHUTDOWN_MS).toBe('10000');
  });
});

describe('attempts that are known at deployment alone', () => {
  const receives = () => queue().RedrivePolicy.maxReceiveCount;

  test('the fuse is that of the most there may be', () => {
    create({ retryPolicy: RetryPolicy.attempts(parameter()), api: JobApi.rest() });
    expect(environmentOf('submit.handler').JOBWORKS_MAX_ATTEMPTS).toEqual(PARAMETER);
    expect(receives()).toBe(205);
  });

  test('or what fits into the retention of the queue', () => {
    create({ retryPolicy: RetryPolicy.exponential({ maxAttempts: later(4) }), api: JobApi.rest() }, Duration.minutes(15));
    expect(environmentOf('submit.handler').JOBWORKS_MAX_ATTEMPTS).toBe('4');
    expect(receives()).toBe(192);
  });

  test('those that are known have the fuse of so many', () => {
    create({ retryPolicy: RetryPolicy.attempts(4) });
    expect(receives()).toBe(13);
  });

  test('of a worker they are its receives', () => {
    new QueuedLambdaWorker(given.stack, 'Worker', { function: userFunction(given.stack, 'Slow'), retryPolicy: RetryPolicy.attempts(parameter()) });
    expect(receives()).toEqual(PARAMETER);
  });
});

test('pauses, chance, deadline, retention and limits', () => {
  create({
    retryPolicy: RetryPolicy.exponential({ firstDelay: Duration.millis(later(2_000)), jitter: later(0.25) }),
    deadline: Duration.seconds(later(7_200)),
    retention: Duration.seconds(later(864_000)),
    api: JobApi.http({ authentication: ApiAuthentication.iam(), submitLimit: SubmitLimit.exact({ perMinute: later(30), burst: later(5) }) }),
  });
  expect(environmentOf(NODE_WORKER_HANDLER)).toMatchObject({ JOBWORKS_BACKOFF_FIRST_MS: '2000', JOBWORKS_BACKOFF_JITTER: '0.25' });
  expect(environmentOf('submit.handler')).toMatchObject({
    JOBWORKS_DEADLINE_SECONDS: '7200', JOBWORKS_RETENTION_SECONDS: '864000', JOBWORKS_SUBMITS_PER_MINUTE: '30', JOBWORKS_SUBMIT_BURST: '5',
  });
  for (const handler of ['change.handler', 'operate.handler']) {
    expect(environmentOf(handler).JOBWORKS_DEADLINE_SECONDS).toBe('7200');
  }
});
