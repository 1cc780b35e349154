import { Duration, Lazy, Size } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { CapacityAssumptions } from '../../src/capacity-plan/capacity-assumptions';
import { CapacityPlan } from '../../src/capacity-plan/capacity-plan';
import type { ExpectedLoad } from '../../src/capacity-plan/expected-load';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { SubmitLimit } from '../../src/job-api/submit-limit';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';

const LOAD: ExpectedLoad = { jobsPerDay: 86_400, jobDuration: Duration.seconds(10) };
const plan = (load: Partial<ExpectedLoad> = {}, on?: CapacityAssumptions) => CapacityPlan.of({ ...LOAD, ...load }, on);
const limitOf = ({ limits }: CapacityPlan, name: string) => limits.find((limit) => limit.name.startsWith(name));

test('jobs a second, and as many at once as come in the time of one', () => {
  const { jobsPerSecond, jobsPerSecondAtPeak, offeredConcurrency, runningAtPeak, neededConcurrency } = plan({ maxWait: Duration.seconds(1) });
  expect([jobsPerSecond, jobsPerSecondAtPeak, offeredConcurrency]).toEqual([1, 3, 30]);
  expect(runningAtPeak).toBeCloseTo(30, 0);
  expect(neededConcurrency).toBeGreaterThan(30);
  expect(neededConcurrency).toBeLessThan(50);
});

test('with too few for the peak they wait for the rest of it, and drain afterwards', () => {
  const { backlog, meanWait, longWait, drainTime } = plan({}, { maximumConcurrency: 20 });
  expect(backlog / 3_600).toBeCloseTo(1, 1); // one a second too much, for an hour
  expect(longWait.toSeconds({ integral: false }) / (0.95 * 1_800)).toBeCloseTo(1, 1);
  expect(meanWait.toSeconds({ integral: false }) / 900).toBeCloseTo(1, 1);
  expect(drainTime!.toSeconds({ integral: false })).toBeGreaterThan(3_000);
});

test('with too few for the day they never do', () => {
  expect(plan({}, { maximumConcurrency: 5 }).drainTime).toBeUndefined();
});

test.each<[string, Partial<ExpectedLoad>, CapacityAssumptions, string, number]>([
  ['maximumConcurrency', {}, { maximumConcurrency: 40, api: JobApi.none() }, 'jobs at once: maximumConcurrency', 86_400 * 40 / 30],
  ['the rate of the API', { jobDuration: Duration.millis(10), statusReadsPerJob: 0 }, {}, 'submissions a second: api.ratePerSecond', 86_400 * 100 / 3],
  ['readings of a status', { jobDuration: Duration.millis(10), statusReadsPerJob: 50 }, {}, 'readings a second: api.ratePerSecond', 86_400 * 100 / 150],
  ['what the account runs at once', { accountConcurrency: 100 }, { api: JobApi.none() }, 'functions at once: the account', 86_400 * 100 / 30.027],
  ['what a queue causes', { accountConcurrency: 5_000 }, { api: JobApi.none() }, 'jobs at once: event source', 86_400 * 1_250 / 30],
  ['what a new table takes', { jobDuration: Duration.millis(1), payloadSize: Size.kibibytes(60), accountConcurrency: 100_000 }, { api: JobApi.none() },
    'write units a second of a new table', 86_400 * 4_000 / (3 * 184)],
  ['what one owner may', { owners: 2 }, { api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }) }, 'submissions a second of one owner', 86_400 * 2 / 3],
  ['what is counted of one owner', { owners: 1 }, { api: JobApi.http() }, 'submissions a second of one owner: api.submitLimit, perMinute', 86_400 / 3],
  ['executions', { stateTransitionsPerJob: 100 }, { maxExecutions: 1_000, api: JobApi.none() }, 'state transitions a second', 86_400 * 5_000 / 300],
  ['connections', { jobDuration: Duration.seconds(30) }, { database: PostgresEngine.instance(), profile: EnvironmentProfile.dev(), maximumConcurrency: 1_000, api: JobApi.none() },
    'connections of the database', 86_400 * 75 / 90],
])('%s is reached first', (_, load, on, name, at) => {
  const { firstLimit, firstLimitAtJobsPerDay } = plan(load, on);
  expect(firstLimit.name).toContain(name);
  expect(firstLimitAtJobsPerDay / at).toBeCloseTo(1, 2);
});

test('nobody writes more under one key than it takes: that is 8,000 jobs a second', () => {
  const { used, limit } = limitOf(plan({ jobsPerDay: 86_400 * 8_000, peakFactor: 1 }), 'write units a second of one key: deadlines')!;
  expect([used, limit]).toEqual([1_000, 1_000]);
});

test('limits that nothing is known of are not judged', () => {
  expect(limitOf(plan({}, { api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }) }), 'submissions a second of one owner')).toBeUndefined();
  expect(plan({}, { database: PostgresEngine.instance({ instanceType: new InstanceType('x9z.large') }) }).limits.filter(({ name }) => /connections|clients/.test(name))).toEqual([]);
});

test('a function that is called occupies two, and its caller waits beside it', () => {
  const [own, called] = [plan(), plan({}, { calledFunction: true })];
  expect(limitOf(called, 'functions at once')!.used / limitOf(own, 'functions at once')!.used).toBeCloseTo(2, 1);
  expect(called.costs[0]!.forJobs / own.costs[0]!.forJobs).toBeCloseTo(2, 1);
});

test('the account shares what is reserved for the API with nobody', () => {
  expect(plan({}, { api: JobApi.rest({ reservedConcurrency: 200 }) }).concurrency).toBe(600);
});

describe('costs', () => {
  const costOf = ({ costs }: CapacityPlan, service: string) => costs.find((cost) => cost.service === service);

  test('all of them are in the sum, the largest first', () => {
    const { costs, monthlyCost } = plan();
    const amounts = costs.map(({ forJobs, fixed }) => forJobs + fixed);
    expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
    expect(amounts.reduce((all, amount) => all + amount)).toBeCloseTo(monthlyCost, 6);
  });

  test('twice the jobs cost twice what grows with them', () => {
    const [one, two] = [plan(), plan({ jobsPerDay: 2 * 86_400 })];
    expect(costOf(two, 'AWS Lambda')!.forJobs / costOf(one, 'AWS Lambda')!.forJobs).toBeCloseTo(2, 6);
    expect(costOf(two, 'Amazon SQS')!.fixed).toBe(costOf(one, 'Amazon SQS')!.fixed);
  });

  test('x86_64 costs a quarter more, and memory what it is', () => {
    const lambda = (on: CapacityAssumptions) => costOf(plan({}, on), 'AWS Lambda')!.forJobs;
    expect(lambda({ architecture: Architecture.X86_64 }) / lambda({})).toBeCloseTo(1.25, 1);
    expect(lambda({ memory: Size.mebibytes(1_024) }) / lambda({})).toBeCloseTo(2, 1);
  });

  test('what is not there costs nothing', () => {
    const services = (on: CapacityAssumptions, load?: Partial<ExpectedLoad>) => plan(load, on).costs.map(({ service }) => service);
    expect(services({ api: JobApi.none() })).not.toContain('Amazon API Gateway');
    expect(services({ api: JobApi.http() })).not.toContain('AWS WAF');
    expect(services({ profile: EnvironmentProfile.dev() })).not.toContain('AWS KMS');
    expect(services({ tracing: false })).not.toContain('AWS X-Ray');
    expect(services({})).not.toContain('Amazon S3');
    expect(services({}, { payloadSize: Size.mebibytes(1) })).toContain('Amazon S3');
    expect(services({ maxExecutions: 10 })).toContain('AWS Step Functions');
    expect(services({ database: PostgresEngine.instance() })).not.toContain('Amazon DynamoDB');
  });

  test('a database is billed by the hour: two instances, their storage and a proxy in production', () => {
    expect(costOf(plan({}, { database: PostgresEngine.instance() }), 'Amazon RDS')!.fixed).toBeCloseTo(730 * (2 * 0.168 + 2 * 0.015) + 2 * 20 * 0.115, 2);
    const small = InstanceType.of(InstanceClass.T4G, InstanceSize.SMALL);
    expect(costOf(plan({}, { database: PostgresEngine.instance({ instanceType: small, multiAz: false }), proxied: false }), 'Amazon RDS')!.fixed).toBeCloseTo(730 * 0.032 + 20 * 0.115, 2);
  });

  test('of a cluster the least all day, and the most at the peak', () => {
    const engine = PostgresEngine.auroraServerlessV2({ minCapacity: 1, maxCapacity: 25, readers: 0 });
    expect(costOf(plan({}, { database: engine, proxied: false }), 'Amazon RDS')!.fixed).toBeCloseTo(730 * 2 * 0.12 + 2, 2);
  });

  test('the price of a class that is not in the list is said to be missing', () => {
    expect(costOf(plan({}, { database: PostgresEngine.instance({ instanceType: new InstanceType('x9z.large') }) }), 'Amazon RDS')!.what).toContain('its price is not known here');
  });

  test('initialised instances are billed all month', () => {
    const [none, two] = [0, 2].map((provisionedConcurrency) => costOf(plan({}, { api: JobApi.rest({ ...(provisionedConcurrency && { provisionedConcurrency }) }) }), 'AWS Lambda')!.fixed);
    expect(two! - none!).toBeCloseTo(2 * 2 * 0.5 * 730 * 3_600 * 0.0000033334, 4);
  });

  test('a limit that counts exactly writes once more', () => {
    const units = (api: JobApi) => plan({ statusReadsPerJob: 0 }, { api }).tableWriteUnits / 3;
    expect(units(JobApi.rest({ submitLimit: SubmitLimit.exact() })) - units(JobApi.rest())).toBeCloseTo(1, 6);
  });
});

describe('in print', () => {
  test('it says what it is of, what is needed, what is reached and what it costs', () => {
    const text = plan({}, { maximumConcurrency: 20 }).toString();
    expect(text).toMatch(/^86,400 jobs a day of 10 s each\n/);
    expect(text).toMatch(/jobs at once +30 +at the peak/);
    expect(text).toContain('With 20 at once (maximumConcurrency)');
    expect(text).toMatch(/jobs at once: maximumConcurrency +30 of 20 +150 %: raise maximumConcurrency/);
    expect(text).toContain('A month, in US dollars (us-east-1, November 2026)');
  });

  test('the same load, the same text', () => {
    expect(plan().toString()).toBe(plan().toString());
    expect(`${plan()}`).toBe(plan().toString());
  });

  test('as Markdown it has four tables, and no cell is left open', () => {
    const rows = plan().toMarkdown().split('\n').filter((line) => line.startsWith('|'));
    expect(rows.filter((line) => line === '|---|---:|---|')).toHaveLength(4);
    expect(rows.every((line) => line.split('|').length === 5)).toBe(true);
  });

  test('a day that is too much says never', () => {
    expect(plan({}, { maximumConcurrency: 5 }).toString()).toMatch(/time to drain +never +too many come all day/);
  });
});

describe('fails', () => {
  test.each<[string, Partial<ExpectedLoad>, CapacityAssumptions, RegExp]>([
    ['without jobs', { jobsPerDay: 0 }, {}, /load\.jobsPerDay must be a number more than 0\. Given: 0\. Fix: give more than 0/],
    ['with fewer than none', { jobsPerDay: -5 }, {}, /load\.jobsPerDay must be a number more than 0/],
    ['with a number that is none', { jobsPerDay: NaN }, {}, /load\.jobsPerDay must be a number more than 0\. Given: NaN/],
    ['with infinitely many', { jobsPerDay: Infinity }, {}, /load\.jobsPerDay must be a number more than 0/],
    ['with a text', { jobsPerDay: '10000' as unknown as number }, {}, /load\.jobsPerDay must be a number\..*Fix: write jobsPerDay: 10000/],
    ['with a number known later', { jobsPerDay: Lazy.number({ produce: () => 1 }) }, {}, /load\.jobsPerDay must be known at synthesis/],
    ['with a peak below the average', { peakFactor: 0.5 }, {}, /load\.peakFactor must be a number from 1 to 86,400\. Given: 0\.5/],
    ['with a peak that is more than the day', { peakFactor: 10, peakDuration: Duration.hours(3) }, {}, /peakFactor times peakDuration must be at most 24 hours.*Given: 10 × 3 hours/],
    ['with a peak of no time', { peakDuration: Duration.seconds(0) }, {}, /load\.peakDuration must be from 1 minute to 1 day/],
    ['with jobs that take no time', { jobDuration: Duration.seconds(0) }, {}, /load\.jobDuration must be more than 0/],
    ['with jobs over 15 minutes in a function', { jobDuration: Duration.minutes(20) }, {}, /load\.jobDuration must be at most 15 minutes in a function.*20 minutes.*state machine/],
    ['with a variation below 0', { durationVariation: -1 }, {}, /load\.durationVariation must be a number from 0 to 10/],
    ['with readings below 0', { statusReadsPerJob: -1 }, {}, /load\.statusReadsPerJob must be/],
    ['with nobody', { owners: 0 }, {}, /load\.owners must be a number from 1/],
    ['with no transition', { stateTransitionsPerJob: 0 }, {}, /load\.stateTransitionsPerJob must be/],
    ['with half an execution', { accountConcurrency: 10.5 }, {}, /load\.accountConcurrency must be a whole number from 10/],
    ['with no patience', { maxWait: Duration.millis(5) }, {}, /load\.maxWait must be from 1 second to 4 days/],
    ['with one at once', {}, { maximumConcurrency: 1 }, /on\.maximumConcurrency must be a whole number from 2 to 1,000/],
    ['with too many executions', {}, { maxExecutions: 2_000 }, /on\.maxExecutions must be a whole number from 1 to 1,000/],
    ['with too much memory', {}, { memory: Size.gibibytes(20) }, /on\.memory must be from 128 to 10,240 MiB/],
    ['with what there is not', { peak: 3 } as object, { maxConcurrency: 20 } as object, /load has no peak\. Fix: write one of jobsPerDay, .*on has no maxConcurrency\. Fix: write one of maximumConcurrency/s],
    ['with a store for a database', {}, { database: 'postgres' as unknown as PostgresEngine }, /on\.database must be a PostgresEngine/],
  ])('%s', (_, load, on, message) => {
    expect(() => plan(load, on)).toThrow(message);
  });

  test('for all reasons at once', () => {
    expect(() => plan({ jobsPerDay: 0, peakFactor: 0 }, { maximumConcurrency: 1 })).toThrow(/CapacityPlan\.of\(\): 3 rules are broken/);
  });

  test('without a load', () => {
    expect(() => CapacityPlan.of(undefined as unknown as ExpectedLoad)).toThrow(/load must be an object.*Fix: write load: \{ jobsPerDay: 10_000, jobDuration: Duration\.seconds\(30\) \}/);
  });

  test('not of jobs over 15 minutes in a state machine', () => {
    expect(plan({ jobsPerDay: 100, jobDuration: Duration.hours(2) }, { maxExecutions: 50 }).concurrency).toBe(50);
  });
});
