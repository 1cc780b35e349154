import { secondsToWait } from './retry-after';

/*
 * The errors by which a handler ends an attempt. They are recognised by their name and not by their class: a handler gets
 * them from `job`, bundles them from `cdk-jobworks/runtime`, or throws errors of its own that are called so.
 */

/** Written out: a class in a bundle has lost its name. */
export const ERROR_NAME = {
  retryLater: 'RetryLater',
  jobFailed: 'JobFailed',
  jobCancelled: 'JobCancelled',
  timeoutNear: 'TimeoutNear',
  jobSuperseded: 'JobSuperseded',
} as const;

/** Call me later; the attempt is not charged. */
export class RetryLater extends Error {
  readonly name = ERROR_NAME.retryLater;

  readonly seconds: number;

  /** @param after seconds, or the text of a `Retry-After` header; a minute where it is neither */
  constructor(after?: number | string | null, message?: string) {
    const seconds = secondsToWait(after, Date.now());
    super(message ?? `to be called again in ${seconds} s`);
    this.seconds = seconds;
  }
}

/** Another attempt would be of no use. */
export class JobFailed extends Error {
  readonly name = ERROR_NAME.jobFailed;

  /** @param type what callers see as `error.type` */
  constructor(message: string, readonly type = 'JobFailed') {
    super(message);
  }
}

/** The job stopped because it was cancelled. */
export class JobCancelled extends Error {
  readonly name = ERROR_NAME.jobCancelled;

  constructor(message = 'the job is to be cancelled') {
    super(message);
  }
}

/** Why `job.signal` aborts when the time of the function is nearly up. */
export class TimeoutNear extends Error {
  readonly name = ERROR_NAME.timeoutNear;

  constructor(message = 'the timeout of the function is near: the next attempt goes on from the checkpoint') {
    super(message);
  }
}

/** Why `job.signal` aborts when the record is no longer this attempt's: another has claimed it, or the job has ended. */
export class JobSuperseded extends Error {
  readonly name = ERROR_NAME.jobSuperseded;

  constructor(message = 'the job is no longer this attempt\'s: nothing more of it is recorded') {
    super(message);
  }
}
