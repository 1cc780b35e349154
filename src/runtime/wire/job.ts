/*
 * What a job's names and words look like, in the one form that handlers, documents and the command line take: texts for regular expressions.
 */

/** What every job may be. */
export const JOB_STATUSES = ['queued', 'processing', 'succeeded', 'failed', 'cancelled'] as const;

/** `job_` and 26 characters of Crockford's base32. */
export const JOB_ID_PATTERN = '^job_[0-9A-HJKMNP-TV-Z]{26}$';

/** A caller's name for a job: printable characters without spaces. */
export const IDEMPOTENCY_KEY_PATTERN = '^[\\x21-\\x7e]{1,255}$';

/** Type and subtype, with parameters. @see https://www.rfc-editor.org/rfc/rfc9110#name-media-type */
export const MEDIA_TYPE_PATTERN = '^[\\w!#$&^.+-]{1,100}\\/[\\w!#$&^.+-]{1,100}(\\s*;\\s*[\\w!#$&^.+-]+=[\\w!#$&^.+-]+){0,3}$';
