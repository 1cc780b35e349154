import { ResponseType, type GatewayResponseOptions, type RestApi } from 'aws-cdk-lib/aws-apigateway';

type Answer = readonly [id: string, type: ResponseType, code: string, message?: string, more?: Pick<GatewayResponseOptions, 'statusCode' | 'responseHeaders'>];

/** What the API answers without asking a function, in the form of the functions' errors. */
export function gatewayResponses(api: RestApi): void {
  const answers: Answer[] = [
    ['AccessDenied', ResponseType.ACCESS_DENIED, 'Forbidden'],
    ['BadRequestBody', ResponseType.BAD_REQUEST_BODY, 'InvalidPayload', 'the body is not JSON, or does not match its schema'],
    ['BadRequestParameters', ResponseType.BAD_REQUEST_PARAMETERS, 'BadRequest'],
    ['ExpiredToken', ResponseType.EXPIRED_TOKEN, 'Forbidden'],
    ['InvalidApiKey', ResponseType.INVALID_API_KEY, 'Forbidden', 'a valid API key is needed in the x-api-key header'],
    ['InvalidSignature', ResponseType.INVALID_SIGNATURE, 'Forbidden'],
    ['UnknownRoute', ResponseType.MISSING_AUTHENTICATION_TOKEN, 'NotFound', 'no such route, or the request carries no credentials', { statusCode: '404' }],
    ['QuotaExceeded', ResponseType.QUOTA_EXCEEDED, 'TooManyRequests', undefined, { statusCode: '429' }],
    ['RequestTooLarge', ResponseType.REQUEST_TOO_LARGE, 'PayloadTooLarge'],
    ['ResourceNotFound', ResponseType.RESOURCE_NOT_FOUND, 'NotFound'],
    ['Throttled', ResponseType.THROTTLED, 'TooManyRequests', 'over the rate limit; try again in a second', { responseHeaders: { 'Retry-After': "'1'" } }],
    ['Unauthorized', ResponseType.UNAUTHORIZED, 'Unauthorized'],
    ['UnsupportedMediaType', ResponseType.UNSUPPORTED_MEDIA_TYPE, 'UnsupportedMediaType'],
    ['WafFiltered', ResponseType.WAF_FILTERED, 'Forbidden'],
    ['IntegrationTimeout', ResponseType.INTEGRATION_TIMEOUT, 'Timeout', 'the answer took too long'],
    ['IntegrationFailure', ResponseType.INTEGRATION_FAILURE, 'ServiceUnavailable', 'try again', { statusCode: '503' }],
    ['Default4xx', ResponseType.DEFAULT_4XX, 'BadRequest'],
    ['Default5xx', ResponseType.DEFAULT_5XX, 'InternalError', 'something went wrong on our side'],
  ];
  for (const [id, type, code, message, more] of answers) {
    const text = message === undefined ? '$context.error.messageString' : `"${message}"`;
    api.addGatewayResponse(id, {
      type, ...more, templates: { 'application/json': `{"error":{"code":"${code}","message":${text},"correlation_id":"$context.requestId"}}` },
    });
  }
}
