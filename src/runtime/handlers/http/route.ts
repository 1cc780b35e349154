import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Answer, ApiError, errorResult, toResult } from './answer';
import { correlationId } from './request';
import type { Log } from '../../telemetry/log';
import type { PipelineMetrics } from '../../telemetry/pipeline-metrics';
import { ERROR_CODE } from '../../wire/http';

/** A request as a handler sees it. */
export interface Request {
  readonly event: APIGatewayProxyEvent;
  readonly correlation_id: string;
  readonly log: Log;
}

export interface RouteParts {
  readonly log: Log;
  readonly metrics: Pick<PipelineMetrics, 'publish'>;
}

export type ApiHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** Makes a Lambda handler of a function: every error is answered in the one format, and nobody is told what is inside. */
export function route(handle: (request: Request) => Promise<Answer>, { log, metrics }: RouteParts): ApiHandler {
  return async (event) => {
    const correlation_id = correlationId(event);
    const requestLog = log.with({ correlation_id });
    try {
      return toResult(await handle({ event, correlation_id, log: requestLog }), correlation_id);
    } catch (error) {
      if (error instanceof ApiError) {
        requestLog.info('refused', { status: error.status, code: error.code });
        return errorResult(error, correlation_id);
      }
      requestLog.error('unexpected error', error as Error);
      return errorResult(new ApiError(500, ERROR_CODE.internal, 'something went wrong on our side'), correlation_id);
    } finally {
      metrics.publish();
    }
  };
}
