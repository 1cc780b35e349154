import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Answer, ApiError, errorAnswer, toResult } from './answer';
import { corsOf } from './cors';
import { type ApiEvent, asRestEvent, NO_ROUTE, PREFLIGHT } from './payload-v2';
import { correlationId } from './request';
import type { Environment } from '../../store/settings';
import type { Log } from '../../telemetry/log';
import type { PipelineMetrics } from '../../telemetry/pipeline-metrics';
import { Trace, xrayTrace } from '../../telemetry/trace';
import { ERROR_CODE } from '../../wire/http';

/** A request as a handler sees it. */
export interface Request {
  readonly event: APIGatewayProxyEvent;
  readonly correlation_id: string;
  readonly log: Log;
}

export interface RouteParts {
  readonly log: Log;
  readonly metrics: Pick<PipelineMetrics, 'publish'> & Partial<Pick<PipelineMetrics, 'versionFailed'>>;
  /** Where it stands which pages may read the answers. @default - the function's own */
  readonly environment?: Environment;
  /** @default - that of X-Ray */
  readonly trace?: Trace;
}

export type ApiHandler = (event: ApiEvent) => Promise<APIGatewayProxyResult>;

/** Makes a Lambda handler of a function: every error is answered in the one format, and nobody is told what is inside. */
export function route(
  handle: (request: Request) => Promise<Answer>, { log, metrics, environment = process.env, trace = xrayTrace(environment) }: RouteParts,
): ApiHandler {
  const cors = corsOf(environment);
  return async (given) => {
    const event = asRestEvent(given);
    const correlation_id = correlationId(event);
    const requestLog = log.with({ correlation_id });
    const endTrace = trace.begin('request', { correlation_id });
    let job_id: string | undefined;
    try {
      const answered = await answer(handle, { event, correlation_id, log: requestLog });
      if (answered.status >= 500) {
        metrics.versionFailed?.();
      }
      job_id = jobIdOf(answered);
      return toResult(answered, correlation_id, cors(event));
    } finally {
      endTrace({ job_id });
      metrics.publish();
    }
  };
}

async function answer(handle: (request: Request) => Promise<Answer>, request: Request): Promise<Answer> {
  const { correlation_id, log, event } = request;
  try {
    return unrouted(event) ?? await handle(request);
  } catch (error) {
    if (error instanceof ApiError) {
      log.info('refused', { status: error.status, code: error.code });
      return errorAnswer(error, correlation_id);
    }
    log.error('unexpected error', error as Error);
    return errorAnswer(new ApiError(500, ERROR_CODE.internal, 'something went wrong on our side'), correlation_id);
  }
}

/** Of an HTTP API, which also hands on what is none of our routes. The headers by which a browser may ask are its own to add. */
function unrouted({ httpMethod, resource }: APIGatewayProxyEvent): Answer | undefined {
  if (resource === NO_ROUTE) {
    throw new ApiError(404, ERROR_CODE.notFound, 'no such route');
  }
  return httpMethod === PREFLIGHT ? { status: 204, body: undefined } : undefined;
}

/** Of the job that was submitted, read or changed. What a caller has only asked for is no id of a job: it may be anything. */
function jobIdOf({ body }: Answer): string | undefined {
  const job_id: unknown = (body as { readonly job_id?: unknown } | null | undefined)?.job_id;
  return typeof job_id === 'string' ? job_id : undefined;
}
