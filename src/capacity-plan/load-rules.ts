import type { Duration } from 'aws-cdk-lib';
import { QUOTAS } from './aws-quotas';
import type { CapacityPlan } from './capacity-plan';
import { INLINE_BYTES } from './job-figures';
import { figure, time } from './plan-text';
import { grouped, seconds, type PropRules } from '../internal/prop-rules';

/** What a plan does not know of the pipeline. */
export interface PlannedPipeline {
  /** How long an attempt may take; nothing where that is known at deployment alone. */
  readonly longest: Duration | undefined;
  /** Whether there is a bucket for what is large. */
  readonly hasBucket: boolean;
  /** How long a job may take in all. */
  readonly deadline: Duration;
}

/** The most that the prop of that name takes. */
const MOST_AT_ONCE = 1_000;

/** Everything of an expected load that a pipeline cannot carry, with what to do about it. */
export function checkPlan(rules: PropRules, plan: CapacityPlan, pipeline: PlannedPipeline): void {
  checkJob(rules, plan, pipeline);
  checkConcurrency(rules, plan, pipeline);
  for (const { name, used, limit, past, remedy } of plan._judged) {
    rules.check(past !== 'refuses' || used <= limit, {
      rule: `expectedLoad must take at most ${figure(limit)} ${name}`,
      value: `${figure(used)} at the peak, of ${figure(plan.jobsPerSecondAtPeak)} jobs a second`,
      fix: remedy,
    });
  }
}

function checkJob(rules: PropRules, { _load: load }: CapacityPlan, { longest, hasBucket }: PlannedPipeline): void {
  const timeout = longest && seconds(longest);
  rules.check(timeout === undefined || load.jobSeconds <= timeout, {
    rule: `expectedLoad.jobDuration must be at most what an attempt may take (${longest?.toHumanString()}), or most attempts are cut off`,
    value: time(load.jobSeconds),
    fix: load.jobSeconds > QUOTAS.functionSeconds ? 'have a state machine run the jobs, by JobProcessor.runStateMachine()' : 'raise the timeout of the function',
  });
  for (const [prop, bytes] of Object.entries({ payloadSize: load.payloadBytes, resultSize: load.resultBytes })) {
    rules.check(hasBucket || bytes <= INLINE_BYTES, {
      rule: `expectedLoad.${prop} must be at most 64 KiB without a bucket`,
      value: `${figure(bytes / 1024)} KiB`,
      fix: 'give bucket',
    });
  }
}

/** Jobs that never begin, or too late: by the deadline they fail, and before it somebody waits. */
function checkConcurrency(rules: PropRules, plan: CapacityPlan, { deadline }: PlannedPipeline): void {
  const { _load: load, _carrier: { concurrencyBy, inExecutions, called }, concurrency, neededConcurrency } = plan;
  const prop = inExecutions ? 'processor: maxConcurrency' : 'maximumConcurrency';
  const most = inExecutions ? MOST_AT_ONCE : Math.min(MOST_AT_ONCE, Math.floor(load.accountConcurrency / (called ? 2 : 1)));
  const wait = Math.min(load.maxWaitSeconds, seconds(deadline) ?? Infinity);
  const longest = plan.longWait.toSeconds({ integral: false });
  if (plan.drainTime !== undefined && longest <= wait) {
    return;
  }
  const late = `of 20 jobs that come at the peak, 19 would begin within ${time(longest)} and not within ${time(wait)} (expectedLoad.maxWait)`;
  const never = `more come all day (${figure(plan._work.baseRate * load.jobSeconds)} at once outside of the peak) than ${figure(concurrency)} at once get done, so that ever more wait`;
  const apart = `spread the jobs over ${grouped(Math.ceil(neededConcurrency / most))} pipelines, make them shorter, or let them wait longer (expectedLoad.maxWait)`;
  const growing = neededConcurrency <= concurrency;
  rules.check(false, {
    rule: growing
      ? `expectedLoad.maxWait must leave Lambda the time to begin: it takes ${QUOTAS.eventSourcePerMinute} more messages a minute at once, so that ${late}`
      : `${prop} must be at least ${figure(neededConcurrency)} for expectedLoad: ${plan.drainTime ? late : never}`,
    value: growing ? time(wait) : `${figure(concurrency)}${concurrencyBy === 'default' ? ', the default' : concurrencyBy === 'account' ? ', what the account allows' : ''}`,
    fix: growing ? `let them wait for ${time(Math.ceil(longest))}`
      : neededConcurrency <= most ? `${concurrencyBy === 'default' ? 'give' : 'raise'} it, make jobs shorter, or let them wait longer (expectedLoad.maxWait)`
        : !inExecutions && load.accountConcurrency < MOST_AT_ONCE && neededConcurrency <= MOST_AT_ONCE
          ? 'have the quota "Concurrent executions" of the account raised, and say expectedLoad.accountConcurrency'
          : `no setting carries this: ${apart}`,
  });
}
