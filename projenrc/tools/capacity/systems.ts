import { Duration, Size } from 'aws-cdk-lib';
import type { CapacityAssumptions } from '../../../src/capacity-plan/capacity-assumptions';
import { CapacityPlan } from '../../../src/capacity-plan/capacity-plan';
import type { ExpectedLoad } from '../../../src/capacity-plan/expected-load';
import { JobApi } from '../../../src/job-api/job-api';
import { PostgresEngine } from '../../../src/proxied-postgres/postgres-engine';

/** A system, its load and what carries it. */
export interface PlannedSystem {
  readonly name: string;
  /** What its own description says. */
  readonly stated: string;
  /** What is assumed, as nothing is said of it. */
  readonly assumed: string;
  readonly load: ExpectedLoad;
  readonly on: CapacityAssumptions;
  /** Whether it is the load of the one before, carried by something else. */
  readonly again?: boolean;
  /** So many seconds of the peak are enough to see what it is like, where an hour of it would be millions of jobs. */
  readonly window?: number;
}

export const SYSTEMS: readonly PlannedSystem[] = [
  {
    name: 'Invoice extraction',
    stated: '3,000 jobs a day, 125 at once at the peak, 2 minutes a job; PostgreSQL, HTTP API, a workflow of three steps',
    assumed: 'the peak lasts 20 minutes; 12 transitions and 512 MB; `maxConcurrency` 150',
    load: {
      jobsPerDay: 3_000,
      jobDuration: Duration.minutes(2),
      durationVariation: 0.5,
      peakFactor: 30,
      peakDuration: Duration.minutes(20),
      stateTransitionsPerJob: 12,
      maxWait: Duration.minutes(5),
    },
    on: { maxExecutions: 150, database: PostgresEngine.instance(), api: JobApi.http() },
  },
  {
    name: 'Invoice extraction, as it reserved',
    stated: 'the same, with the concurrency of 25 that was reserved for each of OCR and LLM',
    assumed: 'as above; `maxConcurrency` 25, since an execution is in one of them nearly all the time',
    load: {
      jobsPerDay: 3_000,
      jobDuration: Duration.minutes(2),
      durationVariation: 0.5,
      peakFactor: 30,
      peakDuration: Duration.minutes(20),
      stateTransitionsPerJob: 12,
      maxWait: Duration.minutes(5),
    },
    again: true,
    on: { maxExecutions: 25, database: PostgresEngine.instance(), api: JobApi.http() },
  },
  {
    name: 'Idea evaluation',
    stated: 'containers with a queue in Redis; no load',
    assumed: 'only its queue: 2,000 ideas a day of 90 seconds, three times as many for an hour; ten at once, as if in functions of 1 GB',
    load: { jobsPerDay: 2_000, jobDuration: Duration.seconds(90), durationVariation: 0.5 },
    on: { maximumConcurrency: 10, memory: Size.gibibytes(1), api: JobApi.none() },
  },
  {
    name: 'Drawing analysis',
    stated: '15 minutes at most, 3 GB, one job at a time; alarm at 20 minutes of age; no load',
    assumed: '1,000 drawings a day of 4 minutes, four times as many for two hours, results of 20 KiB; `maximumConcurrency` 12',
    load: {
      jobsPerDay: 1_000,
      jobDuration: Duration.minutes(4),
      durationVariation: 0.7,
      peakFactor: 4,
      peakDuration: Duration.hours(2),
      resultSize: Size.kibibytes(20),
    },
    on: { maximumConcurrency: 12, memory: Size.gibibytes(3) },
  },
  {
    name: 'Notifications',
    stated: 'Aurora with 1 to 8 ACU, 512 MB to 1 GB, concurrency 50; the API is a container; no load',
    assumed: 'only queue and workers: a million a day of half a second, five times as many for an hour, one message at a time, which is the bound for batches of ten',
    load: { jobsPerDay: 1_000_000, jobDuration: Duration.millis(500), peakFactor: 5 },
    on: { maximumConcurrency: 50, database: PostgresEngine.auroraServerlessV2(), api: JobApi.none() },
    window: 600,
  },
  {
    name: 'Partner platform',
    stated: 'PostgreSQL with pgvector, REST API, Bedrock; no load',
    assumed: '5,000 documents a day of 20 seconds, four times as many for an hour, payloads of 200 KiB; 1 GB, 20 at once as is the default with a database',
    load: { jobsPerDay: 5_000, jobDuration: Duration.seconds(20), peakFactor: 4, payloadSize: Size.kibibytes(200) },
    on: { memory: Size.gibibytes(1), database: PostgresEngine.instance() },
  },
  {
    name: 'A hundred million',
    stated: 'nobody\'s: how far one pipeline goes',
    assumed: '100 million jobs a day of 100 ms, 256 MB, twice as many for an hour; an account with 5,000 concurrent executions; submitted by functions',
    load: { jobsPerDay: 100_000_000, jobDuration: Duration.millis(100), peakFactor: 2, accountConcurrency: 5_000 },
    on: { memory: Size.mebibytes(256), maximumConcurrency: 250, api: JobApi.none(), tracing: false },
    window: 60,
  },
];

export function planOf({ load, on, window }: PlannedSystem, times = 1): CapacityPlan {
  const peak = window === undefined ? {} : { peakDuration: Duration.seconds(window) };
  return CapacityPlan.of({ ...load, jobsPerDay: load.jobsPerDay * times, ...peak }, on);
}
