import { Duration } from 'aws-cdk-lib';
import { QUOTAS } from './aws-quotas';
import { ASSUMPTIONS, type CapacityAssumptions } from './capacity-assumptions';
import { limitsOf, type CapacityLimit, type JudgedLimit } from './capacity-limits';
import { settleCarrier, type Carrier, type SizedDatabase } from './carrier';
import { checkLoad, LOAD, settleLoad, type ExpectedLoad, type SettledLoad } from './expected-load';
import { figuresOf, type JobFigures } from './job-figures';
import { monthlyCosts, type MonthlyCost } from './monthly-costs';
import { planMarkdown, planText } from './plan-text';
import { queueAtPeak, serversFor, type QueueAtPeak, type QueuedWork } from './queue-model';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { PropRules } from '../internal/prop-rules';
import { required, type ValueKind } from '../internal/value-kinds';
import { priceListText } from '../pricing/prices';

const OF = 'CapacityPlan.of()';

/**
 * What a load needs and costs, reckoned before it comes: how many jobs run at once, how long they wait at the peak, what is reached first, what
 * the month costs. By a model of the queue that was held against a simulation, and by list prices; no word on what the jobs themselves call.
 *
 * A pipeline that is given `expectedLoad` has one, and refuses at synthesis what it cannot carry.
 *
 * @example
 * const plan = CapacityPlan.of({ jobsPerDay: 3_000, jobDuration: Duration.minutes(2) }, { maximumConcurrency: 20 });
 *
 * const text = plan.toString(); // as a table
 */
export class CapacityPlan {
  /**
   * Makes a plan.
   *
   * @param load what is expected to come
   * @param on what shall carry it
   * @returns the plan, also of a load that cannot be carried: it says why
   * @throws an error that lists what is wrong with the numbers
   */
  public static of(load: ExpectedLoad, on: CapacityAssumptions = {}): CapacityPlan {
    const rules = new PropRules({ node: { path: OF } });
    rules.kind('load', load, required(LOAD));
    rules.kind('on', on, ASSUMPTIONS);
    rules.throwIfBroken();
    checkNames(rules, 'load', load, LOAD);
    checkNames(rules, 'on', on, ASSUMPTIONS);
    checkLoad(rules, 'load', load);
    rules.integer('on.maximumConcurrency', on.maximumConcurrency, 2, 1000, "Lambda's limit");
    rules.integer('on.maxExecutions', on.maxExecutions, 1, 1000, 'a limit of cdk-jobworks');
    rules.size('on.memory', on.memory, 128, 10_240, "Lambda's limit");
    const longest = Duration.seconds(QUOTAS.functionSeconds);
    rules.check(on.maxExecutions !== undefined || !rules.fine('load.jobDuration') || load.jobDuration.toMilliseconds() <= longest.toMilliseconds(), {
      rule: 'load.jobDuration must be at most 15 minutes in a function',
      value: load.jobDuration,
      fix: 'have a state machine run the jobs (on.maxExecutions), or split them',
    });
    rules.throwIfBroken();
    return CapacityPlan._of(load, on);
  }

  /**
   * The same of what was judged before.
   *
   * @internal
   */
  public static _of(load: ExpectedLoad, on: CapacityAssumptions, database?: SizedDatabase): CapacityPlan {
    const settled = settleLoad(load, (on.profile ?? EnvironmentProfile.prod()).oldestMessageAge);
    return new CapacityPlan(settled, settleCarrier(on, settled, database));
  }

  /** Jobs that come in a second, on average over the day. */
  public readonly jobsPerSecond: number;
  /** Jobs that come in a second at the peak. */
  public readonly jobsPerSecondAtPeak: number;
  /** Jobs that would run at once at the peak if nothing limited them: as many as come in the time that one takes (Little's law). */
  public readonly offeredConcurrency: number;
  /** The least `maximumConcurrency` (of a state machine: `maxConcurrency`) with which 19 of 20 jobs begin within `maxWait`. */
  public readonly neededConcurrency: number;
  /** How many jobs run at once at most with what was said. */
  public readonly concurrency: number;
  /** How many run at once, on average over the peak. */
  public readonly runningAtPeak: number;
  /** How long a job that comes at the peak waits for its start, on average. */
  public readonly meanWait: Duration;
  /** How long it waits at most in 19 of 20 cases. */
  public readonly longWait: Duration;
  /** Jobs that wait when the peak ends. */
  public readonly backlog: number;
  /** How long it takes after the peak until they have begun; nothing where they never do, since too many come outside of the peak as well. */
  public readonly drainTime?: Duration;
  /** Units that are written to the table in a second of the peak, those of indexes included; none with a database. */
  public readonly tableWriteUnits: number;
  /** Units that are read from it. */
  public readonly tableReadUnits: number;
  /** What there is only so much of, the one that is reached first at the front. */
  public readonly limits: CapacityLimit[];
  /** What is reached first. */
  public readonly firstLimit: CapacityLimit;
  /** Jobs in a day, of this kind and with such a peak, at which it is reached. */
  public readonly firstLimitAtJobsPerDay: number;
  /** The bill by service, the largest first. */
  public readonly costs: MonthlyCost[];
  /** US dollars in a month. */
  public readonly monthlyCost: number;
  /** US dollars for a thousand jobs, without what is billed for none, too. */
  public readonly costPerThousandJobs: number;
  /** What the prices are of: region and month. */
  public readonly prices: string;

  /** @internal */
  public readonly _figures: JobFigures;
  /** @internal */
  public readonly _work: QueuedWork;

  private constructor(
    /** @internal */
    public readonly _load: SettledLoad,
    /** @internal */
    public readonly _carrier: Carrier,
  ) {
    const figures = figuresOf(_load, _carrier);
    this._figures = figures;
    this.jobsPerSecond = _load.jobsPerDay / 86_400;
    this.jobsPerSecondAtPeak = this.jobsPerSecond * _load.peakFactor;
    this.offeredConcurrency = this.jobsPerSecondAtPeak * _load.jobSeconds;
    this.concurrency = _carrier.concurrency;
    this._work = workOf(_load, _carrier, this.jobsPerSecondAtPeak);

    const queue: QueueAtPeak = queueAtPeak(this._work);
    this.runningAtPeak = queue.running;
    this.meanWait = timeOf(queue.meanWait);
    this.longWait = timeOf(queue.longWait);
    this.backlog = queue.backlog;
    const spare = this.concurrency / _load.jobSeconds - this._work.baseRate;
    this.drainTime = spare > 0 ? timeOf(queue.backlog / spare) : undefined;
    this.neededConcurrency = serversFor(this._work, _load.maxWaitSeconds);

    const perSecond = _carrier.database ? 0 : this.jobsPerSecondAtPeak;
    this.tableWriteUnits = perSecond * (figures.recordWrites + figures.indexWrites);
    this.tableReadUnits = _carrier.api ? perSecond * _load.statusReadsPerJob * figures.readsOfStatus : 0;
    this.limits = limitsOf(_load, _carrier, figures, this.jobsPerSecondAtPeak);
    this.firstLimit = this.limits[0]!;
    this.firstLimitAtJobsPerDay = _load.jobsPerDay * this.firstLimit.limit / this.firstLimit.used;
    this.costs = monthlyCosts(_load, _carrier, figures);
    this.monthlyCost = sum(this.costs.map(({ forJobs, fixed }) => forJobs + fixed));
    this.costPerThousandJobs = 1000 * sum(this.costs.map(({ forJobs }) => forJobs)) / (_load.jobsPerDay * 730 / 24);
    this.prices = priceListText();
  }

  /**
   * The plan as a text.
   *
   * @returns some thirty lines, the same for the same load
   */
  public toString(): string {
    return planText(this);
  }

  /**
   * The plan as Markdown, for a document.
   *
   * @returns tables of what is needed, what is reached and what it costs
   */
  public toMarkdown(): string {
    return planMarkdown(this);
  }

  /** @internal */
  public get _judged(): JudgedLimit[] {
    return this.limits as JudgedLimit[];
  }
}

/** Outside of the peak comes what is left of the day's jobs, evenly. Pollers are there for that, with some to spare. */
function workOf(load: SettledLoad, { concurrency, inExecutions }: Carrier, peakRate: number): QueuedWork {
  const { jobsPerDay, jobSeconds, peakSeconds, variation } = load;
  const baseRate = peakSeconds < 86_400 ? Math.max(0, jobsPerDay - peakRate * peakSeconds) / (86_400 - peakSeconds) : peakRate;
  const usual = baseRate * jobSeconds;
  const first = Math.max(QUOTAS.eventSourceFirst, Math.ceil(usual + 2 * Math.sqrt(usual)));
  return {
    baseRate,
    peakRate,
    peakSeconds,
    jobSeconds,
    variation,
    servers: concurrency,
    growth: inExecutions || first >= concurrency ? undefined : { first, perSecond: QUOTAS.eventSourcePerMinute / 60 },
  };
}

function timeOf(seconds: number): Duration {
  return Duration.millis(Math.round(seconds * 1000));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** There is no construct that could carry a warning, and what has no effect would be missed in the plan. */
function checkNames(rules: PropRules, called: string, given: object, { names = [] }: ValueKind): void {
  const unknown = Object.entries(given).filter(([name, value]) => value !== undefined && !names.includes(name)).map(([name]) => name);
  rules.check(unknown.length === 0, { rule: `${called} has no ${unknown.join(', ')}`, fix: `write one of ${names.join(', ')}, or remove it` });
}
