import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { ApiError } from './answer';
import type { ApiEvent } from './payload-v2';
import type { ApiHandler, RouteParts } from './route';
import type { Log } from '../../telemetry/log';
import { CORRELATION_ID_PATTERN, ERROR_CODE } from '../../wire/http';

/** What was asked by whoever may invoke the function, past the API. Such a caller is trusted with the jobs of every owner. */
export interface DirectRequest {
  readonly fields: Readonly<Record<string, unknown>>;
  /** The caller's `correlation_id` if it is one, the request's id otherwise. */
  readonly correlation_id: string;
  readonly log: Log;
}

export type DirectHandler = (event: unknown, context: Pick<Context, 'awsRequestId'>) => Promise<object>;

/** What a direct call is refused with. Lambda tells the caller the name as the type of the error: it is a code of the HTTP API. */
export class DirectRefusal extends Error {
  constructor(readonly name: string, message: string) {
    super(message);
  }
}

const CORRELATION_ID = new RegExp(CORRELATION_ID_PATTERN);

/** Makes a handler of direct calls of a function: what it refuses is thrown by its code, and nobody is told what is inside. */
export function direct(handle: (request: DirectRequest) => Promise<object>, { log, metrics }: Pick<RouteParts, 'log' | 'metrics'>): DirectHandler {
  return async (event, { awsRequestId }) => {
    const given = fieldsOf(event).correlation_id;
    const correlation_id = typeof given === 'string' && CORRELATION_ID.test(given) ? given : awsRequestId;
    const requestLog = log.with({ correlation_id });
    try {
      return await handle({ fields: fieldsOf(event), correlation_id, log: requestLog });
    } catch (error) {
      if (error instanceof ApiError) {
        requestLog.info('refused', { status: error.status, code: error.code });
        if (error.status >= 500) {
          metrics.versionFailed?.();
        }
        throw new DirectRefusal(error.code, error.message);
      }
      requestLog.error('unexpected error', error as Error);
      metrics.versionFailed?.();
      throw new DirectRefusal(ERROR_CODE.internal, 'something went wrong on our side');
    } finally {
      metrics.publish();
    }
  };
}

/** A function behind the API that is invoked directly, too: what comes from the API says so by its context. */
export function apiOrDirect(api: ApiHandler, directly: DirectHandler) {
  return async (event: unknown, context: Pick<Context, 'awsRequestId'>): Promise<APIGatewayProxyResult | object> =>
    ('requestContext' in fieldsOf(event) ? api(event as ApiEvent) : directly(event, context));
}

/** @throws ApiError that names what the call does not take */
export function takesOnly({ fields }: DirectRequest, names: readonly string[]): void {
  const unknown = Object.keys(fields).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new ApiError(400, ERROR_CODE.badRequest, `the call takes ${names.join(', ')}, and not ${unknown.slice(0, 10).join(', ')}`);
  }
}

const LONGEST_OWNER = 1_024;

/** An owner as a direct call names it. */
export function ownerField({ fields: { owner } }: DirectRequest): string | undefined {
  if (owner !== undefined && (typeof owner !== 'string' || owner === '' || Buffer.byteLength(owner) > LONGEST_OWNER)) {
    throw new ApiError(400, ERROR_CODE.badRequest, `"owner" is a text of 1 to ${LONGEST_OWNER} bytes`);
  }
  return owner;
}

function fieldsOf(event: unknown): Readonly<Record<string, unknown>> {
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? event as Record<string, unknown> : {};
}
