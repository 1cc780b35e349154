import type { APIGatewayProxyEvent } from 'aws-lambda';
import { header } from './request';
import type { Environment } from '../../store/settings';
import { ENVIRONMENT } from '../../wire/environment';
import { HEADER } from '../../wire/http';

/** The headers by which a browser lets the page that asked read the answer. */
export type CorsOf = (event: APIGatewayProxyEvent) => Readonly<Record<string, string>>;

/** What a page may read beside the body. */
const EXPOSED = { 'Access-Control-Expose-Headers': [HEADER.correlationId, 'Location', 'Retry-After'].join(',') };

/**
 * The origins that are named in the environment. One of several is echoed, for a browser takes one or `*`; then the answer depends on
 * the origin also where it was none of them, and caches are told so. Credentials are never allowed: callers are known by headers that
 * the page sets itself.
 */
export function corsOf(environment: Environment): CorsOf {
  const origins = (environment[ENVIRONMENT.corsOrigins] ?? '').split(',').map((origin) => origin.trim()).filter((origin) => origin !== '');
  if (origins.length === 0) {
    return () => ({});
  }
  if (origins.includes('*')) {
    return () => ({ 'Access-Control-Allow-Origin': '*', ...EXPOSED });
  }
  return (event) => {
    const origin = header(event, 'Origin');
    return {
      Vary: 'Origin',
      ...(origin !== undefined && origins.includes(origin) && { 'Access-Control-Allow-Origin': origin, ...EXPOSED }),
    };
  };
}
