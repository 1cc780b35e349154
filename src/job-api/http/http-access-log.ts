import { Aws, Fn, Names } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
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

/**
 * Logs of an HTTP API are delivered by a service that names each group in one policy of the account, which is full after some ten of them; groups
 * whose names begin so are in it as one. The unique part of the stack's id is in the name, so that no other deployment has it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
 */
export function accessLogName(scope: IConstruct): string {
  const name = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-', allowedSpecialCharacters: '-' });
  return `/aws/vendedlogs/apis/${name}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
}
