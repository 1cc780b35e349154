export { EnvironmentProfile } from './environment-profile/environment-profile';
export { ApiAuthentication, type ApiKeyLimits } from './job-api/api-authentication';
export { JobApi, type RestJobApiOptions } from './job-api/job-api';
export { PayloadSchema } from './job-api/payload-schema';
export {
  JobProcessingPipeline,
  type JobProcessingPipelineAlarmOptions,
  type JobProcessingPipelineAlarms,
  type JobProcessingPipelineProps,
} from './job-processing-pipeline/job-processing-pipeline';
export { JobProcessor } from './job-processor/job-processor';
export { JobStore } from './job-store/job-store';
export { type AlarmOptions } from './alarms/alarm-options';
export { QueuedLambdaWorker } from './queued-lambda-worker/queued-lambda-worker';
export { type QueuedLambdaWorkerProps } from './queued-lambda-worker/queued-lambda-worker-props';
export { type ExponentialRetryOptions, RetryPolicy } from './queued-lambda-worker/retry-policy';
export { type QueuedLambdaWorkerAlarmOptions, type QueuedLambdaWorkerAlarms } from './queued-lambda-worker/worker-alarms';
