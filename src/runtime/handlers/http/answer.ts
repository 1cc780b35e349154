import type { APIGatewayProxyResult } from 'aws-lambda';
import { ERROR_CODE, HEADER } from '../../wire/http';

type Headers = Readonly<Record<string, string>>;

/** An answer that is an error of the caller's, or one that the caller should know of. */
export class ApiError extends Error {
  readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: (typeof ERROR_CODE)[keyof typeof ERROR_CODE],
    message: string,
    readonly headers: Headers = {},
  ) {
    super(message);
  }
}

/** Something that we depend on does not answer; the next try may find it well again. */
export function unavailable(message: string): ApiError {
  return new ApiError(503, ERROR_CODE.unavailable, `${message}: try again`, { 'Retry-After': '1' });
}

/** What a handler answers. */
export interface Answer {
  readonly status: number;
  /** None where it is undefined. */
  readonly body: unknown;
  readonly headers?: Headers;
}

/** @param always headers of every answer to this caller */
export function toResult({ status, body, headers }: Answer, correlation_id: string, always: Headers = {}): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      [HEADER.correlationId]: correlation_id,
      ...always,
      ...headers,
    },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

/** The one error format, the same as the gateway's own answers have. */
export function errorAnswer({ status, code, message, headers }: ApiError, correlation_id: string): Answer {
  return { status, body: { error: { code, message, correlation_id } }, headers };
}
