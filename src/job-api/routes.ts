import type { JobApiOptions } from './job-api-options';

/** What a route does. */
export type RouteName = 'submit' | 'batch' | 'list' | 'status' | 'cancel' | 'retry' | 'uploads';

/** A route of the API: a method on a path. */
export interface Route {
  readonly name: RouteName;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The option that holds the path. */
  readonly option: 'submitPath' | 'batchPath' | 'listPath' | 'statusPath' | 'cancelPath' | 'retryPath' | 'uploadPath';
  /** Whether the path holds `{job_id}`. */
  readonly ofOneJob: boolean;
}

/** Paths, where none are given. */
export const DEFAULT_PATHS = {
  submit: '/jobs',
  batch: '/jobs/batch',
  list: '/jobs',
  status: '/jobs/{job_id}',
  cancel: '/jobs/{job_id}/cancel',
  retry: '/jobs/{job_id}/retry',
  uploads: '/uploads',
} as const;

/** Every route that an API with these options may have; `uploads` only where there is a bucket. */
export function routesOf(options: JobApiOptions): Route[] {
  return [
    { name: 'submit', method: 'POST', path: options.submitPath ?? DEFAULT_PATHS.submit, option: 'submitPath', ofOneJob: false },
    { name: 'batch', method: 'POST', path: options.batchPath ?? DEFAULT_PATHS.batch, option: 'batchPath', ofOneJob: false },
    { name: 'list', method: 'GET', path: options.listPath ?? DEFAULT_PATHS.list, option: 'listPath', ofOneJob: false },
    { name: 'status', method: 'GET', path: options.statusPath ?? DEFAULT_PATHS.status, option: 'statusPath', ofOneJob: true },
    { name: 'cancel', method: 'POST', path: options.cancelPath ?? DEFAULT_PATHS.cancel, option: 'cancelPath', ofOneJob: true },
    { name: 'retry', method: 'POST', path: options.retryPath ?? DEFAULT_PATHS.retry, option: 'retryPath', ofOneJob: true },
    { name: 'uploads', method: 'POST', path: options.uploadPath ?? DEFAULT_PATHS.uploads, option: 'uploadPath', ofOneJob: false },
  ];
}
