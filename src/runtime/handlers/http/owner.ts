import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ApiError } from './answer';
import { ConfigurationError, Environment, text } from '../../store/settings';
import { ENVIRONMENT, AUTHENTICATION } from '../../wire/environment';
import { ERROR_CODE } from '../../wire/http';

/** Tells who asks: the owner of the jobs that are submitted, and of none else. */
export type OwnerOf = (event: APIGatewayProxyEvent) => string;

/** Who calls an API that is open to everybody: all of them are one owner. */
const ANONYMOUS = 'anonymous';

export function ownerOf(environment: Environment): OwnerOf {
  const kind = text(environment, ENVIRONMENT.authentication);
  switch (kind) {
    case AUTHENTICATION.iam: return iamOwner;
    case AUTHENTICATION.apiKey: return apiKeyOwner(customersOf(environment));
    case AUTHENTICATION.cognito:
    case AUTHENTICATION.jwt:
      return tokenOwner;
    case AUTHENTICATION.issuedKey: return issuedKeyOwner;
    case AUTHENTICATION.none: return () => ANONYMOUS;
    default: throw new ConfigurationError(`environment variable ${ENVIRONMENT.authentication} is "${kind}", which is no way of authentication`);
  }
}

/**
 * Account and unique id of the caller's role or user. `caller` is `AROA…:session` for a role, whose session names anybody may choose;
 * `AIDA…` for a user; the account's number for its root, and `{account}:{name}` for whom a user federates. The users of an
 * identity pool share one role, and are known by their identity.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
function iamOwner({ requestContext }: APIGatewayProxyEvent): string {
  const { accountId, caller, cognitoIdentityId } = requestContext.identity;
  if (!accountId || !caller) {
    throw unauthorized();
  }
  if (cognitoIdentityId) {
    return `cognito:${cognitoIdentityId}`;
  }
  const [unique] = caller.split(':');
  return `iam:${accountId}:${unique === accountId ? caller : unique}`;
}

/**
 * The user that the token is about, or the client that got it for itself. The subject is the issuer's own, and another issuer may have the
 * same; both are hashed, for owners stand in log lines, and the subject is an identifier of a person.
 */
function tokenOwner({ requestContext }: APIGatewayProxyEvent): string {
  const claims = requestContext.authorizer?.claims as Readonly<Record<string, unknown>> | undefined;
  const { iss, sub } = claims ?? {};
  if (typeof iss !== 'string' || iss === '' || typeof sub !== 'string' || sub === '') {
    throw unauthorized();
  }
  return `jwt:${createHash('sha256').update(JSON.stringify([iss, sub])).digest('base64url')}`;
}

/** The customer that the key was made for; a key that was made elsewhere is an owner of its own. */
function apiKeyOwner(customers: ReadonlyMap<string, string>): OwnerOf {
  return ({ requestContext }) => {
    const id = requestContext.identity.apiKeyId;
    if (!id) {
      throw unauthorized();
    }
    const customer = customers.get(id);
    return customer === undefined ? `api-key:${id}` : `customer:${customer}`;
  };
}

/** The customer that the authorizer has found by the key. */
function issuedKeyOwner({ requestContext }: APIGatewayProxyEvent): string {
  const customer: unknown = requestContext.authorizer?.customer;
  if (typeof customer !== 'string' || customer === '') {
    throw unauthorized();
  }
  return `customer:${customer}`;
}

function customersOf(environment: Environment): ReadonlyMap<string, string> {
  return new Map(Object.entries(JSON.parse(environment[ENVIRONMENT.customers] ?? '{}') as Record<string, string>));
}

/** For a function that serves a pipeline without an API: then nobody is known, and only direct calls are answered. */
export function ownerOfAny(environment: Environment): OwnerOf {
  return environment[ENVIRONMENT.authentication] ? ownerOf(environment) : () => { throw unauthorized(); };
}

/** The gateway lets nobody through unknown: only a wrong deployment shows this. */
function unauthorized(): ApiError {
  return new ApiError(401, ERROR_CODE.unauthorized, 'the caller is not known');
}
