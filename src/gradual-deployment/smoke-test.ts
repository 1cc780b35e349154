import type { Duration } from 'aws-cdk-lib';
import { checkOptions } from '../internal/prop-rules';
import { DURATION, mapKind, required, structKind, type GivenOptions, type KindsOf, type ValueKind } from '../internal/value-kinds';

/** The job that tells whether a new version works. */
export interface SmokeTestJobOptions {
  /** What the job is to do, as somebody would submit it. With `expectedResult` 2 KiB at most. */
  readonly payload: Record<string, unknown>;

  /**
   * How long the job may take from its submission to its end, with the time it waits for others: 10 seconds to 14 minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;

  /**
   * What its result must contain: of an object each member that is named here, of a list each place.
   *
   * @default - any result
   */
  readonly expectedResult?: Record<string, unknown>;
}

/** The event that tells whether a new version works. */
export interface SmokeTestCallOptions {
  /** What the new version is called with. With `expectedAnswer` 2 KiB at most. */
  readonly event: Record<string, unknown>;

  /**
   * What its answer must contain: of an object each member that is named here, of a list each place.
   *
   * @default - any answer that is no error
   */
  readonly expectedAnswer?: Record<string, unknown>;
}

const ANYTHING: ValueKind = { what: 'JSON', write: '…', is: () => true };

const JOB_KINDS: KindsOf<SmokeTestJobOptions> = {
  payload: required(mapKind("{ url: '…' }", ANYTHING)),
  timeout: DURATION,
  expectedResult: mapKind('{ pages: 1 }', ANYTHING),
};
const CALL_KINDS: KindsOf<SmokeTestCallOptions> = {
  event: required(mapKind('{ Records: [] }', ANYTHING)),
  expectedAnswer: mapKind('{ batchItemFailures: [] }', ANYTHING),
};

/** A test of a new version in the place where it is deployed. A deployment that does not pass it is rolled back. */
export class SmokeTest {
  /**
   * Submits a job when a new version of a pipeline's worker has all traffic, and waits until it has succeeded. Its owner is `smoke-test`, which
   * no caller of the API is called, so that logs and lists tell it from others; it is counted in metrics as any other.
   *
   * It is a real job: what must not happen for a test (mail, money) is for the payload to say.
   *
   * @param options the job, how long it may take, and what its result must contain
   * @returns the test, for `deployment` of a `JobProcessingPipeline`
   */
  public static job(options: SmokeTestJobOptions): SmokeTest {
    checkOptions('SmokeTest.job()', options, JOB_KINDS);
    return new SmokeTest([': SmokeTest.job()', options, structKind("SmokeTest.job({ payload: { url: '…' } })", JOB_KINDS)], options, undefined);
  }

  /**
   * Calls the new version of a worker once, before it gets any traffic. Without it the new version gets its first message when traffic begins.
   *
   * @param options the event, and what the answer must contain
   * @returns the test, for `deployment` of a `QueuedLambdaWorker`
   */
  public static call(options: SmokeTestCallOptions): SmokeTest {
    checkOptions('SmokeTest.call()', options, CALL_KINDS);
    return new SmokeTest([': SmokeTest.call()', options, structKind('SmokeTest.call({ event: { Records: [] } })', CALL_KINDS)], undefined, options);
  }

  private constructor(
    /** @internal */
    public readonly _given: GivenOptions,
    /** @internal */
    public readonly _job: SmokeTestJobOptions | undefined,
    /** @internal */
    public readonly _call: SmokeTestCallOptions | undefined,
  ) {}
}
