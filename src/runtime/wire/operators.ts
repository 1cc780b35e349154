/**
 * Parameters by which operators find pipelines, each followed by the name of one. Their values are JSON: `{"operate_function": "…"}`, and
 * `"keys_function"` where there are API keys to be issued.
 */
export const OPERATORS_PARAMETER = '/cdk-jobworks/';

/** Why a job that failed is not retried with the others. */
export const SKIP_REASONS = {
  not_failed: 'no longer failed',
  failed_again: 'failed again meanwhile',
  no_job: 'no job but a message of another kind',
  newer_version: 'of a newer version',
  gone: 'expired',
} as const;

export type SkipReason = keyof typeof SKIP_REASONS;
