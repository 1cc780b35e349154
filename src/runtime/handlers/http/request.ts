import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CORRELATION_ID_PATTERN, HEADER } from '../../wire/http';

const CORRELATION_ID = new RegExp(CORRELATION_ID_PATTERN);

/** A header, whatever its case. */
export function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const found = Object.entries(event.headers ?? {}).find(([given]) => given.toLowerCase() === wanted);
  return found?.[1];
}

/**
 * The id by which a request is followed through logs, queue and trace: the caller's, if it is one.
 * Anything else is replaced and not refused: an id that helps to find an error must not be one.
 */
export function correlationId(event: APIGatewayProxyEvent): string {
  const given = header(event, HEADER.correlationId);
  return given !== undefined && CORRELATION_ID.test(given) ? given : event.requestContext?.requestId ?? randomUUID();
}
