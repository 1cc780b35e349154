import type { JobProcessingPipelineAlarmOptions } from './pipeline-alarm-options';
import type { JobProcessingPipelineProps } from './pipeline-props';
import { LOAD } from '../capacity-plan/expected-load';
import { DEPLOYMENT } from '../gradual-deployment/deployment-prop';
import { ALARM, ENCRYPTION_KEY, PROFILE } from '../internal/common-kinds';
import { constructKind, durationKind, FLAG, instanceKind, madeBy, numberKind, required, structKind, TEXT, type GivenOptions, type KindsOf, type ValueKind } from '../internal/value-kinds';
import { JobApi } from '../job-api/job-api';
import { PayloadSchema } from '../job-api/payload-schema';
import { JobProcessor } from '../job-processor/job-processor';
import { JobStore } from '../job-store/job-store';
import { ProxiedPostgres } from '../proxied-postgres/proxied-postgres';
import { retryPolicyKind, WORKER_ALARMS } from '../queued-lambda-worker/worker-kinds';

/** What kind of value each prop of a pipeline takes. */
export const PIPELINE_KINDS: KindsOf<JobProcessingPipelineProps> = {
  processor: required(withGiven(instanceKind('JobProcessor', () => JobProcessor, 'JobProcessor.inFunction(fn)', 'with const fn = new lambda.Function(…)'))),
  store: withGiven(storeKind()),
  bucket: constructKind('s3.IBucket', 'bucketArn', 'bucket', 'with const bucket = new s3.Bucket(…), new JobFiles(…).bucket or s3.Bucket.fromBucketName(…)'),
  api: instanceKind('JobApi', () => JobApi, 'JobApi.rest({ … })', 'or JobApi.http({ … }), or JobApi.none()'),
  profile: PROFILE,
  pipelineName: TEXT,
  payloadSchema: instanceKind('PayloadSchema', () => PayloadSchema, 'PayloadSchema.fromObject({ … })', "or PayloadSchema.fromFile('schema.json')"),
  retryPolicy: retryPolicyKind('RetryPolicy.exponential({ maxAttempts: ', ' })', 'or what its other factories make'),
  deadline: durationKind('Duration.hours(24)'),
  retention: durationKind('Duration.days(30)', 'Duration.days'),
  maximumConcurrency: numberKind(10),
  expectedLoad: LOAD,
  tracing: FLAG,
  encryptionKey: ENCRYPTION_KEY,
  deployment: DEPLOYMENT,
  alarms: structKind<JobProcessingPipelineAlarmOptions>('{ apiErrors: { enabled: false } }', {
    failureRate: ALARM,
    firstDeadLettered: ALARM,
    deadLettered: ALARM,
    backlog: ALARM,
    noJobsFinished: ALARM,
    apiErrors: ALARM,
    apiErrorRate: ALARM,
    submitConcurrency: ALARM,
    statusConcurrency: ALARM,
    deadLettersLeft: ALARM,
    deadLetterErrors: ALARM,
    sweeperErrors: ALARM,
    executionEndErrors: ALARM,
    worker: WORKER_ALARMS,
  }, 'alarm by alarm'),
};

/** A store. A database that was given in its place is what the store should be made of. */
function storeKind(): ValueKind {
  const store = instanceKind('JobStore', () => JobStore, 'JobStore.dynamoDb()');
  const database = instanceKind('ProxiedPostgres', () => ProxiedPostgres, 'database');
  return { ...store, rewrite: (value) => (database.is(value) ? 'JobStore.postgres(database)' : store.rewrite?.(value)) };
}

/** What a factory makes, with the options that it keeps. */
function withGiven(kind: ValueKind): ValueKind {
  return madeBy(kind, ({ _given }: { readonly _given?: GivenOptions }) => (_given ? [_given] : []));
}
