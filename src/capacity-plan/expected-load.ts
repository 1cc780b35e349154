import { Duration, Size, Token } from 'aws-cdk-lib';
import type { PropRules } from '../internal/prop-rules';
import { grouped, known, seconds } from '../internal/prop-rules';
import { durationKind, numberKind, required, SIZE, structKind, type KindsOf } from '../internal/value-kinds';

/** What is expected to come. */
export interface ExpectedLoad {
  /** Jobs that are submitted on a busy day, more than 0. */
  readonly jobsPerDay: number;

  /** How long an attempt takes on average, not at most: more than 0. */
  readonly jobDuration: Duration;

  /**
   * How much that time varies: its standard deviation by its mean, 0 to 10. 0 where all take the same, 1 where most are short and some take long.
   *
   * @default 1
   */
  readonly durationVariation?: number;

  /**
   * How many times as many jobs come at the peak as on average over the day, 1 or more; times `peakDuration` no more than 24 hours.
   *
   * @default 3
   */
  readonly peakFactor?: number;

  /**
   * How long the peak lasts, 1 minute to 24 hours. It begins at once and stays as high, which is worse than most days are.
   *
   * @default Duration.hours(1)
   */
  readonly peakDuration?: Duration;

  /**
   * How long jobs that come at the peak may wait for their start: 19 of 20 not longer. 1 second or more.
   *
   * @default - the profile's `oldestMessageAge`: where they wait longer, an alarm rings at every peak
   */
  readonly maxWait?: Duration;

  /**
   * Size of a payload, as JSON.
   *
   * @default Size.kibibytes(1)
   */
  readonly payloadSize?: Size;

  /**
   * Size of a result, as JSON.
   *
   * @default Size.kibibytes(1)
   */
  readonly resultSize?: Size;

  /**
   * How often the status of a job is read through the API, 0 or more.
   *
   * @default 5
   */
  readonly statusReadsPerJob?: number;

  /**
   * Among how many owners (customers, roles, users) the jobs are spread, about evenly; 1 or more.
   *
   * @default - not known: what one owner is allowed is not judged
   */
  readonly owners?: number;

  /**
   * Transitions between states that an execution makes; only with `JobProcessor.runStateMachine()`.
   *
   * @default 10
   */
  readonly stateTransitionsPerJob?: number;

  /**
   * Concurrent executions that Lambda allows the account, in the region. New accounts have fewer than the default until they use them.
   *
   * @default 1000
   * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  readonly accountConcurrency?: number;
}

/** What kind of value each of it takes. */
const LOAD_KINDS: KindsOf<ExpectedLoad> = {
  jobsPerDay: required(numberKind(10_000)),
  jobDuration: required(durationKind('Duration.seconds(30)')),
  durationVariation: numberKind(1),
  peakFactor: numberKind(3),
  peakDuration: durationKind('Duration.hours(1)', 'Duration.hours'),
  maxWait: durationKind('Duration.minutes(20)', 'Duration.minutes'),
  payloadSize: SIZE,
  resultSize: SIZE,
  statusReadsPerJob: numberKind(5),
  owners: numberKind(100),
  stateTransitionsPerJob: numberKind(10),
  accountConcurrency: numberKind(1_000),
};

export const LOAD = structKind<ExpectedLoad>('{ jobsPerDay: 10_000, jobDuration: Duration.seconds(30) }', LOAD_KINDS);

/** The same with all that it leaves open, in plain numbers. */
export interface SettledLoad {
  readonly jobsPerDay: number;
  readonly jobSeconds: number;
  readonly variation: number;
  readonly peakFactor: number;
  readonly peakSeconds: number;
  readonly maxWaitSeconds: number;
  readonly payloadBytes: number;
  readonly resultBytes: number;
  readonly statusReadsPerJob: number;
  readonly owners?: number;
  readonly stateTransitionsPerJob: number;
  readonly accountConcurrency: number;
}

/** @param maxWait where nothing is said of it */
export function settleLoad(load: ExpectedLoad, maxWait: Duration): SettledLoad {
  return {
    jobsPerDay: load.jobsPerDay,
    jobSeconds: seconds(load.jobDuration)!,
    variation: load.durationVariation ?? 1,
    peakFactor: load.peakFactor ?? 3,
    peakSeconds: seconds(load.peakDuration) ?? 3_600,
    maxWaitSeconds: seconds(load.maxWait ?? maxWait)!,
    payloadBytes: (load.payloadSize ?? Size.kibibytes(1)).toBytes(),
    resultBytes: (load.resultSize ?? Size.kibibytes(1)).toBytes(),
    statusReadsPerJob: load.statusReadsPerJob ?? 5,
    owners: load.owners,
    stateTransitionsPerJob: load.stateTransitionsPerJob ?? 10,
    accountConcurrency: load.accountConcurrency ?? 1_000,
  };
}

/**
 * Numbers that are none, or make no load.
 *
 * @param name what the load is to its user
 */
export function checkLoad(rules: PropRules, name: string, load: ExpectedLoad): void {
  for (const [prop, value] of Object.entries(load) as Array<[string, unknown]>) {
    rules.check(!isLater(value), { rule: `${name}.${prop} must be known at synthesis`, fix: 'give it as a plain value' });
  }
  number(rules, `${name}.jobsPerDay`, load.jobsPerDay, Number.MIN_VALUE, 1e12, 'more than 0');
  number(rules, `${name}.durationVariation`, load.durationVariation, 0, 10);
  number(rules, `${name}.peakFactor`, load.peakFactor, 1, 86_400);
  number(rules, `${name}.statusReadsPerJob`, load.statusReadsPerJob, 0, 1e6);
  number(rules, `${name}.owners`, load.owners, 1, 1e12);
  number(rules, `${name}.stateTransitionsPerJob`, load.stateTransitionsPerJob, 1, 25_000);
  rules.integer(`${name}.accountConcurrency`, load.accountConcurrency, 10, 1_000_000);
  const duration = seconds(load.jobDuration);
  rules.check(duration === undefined || duration > 0, { rule: `${name}.jobDuration must be more than 0`, value: load.jobDuration, fix: 'give the mean time of an attempt' });
  rules.duration(`${name}.peakDuration`, load.peakDuration, Duration.minutes(1), Duration.hours(24));
  rules.duration(`${name}.maxWait`, load.maxWait, Duration.seconds(1), Duration.days(4), ['to start within a second is no promise of a queue', 'the queue keeps no message longer']);
  if (rules.fine(`${name}.peakFactor`, `${name}.peakDuration`)) {
    const { peakFactor, peakSeconds } = settleLoad({ ...load, jobDuration: Duration.seconds(1) }, Duration.seconds(1));
    rules.check(peakFactor * peakSeconds <= 86_400, {
      rule: `${name}.peakFactor times peakDuration must be at most 24 hours, or more jobs come at the peak than on the whole day`,
      value: `${peakFactor} × ${(load.peakDuration ?? Duration.hours(1)).toHumanString()}`,
      fix: 'lower one of them',
    });
  }
}

function number(
  rules: PropRules, prop: string, value: number | undefined, least: number, most: number, said = `from ${grouped(least)} to ${grouped(most)}`,
): void {
  const given = known(value);
  rules.check(given === undefined || given >= least && given <= most, { rule: `${prop} must be a number ${said}`, value, fix: `give ${said}` });
}

function isLater(value: unknown): boolean {
  return Token.isUnresolved(value) || (value instanceof Duration || value instanceof Size) && value.isUnresolved();
}
