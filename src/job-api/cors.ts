import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { ApiAuthentication, AuthenticationKind } from './api-authentication';
import { AUTHENTICATION } from '../runtime/wire/environment';
import { HEADER } from '../runtime/wire/http';

/**
 * Which pages may call an API from a browser. No cookies are ever sent: callers are known by what the page puts into a header. An API key in
 * a page is everybody's who opens it, and there is a warning then: `cdk-jobworks:api.keysInBrowsers`.
 */
export interface JobApiCors {
  /** The origins of the pages, such as `https://app.example.com` or `http://localhost:3000`, without a path; or `*` alone, for every page. */
  readonly allowOrigins: string[];

  /**
   * How long a browser need not ask again what is allowed, up to a day. Browsers have limits of their own, of two hours or less.
   *
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}

/** What pages send by themselves for a way of authentication. */
const CREDENTIAL_HEADERS: Record<AuthenticationKind, string[]> = {
  [AUTHENTICATION.iam]: ['Authorization', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256'],
  [AUTHENTICATION.apiKey]: ['X-Api-Key'],
  [AUTHENTICATION.cognito]: ['Authorization'],
  [AUTHENTICATION.jwt]: ['Authorization'],
  [AUTHENTICATION.none]: [],
};

/** Lets browsers ask what they may send to the methods of a resource. */
export function addPreflight(
  resource: apigateway.IResource, methods: string[], cors: JobApiCors, authentication: ApiAuthentication,
): void {
  resource.addCorsPreflight({
    allowOrigins: cors.allowOrigins,
    allowMethods: methods,
    allowHeaders: allowedHeaders(authentication),
    maxAge: maxAgeOf(cors),
  });
}

/** What a page may send beside what every page may. */
export function allowedHeaders(authentication: ApiAuthentication): string[] {
  return ['Content-Type', HEADER.idempotencyKey, HEADER.correlationId, ...CREDENTIAL_HEADERS[authentication._kind]];
}

/** How long a browser need not ask again. */
export function maxAgeOf({ maxAge }: JobApiCors): Duration {
  return maxAge ?? Duration.hours(1);
}

/**
 * Headers by which a page may read what API Gateway itself answers. A gateway response knows a fixed text alone, so with several origins every
 * page may read it: it holds an error, and nothing of a job.
 */
export function gatewayHeaders({ allowOrigins }: JobApiCors): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': `'${allowOrigins.length === 1 ? allowOrigins[0] : '*'}'`,
    'Access-Control-Expose-Headers': "'Retry-After'",
  };
}
