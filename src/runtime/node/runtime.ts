/*
 * `cdk-jobworks/runtime`, for the author of a handler: its types, the errors it may throw, and a job to test it with.
 * A handler needs none of it at run time, and nothing of an SDK is in it.
 */
export type { CheckpointOptions, Job, JobContext, JobHandler, JobLog, LogFields, MetricUnit, UploadLocation } from './types';
export { JobCancelled, JobFailed, JobSuperseded, RetryLater, TimeoutNear } from './errors';
export type { TransactionClient } from '../store/transaction-client';
export { testJob, type RecordedJob, type TestJob, type TestJobOptions } from './testing';
