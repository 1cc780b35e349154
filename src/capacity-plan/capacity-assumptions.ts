import type { Duration, Size } from 'aws-cdk-lib';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { FLAG, instanceKind, numberKind, SIZE, constructKind, durationKind, structKind } from '../internal/value-kinds';
import { JobApi } from '../job-api/job-api';
import { PostgresEngine } from '../proxied-postgres/postgres-engine';

/** What a load is carried by: what one would give a pipeline. */
export interface CapacityAssumptions {
  /**
   * How many jobs run at once at most, 2 to 1,000.
   *
   * @default - as many as the account and the queue's event source allow; 20 with a `database`
   */
  readonly maximumConcurrency?: number;

  /**
   * How many executions of a state machine are under way at once, where each job is one: `maxConcurrency` of `JobProcessor.runStateMachine()`.
   *
   * @default - jobs run in a function
   */
  readonly maxExecutions?: number;

  /**
   * Whether jobs run in a function that the pipeline's calls, as with `JobProcessor.callFunction()`: then each occupies two.
   *
   * @default false
   */
  readonly calledFunction?: boolean;

  /**
   * Memory of the function that runs the jobs, or of those that the steps of an execution run in.
   *
   * @default Size.mebibytes(512)
   */
  readonly memory?: Size;

  /**
   * Processors of that function.
   *
   * @default lambda.Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * The database that has the records, as `ProxiedPostgres` would have it.
   *
   * @default - they are in DynamoDB
   */
  readonly database?: PostgresEngine;

  /**
   * Whether there is a proxy in front of the database.
   *
   * @default - outside of `EnvironmentProfile.dev()`
   */
  readonly proxied?: boolean;

  /**
   * How jobs are submitted.
   *
   * @default - `JobApi.rest()`
   */
  readonly api?: JobApi;

  /**
   * The environment: whether there are a firewall, a key, backups.
   *
   * @default - `EnvironmentProfile.prod()`
   */
  readonly profile?: EnvironmentProfile;

  /**
   * How long records are kept.
   *
   * @default Duration.days(30)
   */
  readonly retention?: Duration;

  /**
   * Whether X-Ray traces the jobs, by its default of one a second and 5 % of the rest.
   *
   * @default true
   */
  readonly tracing?: boolean;
}

export const ASSUMPTIONS = structKind<CapacityAssumptions>('{ maximumConcurrency: 20 }', {
  maximumConcurrency: numberKind(10),
  maxExecutions: numberKind(10),
  calledFunction: FLAG,
  memory: SIZE,
  architecture: constructKind('lambda.Architecture', 'dockerPlatform', 'lambda.Architecture.ARM_64'),
  database: instanceKind('PostgresEngine', () => PostgresEngine, 'PostgresEngine.instance()', 'or PostgresEngine.auroraServerlessV2()'),
  proxied: FLAG,
  api: instanceKind('JobApi', () => JobApi, 'JobApi.rest({ … })', 'or JobApi.http({ … }), or JobApi.none()'),
  profile: instanceKind('EnvironmentProfile', () => EnvironmentProfile, 'EnvironmentProfile.prod()', 'one of .dev(), .staging() and .prod()'),
  retention: durationKind('Duration.days(30)', 'Duration.days'),
  tracing: FLAG,
});
