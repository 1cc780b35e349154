import { Interner } from './interner';
import { brokenRecord, brokenWrite } from './invariants';
import { Rules } from './rules';
import { Outcome, Step, UpdateStep, WriteStep } from '../../../../src/runtime/protocol/decision';
import { JobEvent } from '../../../../src/runtime/protocol/event';
import { JobMessage } from '../../../../src/runtime/protocol/message';
import { isTerminal, JobRecord, MAX_DELAY_MS } from '../../../../src/runtime/protocol/record';

/** How a decision sees the clock. The search chooses it; the rules are shown times that make it so, always at the very boundary. */
export interface Moment {
  /** How many deadlines have passed. */
  readonly phase: number;
  /** Whether the lease of the record has not expired. */
  readonly leased: boolean;
  /** Whether `not_before` has passed, is near, or farther off than the queue can hide a message. */
  readonly wait: Wait;
  /** Whether the record has expired. */
  readonly expired: boolean;
}

export type Wait = 'over' | 'short' | 'long';

/** A step, with what it writes or sends as numbers. */
export interface PlannedStep {
  readonly do: Step['do'];
  readonly number: number;
}

export interface Plan {
  /** Left out where it no longer matters: when nothing is to be written any more. */
  readonly outcome?: Outcome;
  readonly steps: readonly PlannedStep[];
}

export interface Written {
  readonly held: boolean;
  readonly record: number;
  readonly problem?: string;
}

/** No record. */
export const ABSENT = 0;

/** No write. */
const OUTDATED = -1;

/** Stands for any time that is there; which one it is comes from the moment. */
const SOME_TIME = 1;

const EPOCH = 1_000_000_000_000;
const clock = (phase: number) => EPOCH + phase * 1_000_000_000;

/** The deadline that passes when the phase rises above the one given. */
export const deadlineAfter = (phase: number) => clock(phase + 1);

/** The phase in which a record with this deadline that ended by it has expired. */
export const phaseAfter = (deadline_at: number) => (deadline_at - EPOCH) / (clock(1) - clock(0)) + 1;

/**
 * Records, messages, events and steps without what makes no difference to a decision, as numbers; and the rules, asked once
 * for each question. Whatever is left out here (texts, results, errors, times that are only shown) is held by the test vectors.
 */
export class World {
  private readonly records = new Interner<JobRecord | null>();
  private readonly messages = new Interner<JobMessage>();
  private readonly events = new Interner<JobEvent>();
  private readonly writes = new Interner<WriteStep>();
  private readonly plans = new Interner<Plan>();
  private readonly decided = new Map<number, number>();
  private readonly written = new Map<number, Written>();

  /** A plan to write something whose condition can never hold again. */
  public readonly outdated = this.plans.number({ steps: [{ do: 'update', number: OUTDATED }] });

  constructor(private readonly rules: Rules) {
    this.records.number(null);
  }

  public record(number: number): JobRecord | undefined {
    return this.records.value(number) ?? undefined;
  }

  public ended(number: number): boolean {
    const record = this.records.value(number);
    return record !== null && isTerminal(record.status);
  }

  public message(number: number): JobMessage {
    return this.messages.value(number);
  }

  public messageNumber(message: JobMessage): number {
    return this.messages.number(plainMessage(message));
  }

  public event(number: number): JobEvent {
    return this.events.value(number);
  }

  public eventNumber(event: JobEvent): number {
    return this.events.number(event);
  }

  public plan(number: number): Plan {
    return this.plans.value(number);
  }

  public planNumber(plan: Plan): number {
    return this.plans.number(plan);
  }

  /** @returns the number of the plan */
  public decide(record: number, event: number, moment: Moment, local = ABSENT): number {
    const key = (((momentNumber(moment) * 4096 + event) * 4096) + record) * 4096 + local;
    let found = this.decided.get(key);
    if (found === undefined) {
      const now = clock(moment.phase);
      const decision = this.rules.decide(this.shown(record, moment), this.shownEvent(event, moment), now, this.record(local));
      found = this.plans.number({ outcome: decision.outcome, steps: decision.steps.map((step) => this.planned(step)) });
      this.decided.set(key, found);
    }
    return found;
  }

  /** Makes a write, if its condition holds. */
  public write(record: number, write: number, expired: boolean): Written {
    if (write === OUTDATED) {
      return { held: false, record };
    }
    const key = (write * 65536 + record) * 2 + Number(expired);
    let found = this.written.get(key);
    if (found === undefined) {
      found = this.tryWrite(record, this.writes.value(write), expired);
      this.written.set(key, found);
    }
    return found;
  }

  private tryWrite(record: number, write: WriteStep, expired: boolean): Written {
    const stored = this.shown(record, { phase: 0, leased: false, wait: 'over', expired });
    if (!this.rules.holds(write, stored, clock(0))) {
      return { held: false, record };
    }
    const result = this.rules.apply(write, this.record(record));
    const before = expired ? undefined : this.record(record);
    const problem = brokenRecord(result) ?? brokenWrite(before, result);
    return { held: true, record: this.records.number(plainRecord(result)), ...(problem && { problem }) };
  }

  /** The record with times that are as the moment has them. */
  private shown(number: number, { phase, leased, wait, expired }: Moment): JobRecord | undefined {
    const record = this.record(number);
    const now = clock(phase);
    return record && {
      ...record,
      ...(record.lease_expires_at !== undefined && { lease_expires_at: leased ? now + 1 : now }),
      ...(record.not_before !== undefined && { not_before: now + DISTANCE[wait] }),
      ...(record.expires_at !== undefined && { expires_at: expired ? now / 1000 : now / 1000 + 1 }),
    };
  }

  private shownEvent(number: number, { phase, wait }: Moment): JobEvent {
    const event = this.event(number);
    return 'message' in event && event.message.not_before !== undefined
      ? { ...event, message: { ...event.message, not_before: clock(phase) + DISTANCE[wait] } }
      : event;
  }

  private planned(step: Step): PlannedStep {
    switch (step.do) {
      case 'create':
      case 'update': return { do: step.do, number: this.writes.number(plainWrite(step)) };
      case 'send': return { do: 'send', number: this.messageNumber(step.message) };
      default: return { do: step.do, number: 0 };
    }
  }
}

const DISTANCE: Record<Wait, number> = { over: 0, short: 1, long: MAX_DELAY_MS + 1 };

function momentNumber({ phase, leased, wait, expired }: Moment): number {
  return ((phase * 2 + Number(leased)) * 2 + Number(expired)) * 3 + (wait === 'over' ? 0 : wait === 'short' ? 1 : 2);
}

/** Times that a decision looks at, reduced to being there. */
const TIMES = new Set(['not_before', 'lease_expires_at', 'finished_at', 'expires_at']);

/** What no decision looks at. */
const LEFT_OUT = new Set([
  'updated_at', 'started_at', 'created_at', 'last_checkpoint', 'checkpoint', 'stages_completed', 'current_stage', 'progress', 'progress_note',
  'result', 'error', 'correlation_id',
]);

function plainFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields)
    .filter(([name, value]) => value !== undefined && !LEFT_OUT.has(name))
    .map(([name, value]) => [name, TIMES.has(name) ? SOME_TIME : value])
    .sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

function plainRecord(record: JobRecord): JobRecord {
  const { checkpoint_run, ...others } = record;
  const moved = checkpoint_run === record.run ? { checkpoint_run } : {};
  // The fields left out are there for every record and are never looked at; a decision that did would fail on `undefined`.
  return { ...plainFields({ ...others, ...moved }), stages_completed: [] } as unknown as JobRecord;
}

function plainMessage(message: JobMessage): JobMessage {
  return { ...plainFields(message), created_at: EPOCH, correlation_id: 'c' } as unknown as JobMessage;
}

function plainWrite(step: WriteStep): WriteStep {
  if (step.do === 'create') {
    return { ...step, record: plainRecord(step.record) };
  }
  const update: UpdateStep = { ...step, set: plainFields(step.set) as Partial<JobRecord>, remove: step.remove.filter((name) => !LEFT_OUT.has(name)) };
  return update;
}
