/** Headers of the job API. */
export const HEADER = {
  correlationId: 'X-Correlation-Id',
  idempotencyKey: 'Idempotency-Key',
} as const;

/** What a correlation id may look like. */
export const CORRELATION_ID_PATTERN = '^[\\w.-]{1,128}$';

/** Codes in the one error format, `{"error": {"code", "message", "correlation_id"}}`. */
export const ERROR_CODE = {
  badRequest: 'BadRequest',
  invalidPayload: 'InvalidPayload',
  unauthorized: 'Unauthorized',
  forbidden: 'Forbidden',
  notFound: 'NotFound',
  conflict: 'Conflict',
  payloadTooLarge: 'PayloadTooLarge',
  unsupportedMediaType: 'UnsupportedMediaType',
  tooManyRequests: 'TooManyRequests',
  internal: 'InternalError',
  unavailable: 'ServiceUnavailable',
  timeout: 'Timeout',
} as const;
