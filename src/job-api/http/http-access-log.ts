import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { AUTHENTICATION } from '../../runtime/wire/environment';
import type { ApiAuthentication } from '../api-authentication';

/**
 * A line of the access log, with the fields of a REST API's: who, what and how it went; never a key, a token, a query or a body. An HTTP API
 * has no trace, and its route is named with its method.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function httpAccessLogFormat(authentication: ApiAuthentication): apigateway.AccessLogFormat {
  return apigateway.AccessLogFormat.custom(JSON.stringify({
    request_id: '$context.requestId',
    time: '$context.requestTimeEpoch',
    method: '$context.httpMethod',
    route: '$context.routeKey',
    status: '$context.status',
    error: '$context.error.responseType',
    latency_ms: '$context.responseLatency',
    integration_ms: '$context.integrationLatency',
    ...caller(authentication),
    source_ip: '$context.identity.sourceIp',
  }));
}

/** Of a token nothing: its subject stands for a person. The functions' logs have its hash, under the same request. */
function caller({ _kind: kind }: ApiAuthentication): Record<string, string> {
  switch (kind) {
    case AUTHENTICATION.iam: return { account: '$context.identity.accountId', caller: '$context.identity.caller' };
    case AUTHENTICATION.apiKey: return { api_key_id: '$context.authorizer.key_id' };
    default: return {};
  }
}
