import type { HttpJobApiOptions } from './http-api-options';
import { DURATION, structKind, type ValueKind } from '../../internal/value-kinds';
import { JOB_API_OPTIONS } from '../job-api-kinds';

/** The kind of every option of an HTTP API. */
export const HTTP_API_OPTIONS: ValueKind = structKind<HttpJobApiOptions>("JobApi.http({ submitPath: '/jobs' })", {
  ...JOB_API_OPTIONS,
  keyCaching: DURATION,
}, 'or JobApi.http()');
