import { authenticationOf } from './authorization';
import type { JobApiOptions } from './job-api-options';
import { routesOf, type RouteName } from './routes';
import { numberText } from '../internal/number-text';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** The largest file that may be uploaded, where nothing is said: 100 MiB. */
const DEFAULT_UPLOAD_BYTES = 100 * 1024 * 1024;

/** What the functions behind an API need in their environment because of its options, each of them beside `common`. */
export interface ApiEnvironment {
  readonly common: Record<string, string>;
  readonly submit: Record<string, string>;
  readonly status: Record<string, string>;
  readonly change: Record<string, string>;
  readonly uploads: Record<string, string>;
}

/** The options of an API as its functions read them. Customers are not among them: they are known only later. */
export function apiEnvironment(options: JobApiOptions): ApiEnvironment {
  const paths = Object.fromEntries(routesOf(options).map(({ name, path }) => [name, path])) as Record<RouteName, string>;
  const exact = options.submitLimit?._exact;
  const limit = exact && { [ENVIRONMENT.submitsPerMinute]: numberText(exact.perMinute), [ENVIRONMENT.submitBurst]: numberText(exact.burst) };
  const statusPath = { [ENVIRONMENT.statusPath]: paths.status };
  return {
    common: {
      [ENVIRONMENT.authentication]: authenticationOf(options)._kind,
      ...(options.cors && { [ENVIRONMENT.corsOrigins]: options.cors.allowOrigins.join(',') }),
    },
    submit: {
      ...statusPath,
      [ENVIRONMENT.batchPath]: paths.batch,
      ...limit,
    },
    status: statusPath,
    change: { ...statusPath, [ENVIRONMENT.cancelPath]: paths.cancel, [ENVIRONMENT.retryPath]: paths.retry, ...limit },
    uploads: { [ENVIRONMENT.uploadMaxBytes]: numberText(uploadMaxBytes(options)) },
  };
}

/** The largest file that may be uploaded. */
export function uploadMaxBytes({ maxUploadSize }: JobApiOptions): number {
  return maxUploadSize?.toBytes() ?? DEFAULT_UPLOAD_BYTES;
}
