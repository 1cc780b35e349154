import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { fixture, userFunction, type Fixture } from './fixture';
import type { ExpectedLoad } from '../../src/capacity-plan/expected-load';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { JobStore } from '../../src/job-store/job-store';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import { SecureNetwork } from '../../src/secure-network/secure-network';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const LOAD: ExpectedLoad = { jobsPerDay: 86_400, jobDuration: Duration.seconds(10) };
const create = (load: Partial<ExpectedLoad> | undefined, props: Partial<JobProcessingPipelineProps> = {}) => new JobProcessingPipeline(given.stack, 'Jobs', {
  processor: JobProcessor.inFunction(given.handler), expectedLoad: load && { ...LOAD, ...load }, ...props,
});

describe('the plan', () => {
  test('is of the pipeline as it is', () => {
    const handler = userFunction(given.stack, 'Large', { memorySize: 2_048, architecture: lambda.Architecture.X86_64 });
    const plan = create({}, { processor: JobProcessor.inFunction(handler), maximumConcurrency: 40 }).capacityPlan!;
    expect(plan.concurrency).toBe(40);
    const month = 86_400 * 730 / 24;
    expect(plan.costs[0]!.service).toBe('AWS Lambda');
    expect(plan.costs[0]!.forJobs / (month * 10 * 2 * 0.0000166667)).toBeCloseTo(1, 1);
  });

  test('is there only of a load', () => {
    expect(create(undefined).capacityPlan).toBeUndefined();
  });

  test('follows the profile around it, which stays what it is', () => {
    EnvironmentProfile.dev().applyTo(given.stack);
    const pipeline = create({}, { maximumConcurrency: 40 });
    expect(pipeline.capacityPlan!.costs.map(({ service }) => service)).not.toContain('AWS KMS');
    expect(Annotations.fromStack(given.stack).findWarning('*', Match.stringLikeRegexp('applied too late'))).toEqual([]);
  });

  test('has the executions of a state machine for what runs at once', () => {
    const stateMachine = new sfn.StateMachine(given.stack, 'Steps', {
      definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(given.stack, 'Pass')), timeout: Duration.hours(1),
    });
    const processor = JobProcessor.runStateMachine(stateMachine, { maxConcurrency: 60 });
    const plan = create({ jobDuration: Duration.seconds(15) }, { processor }).capacityPlan!;
    expect(plan.concurrency).toBe(60);
    expect(plan.costs.map(({ service }) => service)).toContain('AWS Step Functions');
  });

  test('counts two functions where one calls the other', () => {
    const plan = create({}, { processor: JobProcessor.callFunction(given.handler) }).capacityPlan!;
    expect(plan.limits.find(({ name }) => name.startsWith('functions at once'))!.used).toBeCloseTo(60.1, 0);
  });

  test('has the database of the store', () => {
    const profile = EnvironmentProfile.staging();
    const network = new SecureNetwork(given.stack, 'Network', { profile });
    const database = new ProxiedPostgres(given.stack, 'Database', { profile, network, engine: PostgresEngine.instance() });
    const plan = create({ jobDuration: Duration.seconds(3) }, {
      store: JobStore.postgres(database), profile, api: JobApi.rest({ reservedConcurrency: 5 }), processor: JobProcessor.inFunction(userFunction(given.stack, 'Own')),
    }).capacityPlan!;
    expect(plan.concurrency).toBe(20);
    expect(plan.costs.find(({ service }) => service === 'Amazon RDS')!.what).toContain('1 × t4g.small');
    expect(plan.tableWriteUnits).toBe(0);
  });
});

describe('is shown', () => {
  const shown = (context: Record<string, unknown>, load: ExpectedLoad | undefined) => {
    const stack = new Stack(new App({ context }), 'Stack');
    new JobProcessingPipeline(stack, 'Jobs', { processor: JobProcessor.inFunction(userFunction(stack, 'Analyse')), expectedLoad: load });
    return Annotations.fromStack(stack).findInfo('/Stack/Jobs', Match.anyValue()).map(({ entry }) => String(entry.data));
  };

  test('to whoever asks for it', () => {
    const [text, ...others] = shown({ 'cdk-jobworks:plan': 'true' }, LOAD);
    expect(text).toMatch(/^86,400 jobs a day of 10 s each\n/);
    expect(others).toEqual([]);
  });

  test('or that there is none', () => {
    expect(shown({ 'cdk-jobworks:plan': true }, undefined)[0]).toMatch(/There is no plan. Give the pipeline expectedLoad/);
  });

  test('and to nobody else', () => {
    expect(shown({}, LOAD)).toEqual([]);
    expect(shown({ 'cdk-jobworks:plan': 'false' }, LOAD)).toEqual([]);
  });
});

describe('fails', () => {
  test.each<[string, Partial<ExpectedLoad>, Partial<JobProcessingPipelineProps>, RegExp]>([
    ['where more come all day than get done', {}, { maximumConcurrency: 8 },
      /maximumConcurrency must be at least \d+ for expectedLoad: more come all day \(9\.13 at once.*than 8 at once get done.*Given: 8\. Fix: raise it/],
    ['where jobs wait too long at the peak', {}, { maximumConcurrency: 12 },
      /maximumConcurrency must be at least \d+ for expectedLoad: of 20 jobs.*19 would begin within 1 hour \d+ minutes and not within 20 minutes \(expectedLoad\.maxWait\).*Given: 12\./],
    ['where the profile\'s alarm would ring', { maxWait: Duration.minutes(1) }, { maximumConcurrency: 20 }, /and not within 60 s \(expectedLoad\.maxWait\)/],
    ['where jobs would miss their deadline', { maxWait: Duration.hours(4) }, { maximumConcurrency: 12, deadline: Duration.minutes(30) }, /and not within 30 minutes/],
    ['where no setting helps', { jobsPerDay: 20_000_000, statusReadsPerJob: 0 }, { api: JobApi.none() },
      /Given: 1,000, what the account allows\. Fix: no setting carries this: spread the jobs over \d+ pipelines, make them shorter/],
    ['where the account has too little', { accountConcurrency: 20, statusReadsPerJob: 1 }, {}, /Fix: have the quota "Concurrent executions" of the account raised, and say expectedLoad\.accountConcurrency/],
    ['where Lambda begins too slowly', { jobsPerDay: 86_400 * 20, maxWait: Duration.seconds(1), peakDuration: Duration.minutes(10), statusReadsPerJob: 0 }, {},
      /expectedLoad\.maxWait must leave Lambda the time to begin: it takes 300 more messages a minute.*Given: 1 s\. Fix: let them wait for/],
    ['where the API refuses them', { jobsPerDay: 86_400 * 50, jobDuration: Duration.millis(100), statusReadsPerJob: 0 }, {},
      /expectedLoad must take at most 100 submissions a second: api\.ratePerSecond\. Given: 150 at the peak.*Fix: raise api\.ratePerSecond, or submit in batches/],
    ['where one owner is refused', { owners: 1 }, { api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }) },
      /expectedLoad must take at most 1 submissions a second of one owner.*Given: 3 at the peak.*raise ratePerSecond of api\.submitLimit/],
    ['where one key of an index is too hot', { jobsPerDay: 86_400 * 3_000, jobDuration: Duration.millis(10), accountConcurrency: 100_000 }, { api: JobApi.none() },
      /at most 1,000 write units a second of one key: deadlines.*spread the jobs over 2 pipelines/],
    ['where attempts are cut off', { jobsPerDay: 100, jobDuration: Duration.minutes(2) }, {}, /expectedLoad\.jobDuration must be at most what an attempt may take \(1 minute\).*raise the timeout/],
    ['where a function cannot be so long', { jobsPerDay: 100, jobDuration: Duration.minutes(20) }, {}, /Given: 20 minutes\. Fix: have a state machine run the jobs/],
    ['where payloads have no bucket', { payloadSize: Size.mebibytes(1) }, {}, /expectedLoad\.payloadSize must be at most 64 KiB without a bucket\. Given: 1,024 KiB\. Fix: give bucket/],
    ['where results have none', { resultSize: Size.kibibytes(65) }, {}, /expectedLoad\.resultSize must be at most 64 KiB without a bucket/],
    ['without jobs', { jobsPerDay: 0 }, {}, /expectedLoad\.jobsPerDay must be a number more than 0/],
    ['with a number that is none', { peakFactor: NaN }, {}, /expectedLoad\.peakFactor must be a number from 1/],
    ['with a text', { jobsPerDay: 'many' as unknown as number }, {}, /expectedLoad\.jobsPerDay must be a number/],
  ])('%s', (_, load, props, message) => {
    expect(() => create(load, props)).toThrow(message);
  });

  test('for all reasons at once, beside what else is wrong with the numbers', () => {
    expect(() => create({ jobDuration: Duration.minutes(2), payloadSize: Size.mebibytes(1) }, { maximumConcurrency: 12 })).toThrow(/Stack\/Jobs: 3 rules are broken/);
    given = fixture();
    expect(() => create({ jobsPerDay: -1 }, { retention: Duration.days(1) })).toThrow(/Stack\/Jobs: 2 rules are broken/);
  });

  test('not where it is carried', () => {
    const bucket = new Bucket(given.stack, 'Bucket');
    expect(() => create({ payloadSize: Size.mebibytes(1) }, { maximumConcurrency: 40, bucket })).not.toThrow();
  });

  test('no longer with what it says is needed', () => {
    const needed = Number(/at least (\d+)/.exec(messageOf(() => create({}, { maximumConcurrency: 12 })))![1]);
    given = fixture();
    expect(() => create({}, { maximumConcurrency: needed })).not.toThrow();
    given = fixture();
    expect(() => create({}, { maximumConcurrency: needed - 1 })).toThrow(/must be at least/);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
