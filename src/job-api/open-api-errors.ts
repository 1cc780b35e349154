import type { RouteName } from './routes';

/** An answer that is an error. */
export interface ErrorAnswer {
  readonly status: number;
  readonly name: string;
  readonly description: string;
  readonly retryAfter?: true;
  /** Not of every route. */
  readonly only?: RouteName[];
  /** `Error`, if not given. */
  readonly schema?: string;
}

/** Every error of a REST API, all in the one format. */
const ERRORS: ErrorAnswer[] = [
  { status: 400, name: 'BadRequest', description: 'The request is not what it should be.' },
  { status: 401, name: 'Unauthorized', description: 'The caller is not known.' },
  { status: 403, name: 'Forbidden', description: 'The caller may not do this, or a firewall refused the request.' },
  { status: 404, name: 'NotFound', description: "There is no such job or route, or the job is another caller's." },
  {
    status: 409,
    name: 'Conflict',
    description: 'The state of the job does not allow it, or the key was used for another payload.',
    only: ['submit', 'cancel', 'retry'],
  },
  { status: 413, name: 'PayloadTooLarge', description: 'The body is too large.' },
  { status: 415, name: 'UnsupportedMediaType', description: 'The body is not sent as application/json.', only: ['submit', 'batch', 'uploads'] },
  { status: 429, name: 'TooManyRequests', description: 'Over a limit.', retryAfter: true },
  { status: 500, name: 'InternalError', description: 'Something went wrong on our side.' },
  { status: 502, name: 'NoAnswer', description: 'What answers ended before it did: nobody knows whether the request was done.' },
  { status: 503, name: 'ServiceUnavailable', description: 'Something did not answer.', retryAfter: true },
  { status: 504, name: 'Timeout', description: 'The answer took too long.' },
];

/** Who answers such an error of an HTTP API: API Gateway alone, in AWS's own format, or either. */
const OF_HTTP: Readonly<Record<number, Partial<ErrorAnswer>>> = {
  401: { schema: 'GatewayError', description: 'There is no key or token, or the token is not valid.' },
  403: { schema: 'GatewayError', description: 'The caller may not do this, or its key is not known any more.' },
  413: { schema: 'AnyError' },
  429: { schema: 'AnyError', description: 'Over a limit. Where the limit is one of all callers there is no Retry-After.' },
  500: { schema: 'AnyError', description: 'Something went wrong on our side; or what answers ended before it did, and nobody knows whether the request was done.' },
  503: { schema: 'AnyError', description: 'Something did not answer.' },
};

/** API Gateway has others for what a REST API answers so. */
const REST_ALONE = [502, 504];

/** Every error of an API. */
export function errorsOf(http: boolean): readonly ErrorAnswer[] {
  return http ? ERRORS.filter(({ status }) => !REST_ALONE.includes(status)).map((error) => ({ ...error, ...OF_HTTP[error.status] })) : ERRORS;
}
