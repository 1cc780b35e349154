/**
 * The event by which a version is asked whether it works, before it gets any traffic: `{"cdk_jobworks_check": true}`. What runs jobs answers it
 * itself, when it has loaded the user's handler and asked the store; it is the one event beside the queue's that does not reach that handler.
 */
export const CHECK_EVENT = 'cdk_jobworks_check';

/** Its answer, under the same name. */
export const CHECK_PASSED = 'passed';

/** There is no such job: whoever looks for it learns whether the store answers. */
export const CHECKED_JOB = `job_${'0'.repeat(26)}`;

/** Owner of the jobs that deployments submit to see whether they run. No caller of an API is called so. */
export const SMOKE_TEST_OWNER = 'smoke-test';

/** What a version is called with before it gets traffic, and what it must do. */
export interface VersionCheck {
  /** What the version is of, such as `worker`. */
  readonly name: string;
  /** ARN of the version. */
  readonly function: string;
  readonly event: unknown;
  /** Type of the error by which it must refuse the event. @default - it must answer */
  readonly refusal?: string;
  /** What the answer must contain. @default - anything */
  readonly answer?: unknown;
}

/** The job that is submitted when a version has all traffic. */
export interface SmokeJob {
  readonly payload: unknown;
  /** What the result must contain. @default - anything */
  readonly result?: unknown;
  readonly timeout_seconds: number;
}
