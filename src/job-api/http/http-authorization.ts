import { Duration } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { HttpJobApiOptions } from './http-api-options';
import { AUTHENTICATION } from '../../runtime/wire/environment';
import { KEY_HEADER } from '../../runtime/wire/keys';
import { authenticationOf } from '../authorization';

/** What every route of an API asks of its callers. */
export type HttpAuthorization = Pick<apigatewayv2.HttpRouteProps, 'authorizer' | 'authorizationScopes'>;

/** @param authorize tells whose a key is; only with API keys */
export function httpAuthorization(options: HttpJobApiOptions, authorize: lambda.IFunction | undefined): HttpAuthorization {
  const { _kind: kind, _jwt: jwt } = authenticationOf(options);
  switch (kind) {
    case AUTHENTICATION.iam:
      return { authorizer: new authorizers.HttpIamAuthorizer() };
    case AUTHENTICATION.jwt:
      return {
        authorizer: new authorizers.HttpJwtAuthorizer('Tokens', jwt!.issuer, { authorizerName: 'tokens', jwtAudience: [...jwt!.audience] }),
        authorizationScopes: jwt!.scopes && [...jwt!.scopes],
      };
    case AUTHENTICATION.apiKey:
      return {
        authorizer: new authorizers.HttpLambdaAuthorizer('Keys', authorize!, {
          authorizerName: 'keys',
          // a request without it is refused before any function is called, and answers are kept by it
          identitySource: [`$request.header.${KEY_HEADER}`],
          responseTypes: [authorizers.HttpLambdaResponseType.SIMPLE],
          resultsCacheTtl: options.keyCaching ?? Duration.minutes(1),
        }),
      };
    default:
      return { authorizer: new apigatewayv2.HttpNoneAuthorizer() };
  }
}
