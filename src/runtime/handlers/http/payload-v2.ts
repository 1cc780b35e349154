import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';

/** The route that an HTTP API takes where there is no other. */
export const NO_ROUTE = '$default';

/** The method by which a browser asks what it may send. */
export const PREFLIGHT = 'OPTIONS';

interface IamCaller {
  readonly accountId?: string;
  readonly callerId?: string;
  readonly cognitoIdentity?: { readonly identityId?: string } | null;
}

/** What authorizers of an HTTP API tell, each in a field of its own. */
interface Authorizers {
  readonly iam?: IamCaller | null;
  readonly jwt?: { readonly claims?: unknown };
  readonly lambda?: Readonly<Record<string, unknown>> | null;
}

/** An event of either kind of API. */
export type ApiEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

/**
 * The event of an HTTP API (payload format 2.0) as a REST API would have sent it, as far as handlers look: they know one kind.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function asRestEvent(event: ApiEvent): APIGatewayProxyEvent {
  if (!isV2(event)) {
    return event;
  }
  const { requestContext, routeKey, rawPath, headers, body, isBase64Encoded, pathParameters, queryStringParameters } = event;
  const { iam, jwt, lambda } = (requestContext as { readonly authorizer?: Authorizers }).authorizer ?? {};
  const resource = routeKey.slice(routeKey.indexOf(' ') + 1);
  return {
    headers,
    body: body ?? null,
    isBase64Encoded,
    httpMethod: requestContext.http.method,
    path: rawPath,
    resource,
    pathParameters: pathParameters ?? null,
    queryStringParameters: queryStringParameters ?? null,
    requestContext: {
      requestId: requestContext.requestId,
      stage: requestContext.stage,
      path: rawPath,
      resourcePath: resource,
      identity: {
        accountId: iam?.accountId ?? null,
        caller: iam?.callerId ?? null,
        cognitoIdentityId: iam?.cognitoIdentity?.identityId ?? null,
      },
      authorizer: { ...lambda, ...(jwt && { claims: jwt.claims }) },
    },
  } as unknown as APIGatewayProxyEvent;
}

function isV2(event: ApiEvent): event is APIGatewayProxyEventV2 {
  return 'version' in event && event.version === '2.0';
}
