import { REAL, Rules } from './rules';
import { Decision, Step, WriteStep } from '../../../../src/runtime/protocol/decision';
import { AttemptEvent, JobEvent } from '../../../../src/runtime/protocol/event';
import { isTerminal, JobRecord } from '../../../../src/runtime/protocol/record';

/** A rule broken on purpose: the search has to find it. */
export interface Mutant {
  readonly name: string;
  /** The scenario whose troubles show it. */
  readonly scenario: string;
  readonly rules: Rules;
}

type Decide = Rules['decide'];

/** Changes what is decided. */
function deciding(change: (decide: Decide, ...question: Parameters<Decide>) => Decision): Rules {
  return { ...REAL, decide: (...question) => change(REAL.decide, ...question) };
}

function isAttempt(event: JobEvent): event is AttemptEvent {
  return 'run' in event;
}

function leaseOver(record: JobRecord | undefined, now: number): JobRecord | undefined {
  return record && { ...record, ...(record.lease_expires_at !== undefined && { lease_expires_at: now }) };
}

function first(decision: Decision, order: readonly Step['do'][]): Decision {
  const rank = ({ do: what }: Step) => (order.includes(what) ? order.indexOf(what) : order.length);
  return { ...decision, steps: [...decision.steps].sort((a, b) => rank(a) - rank(b)) };
}

function without(decision: Decision, what: Step['do']): Decision {
  return { ...decision, steps: decision.steps.filter((step) => step.do !== what) };
}

const drop = (outcome: Decision['outcome']): Decision => ({ outcome, steps: [{ do: 'acknowledge' }] });

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'put first: the record is put before the message is sent',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => (event.type === 'submit' ? first(decide(record, event, now), ['create']) : decide(record, event, now))),
  },
  {
    name: 'retry acknowledged: the message of a generation to come is dropped',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => (
      event.type === 'deliver' && record && record.generation < event.message.generation ? drop('stale') : decide(record, event, now))),
  },
  {
    name: 'no lease: a delivery claims a job whose attempt is alive',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => decide(event.type === 'deliver' ? leaseOver(record, now) : record, event, now)),
  },
  {
    name: 'fenced by attempt: writes are conditional on the attempt in place of the run',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now, local) => (
      isAttempt(event) && record && record.attempt === local?.attempt
        ? decide(record, { ...event, run: record.run }, now)
        : decide(record, event, now))),
  },
  {
    name: 'no fence: whoever finds the job processing may write',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => decide(record, isAttempt(event) && record ? { ...event, run: record.run } : event, now)),
  },
  {
    name: 'acknowledged first: a deferral deletes its message before it sends the next one',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => {
      const decision = decide(record, event, now);
      return decision.outcome === 'deferred' ? first(decision, ['update', 'acknowledge', 'send']) : decision;
    }),
  },
  {
    name: 'blind dead letters: a job fails though its attempt is alive',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => decide(event.type === 'dead_letter' ? leaseOver(record, now) : record, event, now)),
  },
  {
    name: 'blind sweeper: a job fails though its attempt is alive',
    scenario: 'deadlines',
    rules: deciding((decide, record, event, now) => decide(event.type === 'sweep' ? leaseOver(record, now) : record, event, now)),
  },
  {
    name: 'sleeping sweeper: it never finds anything due',
    scenario: 'losses',
    rules: deciding((decide, record, event, now) => (event.type === 'sweep' ? { outcome: 'not_due', steps: [] } : decide(record, event, now))),
  },
  {
    name: 'resumed without a message: an attempt that is not charged forgets the send',
    scenario: 'waiting',
    rules: deciding((decide, record, event, now) => {
      const decision = decide(record, event, now);
      return decision.outcome === 'resumed' ? without(decision, 'send') : decision;
    }),
  },
  {
    name: 'chained without a message: a long wait forgets the send',
    scenario: 'scheduled',
    rules: deciding((decide, record, event, now) => {
      const decision = decide(record, event, now);
      return decision.outcome === 'early' ? without(decision, 'send') : decision;
    }),
  },
  {
    name: 'cancellation lost: an error forgets that the job is to be cancelled',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => (
      event.type === 'fail' && record?.cancel_requested
        ? withChange(decide({ ...record, cancel_requested: false }, event, now), { cancel_requested: false }, { cancel_requested: true })
        : decide(record, event, now))),
  },
  {
    name: 'cancellation overlooked: a delivery starts a job that is to be cancelled',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => (
      event.type === 'deliver' && record?.cancel_requested
        ? withChange(decide({ ...record, cancel_requested: false }, event, now), {}, { cancel_requested: true })
        : decide(record, event, now))),
  },
  {
    name: 'ended again: a delivery starts a job that has ended',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => (
      event.type === 'deliver' && record && isTerminal(record.status) && record.generation === event.message.generation
        ? withChange(decide({ ...record, status: 'queued' }, event, now), {}, { status: record.status })
        : decide(record, event, now))),
  },
  {
    name: 'never used up: a delivery does not count the attempts',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => {
      const decision = decide(record, event, now);
      return event.type === 'deliver' && decision.outcome === 'exhausted'
        ? decide({ ...record!, max_attempts: record!.max_attempts + 1 }, event, now)
        : decision;
    }),
  },
  {
    name: 'run begins anew: a retry starts to count the runs again',
    scenario: 'attempts',
    rules: deciding((decide, record, event, now) => {
      const decision = decide(record, event, now);
      return event.type === 'retry' ? withChange(decision, { run: 0 }) : decision;
    }),
  },
  {
    name: 'any fresh record: the guess is put over the record of another payload',
    scenario: 'identity',
    rules: {
      ...REAL,
      holds: (step, stored, now) => REAL.holds(step, stored, now)
        || (step.do === 'create' && step.over_fresh && stored?.status === 'queued' && stored.run === 0 && stored.generation === step.record.generation),
    },
  },
  {
    name: 'any record: the guess is put over whatever is there',
    scenario: 'attempts',
    rules: { ...REAL, holds: (step, stored, now) => REAL.holds(step, stored, now) || (step.do === 'create' && step.over_fresh) },
  },
  {
    name: 'ageless messages: one that outlived its record makes a new one',
    scenario: 'identity',
    rules: deciding((decide, record, event, now) => decide(record, event.type === 'deliver' || event.type === 'dead_letter'
      ? { ...event, message: { ...event.message, deadline_at: now } }
      : event, now)),
  },
  {
    name: 'kept for ever: the message of a job that has ended is not deleted',
    scenario: 'scheduled',
    rules: deciding((decide, record, event, now) => {
      const decision = decide(record, event, now);
      return decision.outcome === 'already_ended' || decision.outcome === 'stale' ? without(decision, 'acknowledge') : decision;
    }),
  },
  {
    name: 'expired is present: nothing is put over a record that has expired',
    scenario: 'identity',
    rules: { ...REAL, holds: (step, stored, now) => REAL.holds(step, stored, now) && !(step.do === 'create' && stored?.expires_at !== undefined) },
  },
  ...(['status', 'generation', 'run', 'cancel_requested'] as const).map((field): Mutant => ({
    name: `stamp without ${field}: it may have changed since the decision`,
    scenario: 'attempts',
    rules: {
      ...REAL,
      holds: (step: WriteStep, stored, now) => REAL.holds(
        step.do === 'update' && stored ? { ...step, expect: { ...step.expect, [field]: stored[field] } } : step, stored, now),
    },
  })),
  {
    name: 'no condition: an update is made on any record',
    scenario: 'attempts',
    rules: { ...REAL, holds: (step, stored, now) => (step.do === 'update' ? stored !== undefined : REAL.holds(step, stored, now)) },
  },
];

function withChange(decision: Decision, set: Partial<JobRecord>, expect: Partial<JobRecord> = {}): Decision {
  return {
    ...decision,
    steps: decision.steps.map((step) => (
      step.do === 'update' ? { ...step, set: { ...step.set, ...set }, expect: { ...step.expect, ...pick(expect) } } : step)),
  };
}

function pick({ status, cancel_requested }: Partial<JobRecord>) {
  return { ...(status !== undefined && { status }), ...(cancel_requested !== undefined && { cancel_requested }) };
}

