import { Duration } from 'aws-cdk-lib';
import type { JobProcessingPipelineProps } from './pipeline-props';
import { JobApi } from '../job-api/job-api';
import type { RestJobApiOptions } from '../job-api/rest-api-options';
import { RetryPolicy } from '../queued-lambda-worker/retry-policy';

/** What a pipeline is made with: its props, and the defaults for what they leave open. */
export interface PipelineSettings {
  readonly retryPolicy: RetryPolicy;
  readonly deadline: Duration;
  readonly retention: Duration;
  readonly tracing: boolean;
  /** The options of the API; none without one. */
  readonly rest?: RestJobApiOptions;
}

/** Settles every prop that has a default of its own, right or wrong: the rules judge them afterwards. */
export function settlePipeline(props: JobProcessingPipelineProps): PipelineSettings {
  return {
    retryPolicy: props.retryPolicy ?? RetryPolicy.exponential(),
    deadline: props.deadline ?? Duration.days(3),
    retention: props.retention ?? Duration.days(30),
    tracing: props.tracing ?? true,
    rest: (props.api ?? JobApi.rest())._rest,
  };
}
