import { Outcome, Step } from '../../../../src/runtime/protocol/decision';
import { JobEvent } from '../../../../src/runtime/protocol/event';
import { JobMessage } from '../../../../src/runtime/protocol/message';
import { isTerminal, JobRecord } from '../../../../src/runtime/protocol/record';
import { brokenRecord, brokenWrite } from '../scheduler/invariants';
import { REAL, Rules } from '../scheduler/rules';

/*
 * A job whose attempts are executions of a state machine: the starter, what is told of an end, the sweeper, dead letters and people, each a
 * process that makes one call at a time, in the order of `src/runtime/handlers/state-machine/`. Between any two calls every other process may
 * make its own, and a process may die. What is decided is decided by the real rules.
 */

const NOW = 1_767_225_600_000;
const LATER = NOW + 3_600_000;

type Status = 'running' | 'succeeded' | 'failed' | 'aborted';
type Kind = 'starter' | 'dead_letter' | 'ended' | 'sweeper' | 'overdue' | 'cancel' | 'retry';

interface Process {
  readonly kind: Kind;
  readonly at: 'read' | 'ask' | 'plan' | 'slot' | 'start' | 'release' | 'stop' | 'look';
  readonly message?: Message;
  readonly event?: JobEvent;
  readonly outcome?: Outcome;
  readonly steps?: readonly Step[];
  /** The record as this process knows it. */
  readonly known?: JobRecord;
  /** The execution it is about. */
  readonly name?: string;
  /** It has claimed the job and lives: the record's lease is not over. */
  readonly holds?: boolean;
  /** It was frozen past its lease and does not know. */
  readonly frozen?: boolean;
}

interface Message {
  /** Whoever has it in hand deletes this one, and none that was sent since. */
  readonly id: number;
  readonly generation: number;
  readonly dead: boolean;
}

/** How often something may happen on one path. */
export interface Bounds {
  readonly max_attempts: number;
  readonly crashes: number;
  readonly duplicates: number;
  /** A starter is frozen past its lease, and wakes. */
  readonly zombies: number;
  readonly cancels: number;
  readonly retries: number;
  /** An end that nobody is told of. */
  readonly losses: number;
  /** Another job takes a slot, and gives it back. */
  readonly others: number;
  readonly deadlines: number;
}

export interface State {
  readonly record?: JobRecord;
  readonly messages: readonly Message[];
  readonly processes: readonly Process[];
  readonly executions: Readonly<Record<string, Status>>;
  /** Ends that are still to be told of. */
  readonly told: readonly string[];
  readonly slots: readonly string[];
  /** Executions that a frozen starter has started: the platform kills it before. */
  readonly late: readonly string[];
  readonly overdue: boolean;
  readonly lost: boolean;
  readonly asked: number;
  readonly left: Bounds;
}

/** What the processes do beside the rules, to be broken on purpose. */
export interface Programs {
  readonly rules: Rules;
  /** The slot is taken before the start. */
  readonly slotFirst: boolean;
  /** The sweeper looks at executions. */
  readonly sweeps: boolean;
  /** A slot is released only for an execution that has ended or cannot begin any more. */
  readonly asksBeforeRelease: boolean;
  /** A starter whose attempt is another's by now stops what it has started. */
  readonly stopsStrays: boolean;
}

export const RIGHT: Programs = { rules: REAL, slotFirst: true, sweeps: true, asksBeforeRelease: true, stopsStrays: true };

/** Processes that are under way together, of all kinds: each pair of them is interleaved, and a third begins when one has ended. */
const AT_ONCE = 2;

const OTHER = 'other';
const SLOTS = 1;

export function initial(left: Bounds): State {
  const messages = [{ id: 0, generation: 0, dead: false }];
  return { messages, processes: [], executions: {}, told: [], slots: [], late: [], overdue: false, lost: false, asked: 0, left };
}

export type Emit = (label: string, next: State, problem?: string) => void;

export class Model {
  constructor(private readonly programs: Programs) {}

  successors(state: State, emit: Emit): void {
    state.processes.forEach((process, index) => {
      const without = { ...state, processes: state.processes.filter((_, other) => other !== index) };
      const to = (next: State, change: Partial<Process> | undefined): State => goingOn(next, process, change);
      if (state.left.crashes > 0) emit(`${process.kind} dies`, spend(without, 'crashes'));
      if (process.holds && !process.frozen && state.left.zombies > 0) emit('starter freezes', to(spend(without, 'zombies'), { frozen: true }));
      this.act(process, without, to, emit);
    });
    this.happens(state, emit);
  }

  /** What is wrong with a state. */
  broken(state: State): string | undefined {
    const { record, executions, slots, late } = state;
    const running = Object.keys(executions).filter((name) => executions[name] === 'running' && !late.includes(name));
    if (slots.length > SLOTS) return 'more slots are taken than there are';
    if (running.length > 1) return 'two executions of one job are under way';
    if (running.some((name) => !slots.includes(name))) return 'an execution is under way without a slot';
    const stray = running.find((name) => !record || isTerminal(record.status) || name !== nameOf(record));
    if (stray !== undefined && !state.processes.some(({ name, at }) => at === 'stop' && name === stray)) return 'the job went on without its execution';
    if (!isAtRest(state)) return undefined;
    if (!isTerminal(record!.status) && !state.lost && !state.overdue) return 'the job is stuck: nothing is under way that would move it';
    return record!.generation < state.asked ? 'a retry was lost' : undefined;
  }

  /** Where everything has come to its end. */
  isGoal(state: State): boolean {
    return isAtRest(state) && isTerminal(state.record!.status) && state.slots.every((name) => name === OTHER);
  }

  // What a process does.

  private act(process: Process, state: State, to: (next: State, change?: Partial<Process>) => State, emit: Emit): void {
    const { kind, at, name } = process;
    const label = `${kind}.${at}`;
    switch (at) {
      case 'read': throw new Error('a process reads as it begins');
      case 'ask': return this.ask(process, state, to, emit);
      case 'look': return this.look(process, state, to, emit);
      case 'plan': return this.step(process, state, to, emit);
      case 'slot': {
        const free = state.slots.includes(name!) || state.slots.length < SLOTS;
        if (free) return emit(label, to({ ...state, slots: [...new Set([...state.slots, name!])] }, { at: this.programs.slotFirst ? 'start' : 'plan' }));
        return emit(`${label} full`, to(state, this.planned(process, state, { type: 'defer', run: process.known!.run, delay_ms: 1 }, process.known)));
      }
      case 'start': {
        const found = state.executions[name!];
        if (found !== undefined && found !== 'running') return emit(`${label} exists`, to(state, { at: 'ask' }));
        const started = found ? state : { ...state, executions: { ...state.executions, [name!]: 'running' as const }, late: process.frozen ? [...state.late, name!] : state.late };
        const next = this.planned(process, started, startedEvent(process.known!), process.known);
        return emit(label, to(started, this.programs.slotFirst ? next : { ...next, at: 'slot' }));
      }
      case 'release': {
        const next = { ...state, slots: state.slots.filter((slot) => slot !== name) };
        return emit(label, kind === 'ended' ? { ...next, told: next.told.filter((one) => one !== name) } : next);
      }
      case 'stop': return emit(label, state.executions[name!] === 'running' ? ended(state, name!, 'aborted') : state);
    }
  }

  private read(process: Process, state: State, to: (next: State, change?: Partial<Process>) => State, emit: Emit): void {
    const { kind, name, message } = process;
    const { record } = state;
    if (kind === 'ended') {
      const execution = state.executions[name!];
      const change = record && nameOf(record) === name ? this.planned(process, state, endEvent(record, execution), record) : { at: 'release' as const };
      return emit('ended.read', to(state, change));
    }
    if (kind === 'sweeper') {
      return emit('sweeper.read', to(state, { at: 'look', known: record }));
    }
    const event: JobEvent = kind === 'starter' ? { type: 'deliver', message: messageOf(message!, state), remaining_ms: 1, judged_run: 0 }
      : kind === 'dead_letter' ? { type: 'dead_letter', message: messageOf(message!, state), judged_run: 0 }
        : kind === 'overdue' ? { type: 'sweep', judged_run: 0 }
          : kind === 'cancel' ? { type: 'cancel' }
            : { type: 'retry', generation: record!.generation, deadline_at: LATER };
    // a starter may guess that there is no record
    if (kind === 'starter' && message!.generation === 0 && record) {
      emit('starter.guess', to(state, this.planned(process, state, event, undefined)));
    }
    return emit(`${kind}.read`, to(state, this.planned(process, state, event, record)));
  }

  /** What Step Functions says of the attempt that holds the job. */
  private ask(process: Process, state: State, to: (next: State, change?: Partial<Process>) => State, emit: Emit): void {
    const { kind, event, known, name } = process;
    const execution = state.executions[name!];
    const label = `${kind}.ask ${execution ?? 'none'}`;
    if (execution === undefined) {
      return emit(label, to(state, this.planned(process, state, { ...event, judged_run: known!.run } as JobEvent, known)));
    }
    if (execution === 'running') {
      return emit(label, kind === 'overdue' ? state : to(state, this.planned(process, state, startedEvent(known!), known)));
    }
    return emit(label, to(state, this.planned(process, state, endEvent(known!, execution), known)));
  }

  private look(process: Process, state: State, to: (next: State, change?: Partial<Process>) => State, emit: Emit): void {
    const { known, name } = process;
    const execution = state.executions[name!];
    const mine = known?.status === 'processing' && nameOf(known) === name;
    const label = `sweeper.look ${execution ?? 'none'}`;
    if (!this.programs.asksBeforeRelease) {
      return emit(label, to(state, { at: 'release' }));
    }
    if (execution === undefined) {
      return emit(label, mine && this.isLive(state, name!) ? state : to(state, { at: 'release' }));
    }
    if (execution === 'running') {
      return emit(label, mine && !known.cancel_requested ? state : to(state, { at: 'stop' }));
    }
    return emit(label, to(state, mine ? this.planned(process, state, endEvent(known, execution), known) : { at: 'release' }));
  }

  private step(process: Process, state: State, to: (next: State, change?: Partial<Process>) => State, emit: Emit): void {
    const { kind, event, steps = [], outcome, message } = process;
    const [step, ...rest] = steps;
    const label = `${kind}.${step?.do ?? 'done'}:${outcome}`;
    if (!step) {
      return emit(label, to(state, this.following(process, state)));
    }
    switch (step.do) {
      case 'create':
      case 'update': {
        const stored = this.hydrated(state.record, state);
        if (!this.programs.rules.holds(step, stored, NOW)) {
          return emit(`${label} refused`, to(state, this.planned(process, state, event!, state.record)));
        }
        const record = plain(this.programs.rules.apply(step, stored));
        const problem = brokenRecord(record) ?? brokenWrite(state.record, record);
        return emit(label, to({ ...state, record }, rest[0]?.do === 'run'
          ? { at: this.programs.slotFirst ? 'slot' : 'start', name: nameOf(record), holds: true, steps: undefined, known: record }
          : { steps: rest, known: record, holds: undefined, frozen: undefined }), problem);
      }
      case 'send': return emit(label, to(sent(state, step.message.generation, message), { steps: rest }));
      case 'acknowledge': return emit(label, to(message ? acknowledged(state, message) : state, { steps: rest }));
      case 'hide': return emit(label, to(state, { steps: rest }));
      case 'run': throw new Error('an attempt runs as soon as it is claimed');
    }
  }

  /** What comes after the steps of a decision. */
  private following({ event, outcome, known, kind }: Process, _state: State): Partial<Process> | undefined {
    switch (event!.type) {
      case 'succeed': return { at: 'release' };
      case 'fail': return { at: 'release' };
      case 'started':
        if (outcome === 'fenced') return this.programs.stopsStrays && kind === 'starter' ? { at: 'stop' } : undefined;
        return outcome === 'started' && known!.cancel_requested && kind === 'starter' ? { at: 'stop' } : undefined;
      case 'cancel': return outcome === 'cancel_requested' ? { at: 'stop', name: nameOf(known!) } : undefined;
      default: return undefined;
    }
  }

  private planned(process: Process, state: State, event: JobEvent, known: JobRecord | undefined): Partial<Process> {
    const { outcome, steps } = this.programs.rules.decide(this.hydrated(known, state), event, NOW);
    if (outcome === 'unsettled') {
      return { at: 'ask', event, known, name: nameOf(known!) };
    }
    return { at: 'plan', event, outcome, steps, known, name: 'run' in event ? process.name ?? (known && nameOf(known)) : process.name };
  }

  // What the world does.

  private happens(state: State, emit: Emit): void {
    const { record, left, processes } = state;
    const begin = (kind: Kind, more: Partial<Process> = {}, from = state): void => (processes.length >= AT_ONCE ? undefined : this.read({ kind, at: 'read', ...more }, from, (next, change) => goingOn(next, { kind, at: 'read', ...more }, change), emit));
    const busy = processes.filter(({ message }) => message).length;
    for (const message of state.messages) {
      const inHand = processes.some((process) => process.message?.id === message.id && !process.frozen);
      const another = inHand || processes.some((process) => process.message && !process.frozen);
      // without a slot a job that waits is not even claimed
      const putOff = !message.dead && state.slots.length >= SLOTS && (!record || (record.status === 'queued' && !state.overdue));
      if (!putOff && busy < 2 && (!another || left.duplicates > 0)) {
        begin(message.dead ? 'dead_letter' : 'starter', { message }, another ? spend(state, 'duplicates') : state);
      }
      if (left.crashes > 0 && !message.dead && !inHand) {
        emit('queue gives up', sentDead(spend(acknowledged(state, message), 'crashes'), message));
      }
    }
    for (const name of Object.keys(state.executions).filter((one) => state.executions[one] === 'running')) {
      emit('execution succeeds', ended(state, name, 'succeeded'));
      emit('execution fails', ended(state, name, 'failed'));
    }
    for (const name of state.told) {
      if (!processes.some((process) => process.kind === 'ended' && process.name === name)) {
        begin('ended', { name });
        if (left.losses > 0) emit('end lost', { ...spend(state, 'losses'), told: state.told.filter((one) => one !== name), lost: true });
      }
    }
    if (this.programs.sweeps && !processes.some(({ kind }) => kind === 'sweeper')) {
      state.slots.filter((name) => name !== OTHER).forEach((name) => begin('sweeper', { name }));
    }
    if (state.overdue && record && !isTerminal(record.status) && !processes.some(({ kind }) => kind === 'overdue')) {
      begin('overdue');
    }
    if (left.deadlines > 0) emit('deadline passes', { ...spend(state, 'deadlines'), overdue: true });
    if (record && left.cancels > 0) begin('cancel', {}, spend(state, 'cancels'));
    if (record && left.retries > 0 && isTerminal(record.status)) begin('retry', {}, spend(state, 'retries'));
    if (state.slots.includes(OTHER)) emit('other ends', { ...state, slots: state.slots.filter((name) => name !== OTHER) });
    else if (left.others > 0 && state.slots.length < SLOTS) emit('other starts', { ...spend(state, 'others'), slots: [...state.slots, OTHER] });
  }

  /** The lease is over when nobody lives who could have it: nothing else keeps a process from going on. */
  private isLive({ processes }: State, name: string): boolean {
    return processes.some((process) => process.holds && !process.frozen && process.name === name);
  }

  private hydrated(record: JobRecord | undefined, state: State): JobRecord | undefined {
    return record && {
      ...record,
      deadline_at: state.overdue ? NOW : LATER,
      ...(record.lease_expires_at !== undefined && { lease_expires_at: this.isLive(state, nameOf(record)) ? NOW + 1 : NOW }),
    };
  }
}

/** A process goes on, past the steps nobody relies on; what it knows is kept as long as it makes a difference. */
function goingOn(state: State, process: Process, change: Partial<Process> | undefined): State {
  if (!change) {
    return state;
  }
  const { steps, ...next } = { ...process, ...change };
  const left = steps?.filter((step) => step.do !== 'hide' && (step.do !== 'acknowledge' || process.message));
  if (next.at === 'plan' && left?.length === 0 && !GOES_ON.has(next.event!.type)) {
    return state;
  }
  const { known, event, outcome, ...rest } = next;
  const kept: Process = next.at === 'release' || next.at === 'stop' ? rest
    : {
      ...rest,
      ...(left && next.at === 'plan' && { steps: left }),
      known,
      event: next.at === 'plan' || next.at === 'ask' ? event : undefined,
      ...(next.at === 'plan' && { outcome }),
    };
  return { ...state, processes: [...state.processes, kept] };
}

/** After these a process has something else to do. */
const GOES_ON = new Set(['succeed', 'fail', 'started', 'cancel']);

function isAtRest({ processes, messages, executions, told, record }: State): boolean {
  return record !== undefined && processes.length === 0 && messages.length === 0 && told.length === 0 && !Object.values(executions).includes('running');
}

function nameOf({ generation, run }: JobRecord): string {
  return `${generation}-${run}`;
}

function startedEvent({ generation, run }: JobRecord): JobEvent {
  return { type: 'started', generation, run, lease_ms: 1 };
}

function endEvent({ run, attempt }: JobRecord, status: Status): JobEvent {
  return status === 'succeeded'
    ? { type: 'succeed', run }
    : { type: 'fail', run, error: { type: 'E', message: '', attempt }, retry: status === 'failed', delay_ms: 0, detached: true };
}

function messageOf({ generation }: Message, { overdue, left: { max_attempts } }: State): JobMessage {
  return {
    version: 1,
    job_id: 'job',
    owner: 'acme',
    generation,
    payload: '1',
    payload_hash: 'h',
    max_attempts,
    created_at: NOW,
    deadline_at: overdue ? NOW : LATER,
    retention_seconds: 86_400,
    correlation_id: 'c',
  };
}

const TIMES = ['lease_expires_at', 'not_before', 'finished_at', 'updated_at'];

/** Times as such make no difference: what is compared with them is set when it is decided. */
function plain(record: JobRecord): JobRecord {
  const { error: _, started_at: __, progress: ___, ...kept } = record;
  const times = Object.fromEntries(TIMES.filter((name) => name in kept).map((name) => [name, NOW]));
  return { ...kept, ...times, deadline_at: LATER, ...(kept.expires_at !== undefined && { expires_at: LATER }) };
}

function ended(state: State, name: string, status: Status): State {
  return { ...state, executions: { ...state.executions, [name]: status }, told: [...state.told, name] };
}

/** @param inHand by who sends */
function sent(state: State, generation: number, inHand?: Message): State {
  const message = { id: freeId(state, inHand), generation, dead: false };
  return { ...state, messages: [...state.messages, message], asked: Math.max(state.asked, generation) };
}

function sentDead(state: State, { generation }: Message): State {
  return { ...state, messages: [...state.messages, { id: freeId(state, undefined), generation, dead: true }] };
}

function freeId({ messages, processes }: State, inHand: Message | undefined): number {
  const used = new Set([...messages, inHand, ...processes.map(({ message }) => message)].map((message) => message?.id));
  return [0, 1, 2, 3, 4, 5, 6, 7].find((id) => !used.has(id))!;
}

function acknowledged(state: State, { id }: Message): State {
  return { ...state, messages: state.messages.filter((message) => message.id !== id) };
}

function spend(state: State, what: keyof Bounds): State {
  return { ...state, left: { ...state.left, [what]: state.left[what] - 1 } };
}
