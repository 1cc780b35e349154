import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { ApiAuthentication } from './api-authentication';
import { AUTHENTICATION } from '../runtime/wire/environment';

/** A line of the access log: who, what and how it went; never a key, a token, a query or a body. */
export function accessLogFormat(authentication: ApiAuthentication, guarded: boolean): apigateway.AccessLogFormat {
  return apigateway.AccessLogFormat.custom(JSON.stringify({
    request_id: '$context.requestId',
    trace_id: '$context.xrayTraceId',
    time: '$context.requestTimeEpoch',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    status: '$context.status',
    error: '$context.error.responseType',
    latency_ms: '$context.responseLatency',
    integration_ms: '$context.integrationLatency',
    ...caller(authentication),
    ...(guarded && { firewall: '$context.wafResponseCode' }),
    source_ip: '$context.identity.sourceIp',
  }));
}

/**
 * The caller's id, by which nobody can act as the caller. A user of Cognito has none here: it would be the subject of the token, which stands
 * for a person and which API Gateway cannot hash. The functions' logs have its hash, under the same trace.
 */
function caller({ _kind: kind }: ApiAuthentication): Record<string, string> {
  switch (kind) {
    case AUTHENTICATION.iam: return { account: '$context.identity.accountId', caller: '$context.identity.caller' };
    case AUTHENTICATION.apiKey: return { api_key_id: '$context.identity.apiKeyId' };
    default: return {};
  }
}
