import { Duration } from 'aws-cdk-lib';
import type { JobProcessingPipelineProps } from './pipeline-props';
import { authenticationOf } from '../job-api/authorization';
import type { HttpJobApiOptions } from '../job-api/http/http-api-options';
import { settledHttp } from '../job-api/http/http-environment';
import { JobApi } from '../job-api/job-api';
import type { JobApiOptions } from '../job-api/job-api-options';
import type { RestJobApiOptions } from '../job-api/rest-api-options';
import { JobStore } from '../job-store/job-store';
import type { StoreKind } from '../job-store/store-kind';
import { RetryPolicy } from '../queued-lambda-worker/retry-policy';
import { AUTHENTICATION } from '../runtime/wire/environment';

/** As many messages of a queue are worked on at once where nobody has said anything, or it is known at deployment alone. */
export const MOST_AT_ONCE = 1_000;

/** What a pipeline is made with: its props, and the defaults for what they leave open. */
export interface PipelineSettings {
  readonly store: StoreKind;
  readonly retryPolicy: RetryPolicy;
  readonly deadline: Duration;
  readonly retention: Duration;
  readonly tracing: boolean;
  /** The options of a REST API; none with another, or without one. */
  readonly rest?: RestJobApiOptions;
  /** The options of an HTTP API. */
  readonly http?: HttpJobApiOptions;
  /** Whether the library issues the API keys. */
  readonly issuesKeys: boolean;
  /** The options of the API, whatever its kind; none without one. */
  readonly api?: JobApiOptions;
}

/** Settles every prop that has a default of its own, right or wrong: the rules judge them afterwards. */
export function settlePipeline(props: JobProcessingPipelineProps): PipelineSettings {
  const { _rest: rest, _http } = props.api ?? JobApi.rest();
  const http = settledHttp(_http);
  return {
    store: (props.store ?? JobStore.dynamoDb())._kind,
    retryPolicy: props.retryPolicy ?? RetryPolicy.exponential(),
    deadline: props.deadline ?? Duration.days(3),
    retention: props.retention ?? Duration.days(30),
    tracing: props.tracing ?? true,
    rest,
    http,
    issuesKeys: http !== undefined && authenticationOf(http)._kind === AUTHENTICATION.apiKey,
    api: rest ?? http,
  };
}
