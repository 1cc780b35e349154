import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { gatewayHeaders, type JobApiCors } from './cors';
import { ERROR_CODE } from '../runtime/wire/http';

interface Answer {
  readonly id: string;
  readonly type: apigateway.ResponseType;
  readonly code: string;
  readonly status?: number;
  /** A fixed text; otherwise what API Gateway says. */
  readonly message?: string;
  readonly headers?: Record<string, string>;
}

/** What API Gateway says of itself. Quoted by it already, so it is put into JSON without quotes. */
const GATEWAY_MESSAGE = '$context.error.messageString';

/** All answers that API Gateway gives without asking a function. */
function answers(): Answer[] {
  const type = apigateway.ResponseType;
  return [
    { id: 'AccessDenied', type: type.ACCESS_DENIED, code: ERROR_CODE.forbidden },
    { id: 'BadRequestBody', type: type.BAD_REQUEST_BODY, code: ERROR_CODE.invalidPayload, message: 'the body is not JSON, or does not match its schema' },
    { id: 'BadRequestParameters', type: type.BAD_REQUEST_PARAMETERS, code: ERROR_CODE.badRequest },
    { id: 'ExpiredToken', type: type.EXPIRED_TOKEN, code: ERROR_CODE.forbidden },
    { id: 'InvalidApiKey', type: type.INVALID_API_KEY, code: ERROR_CODE.forbidden, message: 'a valid API key is needed in the x-api-key header' },
    { id: 'InvalidSignature', type: type.INVALID_SIGNATURE, code: ERROR_CODE.forbidden },
    {
      // API Gateway's answer to a route that does not exist, and to a request without a signature where one is needed.
      id: 'UnknownRoute',
      type: type.MISSING_AUTHENTICATION_TOKEN,
      status: 404,
      code: ERROR_CODE.notFound,
      message: 'no such route, or the request carries no credentials',
    },
    { id: 'QuotaExceeded', type: type.QUOTA_EXCEEDED, status: 429, code: ERROR_CODE.tooManyRequests },
    { id: 'RequestTooLarge', type: type.REQUEST_TOO_LARGE, code: ERROR_CODE.payloadTooLarge },
    { id: 'ResourceNotFound', type: type.RESOURCE_NOT_FOUND, code: ERROR_CODE.notFound },
    {
      id: 'Throttled',
      type: type.THROTTLED,
      code: ERROR_CODE.tooManyRequests,
      message: 'over the rate limit; try again in a second',
      headers: { 'Retry-After': "'1'" },
    },
    { id: 'Unauthorized', type: type.UNAUTHORIZED, code: ERROR_CODE.unauthorized },
    { id: 'UnsupportedMediaType', type: type.UNSUPPORTED_MEDIA_TYPE, code: ERROR_CODE.unsupportedMediaType },
    { id: 'WafFiltered', type: type.WAF_FILTERED, code: ERROR_CODE.forbidden },
    { id: 'IntegrationTimeout', type: type.INTEGRATION_TIMEOUT, code: ERROR_CODE.timeout, message: 'the answer took too long' },
    { id: 'IntegrationFailure', type: type.INTEGRATION_FAILURE, code: ERROR_CODE.unavailable, status: 503, message: 'try again' },
    { id: 'Default4xx', type: type.DEFAULT_4XX, code: ERROR_CODE.badRequest },
    { id: 'Default5xx', type: type.DEFAULT_5XX, code: ERROR_CODE.internal, message: 'something went wrong on our side' },
  ];
}

/** Gives every answer of API Gateway itself the shape of the handlers' errors. */
export function addGatewayResponses(api: apigateway.RestApi, cors: JobApiCors | undefined): void {
  for (const { id, type, code, status, message, headers } of answers()) {
    const responseHeaders = { ...headers, ...(cors && gatewayHeaders(cors)) };
    const text = message === undefined ? GATEWAY_MESSAGE : JSON.stringify(message);
    api.addGatewayResponse(id, {
      type,
      ...(status !== undefined && { statusCode: String(status) }),
      // The id is in the body alone: a header may be mapped from the request or be a fixed text, and the context is documented for neither.
      ...(Object.keys(responseHeaders).length > 0 && { responseHeaders }),
      templates: { 'application/json': `{"error":{"code":"${code}","message":${text},"correlation_id":"$context.requestId"}}` },
    });
  }
}
