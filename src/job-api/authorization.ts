import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { ApiAuthentication } from './api-authentication';
import type { JobApiOptions } from './job-api-options';
import { AUTHENTICATION } from '../runtime/wire/environment';

/** How callers are known, where nothing is said of it too: nothing is open by accident. */
export function authenticationOf({ authentication }: Pick<JobApiOptions, 'authentication'>): ApiAuthentication {
  return authentication ?? ApiAuthentication.iam();
}

/** What every method of an API asks of its callers. */
export function authorization(scope: Construct, authentication: ApiAuthentication): apigateway.MethodOptions {
  switch (authentication._kind) {
    case AUTHENTICATION.iam:
      return { authorizationType: apigateway.AuthorizationType.IAM };
    case AUTHENTICATION.apiKey:
      return { authorizationType: apigateway.AuthorizationType.NONE, apiKeyRequired: true };
    case AUTHENTICATION.cognito:
      return {
        authorizationType: apigateway.AuthorizationType.COGNITO,
        authorizer: new apigateway.CognitoUserPoolsAuthorizer(scope, 'Users', {
          authorizerName: 'users', // made from the construct's path it could be too long
          cognitoUserPools: authentication._userPools,
        }),
        authorizationScopes: authentication._tokens.scopes,
      };
    default:
      return { authorizationType: apigateway.AuthorizationType.NONE };
  }
}

/** The header by which callers are known; none where there is no such header. */
export function credentialHeader(authentication: ApiAuthentication): string | undefined {
  const headers: Partial<Record<ApiAuthentication['_kind'], string>> = { [AUTHENTICATION.apiKey]: 'x-api-key', [AUTHENTICATION.cognito]: 'Authorization' };
  return headers[authentication._kind];
}
