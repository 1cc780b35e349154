import { Duration } from 'aws-cdk-lib';
import { checkNoArguments } from '../internal/arguments';
import { checkOptions, known, seconds, type Because, type PropRules } from '../internal/prop-rules';
import { DURATION, numberKind, required, type KindsOf } from '../internal/value-kinds';

/** How a failed attempt is repeated with growing pauses. */
export interface ExponentialRetryOptions {
  /**
   * How often something is tried in all, the first time included: 1 to 100.
   *
   * @default 3
   */
  readonly maxAttempts?: number;

  /**
   * The pause after the first failed attempt; it doubles with every further one. 1 second to 11 hours.
   *
   * @default - 10 seconds, or `maxDelay` where that is shorter
   */
  readonly firstDelay?: Duration;

  /**
   * The longest pause, from `firstDelay` to 11 hours: a message can be hidden for 12 hours at most, the attempt included.
   *
   * @default - 15 minutes, or `firstDelay` where that is longer
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
   */
  readonly maxDelay?: Duration;

  /**
   * The share of a pause that is left to chance, from 0 (none) to 1 (all of it), so that what failed together does not come back together.
   *
   * @default 0.5
   */
  readonly jitter?: number;
}

/** What kind of value each option takes. */
export const EXPONENTIAL_KINDS: KindsOf<ExponentialRetryOptions> = {
  maxAttempts: numberKind(3), firstDelay: DURATION, maxDelay: DURATION, jitter: numberKind(0.5),
};

/** What failed so often fails again. */
export const MOST_ATTEMPTS = 100;

/** SQS hides a message for 12 hours at most, counted from when it was received; an attempt takes part of them. */
const LONGEST_DELAY_HOURS = 11;

/**
 * How often something that failed is tried again, and when.
 *
 * @example
 * const patient = RetryPolicy.exponential({ maxAttempts: 5, firstDelay: Duration.seconds(30), maxDelay: Duration.hours(1) });
 * const twice = RetryPolicy.attempts(2);
 * const never = RetryPolicy.none();
 */
export class RetryPolicy {
  /**
   * Tries again with pauses that double, up to a longest one, and are spread by chance.
   *
   * Only what knows its attempts can pause between them: a `JobProcessingPipeline` does. A `QueuedLambdaWorker` takes `attempts()` or `none()`.
   *
   * @param options attempts and pauses
   * @returns a policy with backoff
   */
  public static exponential(options: ExponentialRetryOptions = {}): RetryPolicy {
    checkOptions('RetryPolicy.exponential()', options, EXPONENTIAL_KINDS);
    const firstDelay = options.firstDelay ?? shorter(Duration.seconds(10), options.maxDelay);
    return new RetryPolicy(
      options.maxAttempts ?? 3,
      options.jitter ?? 0.5,
      firstDelay,
      options.maxDelay ?? longer(Duration.minutes(15), firstDelay),
      options,
    );
  }

  /**
   * Tries a number of times, without a pause of its own. In a `JobProcessingPipeline` the next attempt begins at once, which is of no use against
   * what needs a moment to recover: give it `exponential()`. In a `QueuedLambdaWorker` a failed message comes back when its visibility timeout ends.
   *
   * @param maxAttempts how often in all, the first time included: 1 to 100
   * @returns a policy without backoff
   */
  public static attempts(maxAttempts: number): RetryPolicy {
    checkOptions('RetryPolicy.attempts()', { maxAttempts }, { maxAttempts: required(numberKind(3)) });
    return new RetryPolicy(maxAttempts, 0);
  }

  /**
   * Tries once.
   *
   * @returns a policy of a single attempt
   */
  public static none(): RetryPolicy {
    checkNoArguments('RetryPolicy.none()', arguments, 'how often something is tried is said by RetryPolicy.attempts(3) or RetryPolicy.exponential({ maxAttempts: 3 })');
    return RetryPolicy.attempts(1);
  }

  private constructor(
    /** How often something is tried in all, the first time included. */
    public readonly maxAttempts: number,
    /** The share of a pause that is left to chance, from 0 to 1. */
    public readonly jitter: number,
    /** The pause after the first failed attempt; none if not given. */
    public readonly firstDelay?: Duration,
    /** The longest pause; none if not given. */
    public readonly maxDelay?: Duration,
    /** @internal */
    public readonly _exponential?: ExponentialRetryOptions,
  ) {}
}

/** The rules of a policy, said by the construct that is given one. */
export function checkRetryPolicy(rules: PropRules, prop: string, policy: RetryPolicy | undefined): void {
  if (!policy) {
    return;
  }
  const longest = Duration.hours(LONGEST_DELAY_HOURS);
  const because: Because = ['RetryPolicy.attempts() has no pause', 'SQS hides a message for 12 hours at most, and the attempt takes part of them'];
  rules.integer(`${prop}.maxAttempts`, policy.maxAttempts, 1, MOST_ATTEMPTS, ['the first time counts', 'a limit of cdk-jobworks: what failed so often fails again']);
  rules.duration(`${prop}.firstDelay`, policy.firstDelay, Duration.seconds(1), longest, because);
  if (policy.maxDelay !== policy.firstDelay) { // else it only follows
    rules.duration(`${prop}.maxDelay`, policy.maxDelay, Duration.seconds(1), longest, because);
  }
  const first = seconds(policy.firstDelay);
  const last = seconds(policy.maxDelay);
  rules.check(!rules.fine(`${prop}.firstDelay`, `${prop}.maxDelay`) || first === undefined || last === undefined || first <= last, {
    rule: `${prop}.firstDelay must not be longer than ${prop}.maxDelay (${policy.maxDelay?.toHumanString()})`,
    value: policy.firstDelay,
    fix: 'raise maxDelay or lower firstDelay',
  });
  rules.check((known(policy.jitter) ?? 0) >= 0 && (known(policy.jitter) ?? 0) <= 1, {
    rule: `${prop}.jitter must be from 0 to 1`,
    value: policy.jitter,
    fix: 'give the share of the pause that is left to chance, such as 0.5',
  });
}

function shorter(one: Duration, other: Duration | undefined): Duration {
  const [first = Infinity, second = Infinity] = [seconds(one), seconds(other)];
  return other && second >= 1 && second < first ? other : one;
}

function longer(one: Duration, other: Duration): Duration {
  return (seconds(other) ?? 0) > (seconds(one) ?? 0) ? other : one;
}
