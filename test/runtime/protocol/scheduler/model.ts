import { Bounds } from './bounds';
import { Interner, remembered } from './interner';
import { brokenRebirth, brokenSituation } from './invariants';
import { Kind, NO_PROCESS, Processes } from './processes';
import { Rules } from './rules';
import { FIRST_NUMBER, isAtRest, Ledger, Queued, State, TROUBLES, Trouble } from './state';
import { ABSENT, deadlineAfter, Moment, phaseAfter, PlannedStep, Wait, World } from './world';
import { JobMessage } from '../../../../src/runtime/protocol/message';
import { isTerminal } from '../../../../src/runtime/protocol/record';

/** Told of every step that can be taken from a state: what it is called, where it leads, and what is wrong with it. */
export type Emit = (label: string, next: State, problem?: string) => void;

/** Where a process stands: the message it has in hand (or none), and its place there. */
interface Place {
  readonly held: number;
  readonly at: number;
}

const LOOSE = -1;

/**
 * The job and everything that can happen to it next. A process takes one call at a time; between any two calls every other
 * process may take its own, and a process may die. The queue may deliver any message at any time: hiding one is never relied on.
 */
export class Model {
  public readonly world: World;
  private readonly processes: Processes;
  private readonly queue = new Interner<Queued>(FIRST_NUMBER);
  private readonly ledgers = new Interner<Ledger>();
  private readonly sweep: number;
  private readonly submission = remembered((payload, phase) => (
    this.world.eventNumber({ type: 'submit', message: message(PAYLOADS[payload], phase, this.bounds) })));

  private readonly spent = remembered((ledger, index) => {
    const value = this.ledgers.value(ledger);
    return this.ledgers.number({ ...value, [TROUBLES[index]]: value[TROUBLES[index]] - 1 });
  });
  private readonly reports = remembered((process, ledger) => this.processes.reports(process, this.ledgers.value(ledger)));
  private readonly delivered = remembered((queued) => this.queue.number({ ...this.queue.value(queued), seen: true }));
  private readonly deliveryEvent = remembered((queued) => {
    const item = this.queue.value(queued);
    const content = this.world.message(item.message);
    return this.world.eventNumber(item.queue === 'main'
      ? { type: 'deliver', message: content, remaining_ms: 60_000 }
      : { type: 'dead_letter', message: content });
  });
  private readonly started = remembered((event, plan) => {
    const kind = KINDS[this.world.event(event).type];
    return this.processes.following({ kind, event }, plan);
  });
  private readonly label = remembered((event, plan) => `${KINDS[this.world.event(event).type]}.read:${this.world.plan(plan).outcome}`);
  private readonly refused = remembered((process, plan) => `${this.processes.label(process)} refused:${this.world.plan(plan).outcome}`);
  private readonly unanswered = remembered((process, plan) => `${this.processes.label(process)} unanswered:${this.world.plan(plan).outcome}`);
  private readonly twice = remembered((process) => `${this.processes.label(process)} twice`);
  private readonly outdated = remembered((process, record) => {
    const [step] = this.processes.steps(process);
    const lost = (step?.do === 'create' || step?.do === 'update') && !this.world.write(record, step.number, false).held;
    return lost ? this.processes.outdated(process) : process;
  });
  private readonly anew = remembered((process, plan) => this.processes.following(this.processes.value(process), plan));

  constructor(private readonly bounds: Bounds, rules: Rules) {
    this.world = new World(rules);
    this.processes = new Processes(this.world);
    this.sweep = this.world.eventNumber({ type: 'sweep' });
  }

  public initial(): State {
    const { max_attempts: _, scheduled: __, ...troubles } = this.bounds;
    const ledger: Ledger = { ...troubles, phase: 0, expired: false, sent: false, asked: 0 };
    const event = this.submission(0);
    const plan = this.world.decide(ABSENT, event, moment({ phase: 0 }));
    return { record: ABSENT, ledger: this.ledgers.number(ledger), held: [], loose: [this.started(event, plan)] };
  }

  /** What is wrong with a state. */
  public broken(state: State): string | undefined {
    const ledger = this.ledgers.value(state.ledger);
    const record = this.world.record(state.record);
    const idle = isAtRest(state);
    const { sent, asked, expired } = ledger;
    const problem = brokenSituation({ record, live: this.live(state), idle, sent, asked, expired });
    return problem && this.sweeperHelps(state, ledger, idle) ? undefined : problem;
  }

  public successors(state: State, emit: Emit): void {
    for (let at = 0; at < state.loose.length; at++) {
      this.act(state, { held: LOOSE, at }, emit);
    }
    for (let held = 0; held < state.held.length; held++) {
      for (let at = 0; at < state.held[held].processes.length; at++) {
        this.act(state, { held, at }, emit);
      }
      this.deliver(state, held, emit);
      this.queueTroubles(state, held, emit);
    }
    this.requests(state, emit);
    this.timePasses(state, emit);
  }

  /** Where the queue lost a message, the sweeper alone has to end the job; nowhere else is it counted on. */
  private sweeperHelps(state: State, ledger: Ledger, idle: boolean): boolean {
    if (!idle || this.bounds.losses === ledger.losses || state.record === ABSENT) {
      return false;
    }
    return this.world.plan(this.decide(state, this.sweep, { phase: this.bounds.deadlines + 1 })).steps.length > 0;
  }

  // What people ask for, and the sweeper.

  private requests(state: State, emit: Emit): void {
    const ledger = this.ledgers.value(state.ledger);
    if (ledger.submits > 0) {
      PAYLOADS.forEach((_, payload) => this.request(state, this.submission(payload, ledger.phase), 'submits', emit));
    }
    const record = ledger.expired ? undefined : this.world.record(state.record);
    if (record && ledger.cancels > 0) {
      this.request(state, this.world.eventNumber({ type: 'cancel' }), 'cancels', emit);
    }
    if (record && ledger.retries > 0 && isTerminal(record.status)) {
      const retry = { type: 'retry', generation: record.generation, deadline_at: deadlineAfter(ledger.phase) } as const;
      this.request(state, this.world.eventNumber(retry), 'retries', emit);
    }
    if (record && ledger.sweeps > 0) {
      this.request(state, this.sweep, 'sweeps', emit);
    }
  }

  /** A process reads the record and decides. If nothing follows from it, nothing happened. */
  private request(state: State, event: number, trouble: Trouble, emit: Emit): void {
    const plan = this.decide(state, event);
    const process = this.started(event, plan);
    emit(this.label(event, plan), process === NO_PROCESS
      ? state
      : { ...state, ledger: this.spend(state.ledger, trouble), loose: [...state.loose, process] }, this.impossible(state, plan));
  }

  // What the world does.

  private timePasses(state: State, emit: Emit): void {
    const ledger = this.ledgers.value(state.ledger);
    if (ledger.deadlines > 0) {
      const later = { ...ledger, deadlines: ledger.deadlines - 1, phase: ledger.phase + 1 };
      emit('deadline passes', { ...state, ledger: this.ledgers.number(later) });
    }
    if (ledger.lives > 0 && !ledger.expired && this.world.ended(state.record) && this.mayExpire(state)) {
      const { deadline_at } = this.world.record(state.record)!;
      const phase = Math.max(ledger.phase, phaseAfter(deadline_at));
      const free = { ...ledger, lives: ledger.lives - 1, phase, expired: true, sent: false, asked: 0 };
      emit('record expires', { ...state, ledger: this.ledgers.number(free) });
    }
  }

  /** A record outlives every process, and messages in the queue but for one that nobody ever saw of a generation to come. */
  private mayExpire({ record, held, loose }: State): boolean {
    const { generation } = this.world.record(record)!;
    return loose.length === 0 && held.every(({ queued, processes }) => (
      processes.length === 0 && this.world.message(this.queue.value(queued).message).generation <= generation));
  }

  private queueTroubles(state: State, held: number, emit: Emit): void {
    const ledger = this.ledgers.value(state.ledger);
    const { queued, processes } = state.held[held];
    const item = this.queue.value(queued);
    if (ledger.crashes > 0 && item.queue === 'main') {
      // As after many deliveries that no worker lived to take. The processes that have it in hand can no longer delete it.
      const dead = { queued: this.queue.number({ ...item, queue: 'dead_letters' }), processes: [] };
      const without = this.without(state, held);
      emit('queue gives up', { ...without, ledger: this.spend(state.ledger, 'crashes'), held: [...without.held, dead] });
    }
    if (ledger.losses > 0 && processes.length === 0 && state.record !== ABSENT) {
      emit('queue loses a message', { ...this.without(state, held), ledger: this.spend(state.ledger, 'losses') });
    }
  }

  /**
   * At most two processes have messages at work at once. A message in hand is delivered again only as a duplicate,
   * or when its holder is past its lease.
   */
  private deliver(state: State, held: number, emit: Emit): void {
    if (this.working(state) >= 2) {
      return;
    }
    const { queued, processes } = state.held[held];
    const duplicate = processes.some((process) => !this.processes.value(process).attempt?.frozen);
    const ledger = this.ledgers.value(state.ledger);
    if (duplicate && ledger.duplicates === 0) {
      return;
    }
    const item = this.queue.value(queued);
    const event = this.deliveryEvent(queued);
    // A message that was never delivered and belongs to no retry is likely the first word on its job: the record is guessed.
    const guesses = item.queue === 'main' && !item.seen && this.world.message(item.message).generation === 0;
    for (const wait of this.waits(state, event)) {
      const plan = guesses ? this.world.decide(ABSENT, event, moment({ phase: ledger.phase, wait })) : this.decide(state, event, { wait });
      const process = this.started(event, plan);
      const inHand = process === NO_PROCESS ? processes : [...processes, process];
      emit(this.label(event, plan), {
        ...state,
        ledger: this.spendIf(wait === 'long', this.spendIf(duplicate, state.ledger, 'duplicates'), 'waits'),
        held: state.held.map((other, index) => (index === held ? { queued: this.delivered(queued), processes: inHand } : other)),
      }, guesses ? undefined : this.impossible(state, plan));
    }
  }

  // What a process does.

  private act(state: State, place: Place, emit: Emit): void {
    const number = place.held === LOOSE ? state.loose[place.at] : state.held[place.held].processes[place.at];
    const { attempt, plan } = this.processes.value(number);
    const ledger = this.ledgers.value(state.ledger);
    if (ledger.crashes > 0) {
      emit(this.processes.dying(number), { ...this.replaced(state, place, NO_PROCESS), ledger: this.spend(state.ledger, 'crashes') });
    }
    if (attempt && !attempt.frozen && ledger.zombies > 0) {
      emit('worker freezes', { ...this.replaced(state, place, this.processes.frozen(number)), ledger: this.spend(state.ledger, 'zombies') });
    }
    if (plan !== undefined) {
      this.step(state, place, number, emit);
      return;
    }
    // The handler says something, and the first call that follows from it is made.
    for (const { process, trouble } of this.reports(number, state.ledger)) {
      this.step(trouble ? { ...state, ledger: this.spend(state.ledger, trouble) } : state, place, process, emit);
    }
  }

  private step(state: State, place: Place, process: number, emit: Emit): void {
    const label = this.processes.label(process);
    const [step] = this.processes.steps(process);
    if (step.do === 'create' || step.do === 'update') {
      this.write(state, place, process, step, emit);
      return;
    }
    const next = this.replaced(state, place, this.processes.next(process, state.record));
    if (step.do === 'send') {
      const sent = this.sent(next, process, step.number);
      emit(label, sent);
      if (this.ledgers.value(state.ledger).crashes > 0) {
        // The answer was lost, and the client sent once more.
        emit(this.twice(process), this.sent({ ...sent, ledger: this.spend(sent.ledger, 'crashes') }, process, step.number));
      }
    } else {
      emit(label, place.held === LOOSE ? next : this.without(next, place.held));
    }
  }

  private write(state: State, place: Place, process: number, step: PlannedStep, emit: Emit): void {
    const ledger = this.ledgers.value(state.ledger);
    const { held, record, problem } = this.world.write(state.record, step.number, ledger.expired);
    if (held) {
      const reborn = ledger.expired && step.do === 'create';
      const next = { ...state, record, ledger: reborn ? this.ledgers.number({ ...ledger, expired: false }) : state.ledger };
      const others = record === state.record ? next : this.forgetting(next);
      const wrong = problem ?? brokenRebirth(reborn, ledger.sent);
      emit(this.processes.label(process), this.replaced(others, place, this.processes.next(process, record)), wrong);
      if (ledger.crashes > 0) {
        this.decideAnew({ ...others, ledger: this.spend(others.ledger, 'crashes') }, place, process, true, emit);
      }
      return;
    }
    this.decideAnew(state, place, process, false, emit);
  }

  /**
   * On the record as the store answered it. The client writes again when the answer to a write is lost, so a process may be
   * refused because of its own write: what it wrote a moment ago is still leased.
   */
  private decideAnew(state: State, place: Place, process: number, own: boolean, emit: Emit): void {
    const { event, attempt } = this.processes.value(process);
    for (const wait of this.waits(state, event!)) {
      const plan = this.decide(state, event!, own ? { wait, leased: true } : { wait }, attempt?.local);
      const next = this.replaced(state, place, this.anew(process, plan));
      const label = own ? this.unanswered(process, plan) : this.refused(process, plan);
      emit(label, { ...next, ledger: this.spendIf(wait === 'long', next.ledger, 'waits') }, this.impossible(state, plan));
    }
  }

  /** A decision whose write does not hold on the very record it was taken on would be taken for ever. */
  private impossible(state: State, plan: number): string | undefined {
    const [first] = this.world.plan(plan).steps;
    return (first?.do === 'create' || first?.do === 'update')
      && !this.world.write(state.record, first.number, this.ledgers.value(state.ledger).expired).held
      ? 'a decision does not hold on the record it was taken on'
      : undefined;
  }

  // States made of states.

  /**
   * After a write: who still holds a decision whose condition can never hold again, forgets what it was. It will be refused and
   * decide anew, whatever it was. (Stamps never come back: `brokenWrite` sees to that.)
   */
  private forgetting(state: State): State {
    const left = (numbers: readonly number[]) => numbers.map((process) => this.outdated(process, state.record));
    return { ...state, loose: left(state.loose), held: state.held.map(({ queued, processes }) => ({ queued, processes: left(processes) })) };
  }

  private replaced(state: State, { held, at }: Place, process: number): State {
    return held === LOOSE
      ? { ...state, loose: swapped(state.loose, at, process) }
      : {
        ...state,
        held: state.held.map((other, index) => (index === held ? { queued: other.queued, processes: swapped(other.processes, at, process) } : other)),
      };
  }

  /** A message is gone; whoever has it in hand goes on without it, and has nothing to do if all that was left was to delete it. */
  private without(state: State, held: number): State {
    const busy = state.held[held].processes.filter((process) => this.processes.steps(process)[0]?.do !== 'acknowledge');
    return { ...state, held: state.held.filter((_, index) => index !== held), loose: [...state.loose, ...busy] };
  }

  private sent(state: State, process: number, content: number): State {
    const ledger = this.ledgers.value(state.ledger);
    const { generation } = this.world.message(content);
    const retry = this.processes.value(process).kind === 'retry';
    const known = ledger.sent && !retry
      ? state.ledger
      : this.ledgers.number({ ...ledger, sent: true, asked: retry ? Math.max(ledger.asked, generation) : ledger.asked });
    const queued = this.queue.number({ message: content, queue: 'main', seen: false });
    return { ...state, ledger: known, held: [...state.held, { queued, processes: [] }] };
  }

  private spend(ledger: number, trouble: Trouble): number {
    return this.spent(ledger, TROUBLES.indexOf(trouble));
  }

  private spendIf(condition: boolean, ledger: number, trouble: Trouble): number {
    return condition ? this.spend(ledger, trouble) : ledger;
  }

  private working({ held, loose }: State): number {
    return held.reduce((sum, { processes }) => sum + processes.length, 0) + loose.filter((process) => this.processes.isWorker(process)).length;
  }

  /** The runs of the attempts that are alive. */
  private live({ held, loose }: State): number[] {
    const runs: number[] = [];
    for (let index = -1; index < held.length; index++) {
      for (const process of index < 0 ? loose : held[index].processes) {
        const { attempt } = this.processes.value(process);
        if (attempt && !attempt.frozen) {
          runs.push(attempt.run);
        }
      }
    }
    return runs;
  }

  /** What the rules say of an event on the record as it is, which is leased exactly while its attempt is alive. */
  private decide(state: State, event: number, changes: Partial<Moment> = {}, local = ABSENT): number {
    const { phase, expired } = this.ledgers.value(state.ledger);
    const record = this.world.record(state.record);
    const leased = record?.status === 'processing' && this.live(state).includes(record.run);
    return this.world.decide(state.record, event, moment({ phase, expired, leased, ...changes }), local);
  }

  /** A time to wait for may have come or not, and be near or far. */
  private waits(state: State, event: number): readonly Wait[] {
    const happened = this.world.event(event);
    if (this.world.record(state.record)?.not_before === undefined && !('message' in happened && happened.message.not_before !== undefined)) {
      return ['over'];
    }
    return this.ledgers.value(state.ledger).waits > 0 ? ['over', 'short', 'long'] : ['over', 'short'];
  }
}

const KINDS: Record<string, Kind> = {
  submit: 'submit', cancel: 'cancel', retry: 'retry', sweep: 'sweep', deliver: 'worker', dead_letter: 'dead_letter',
};

function moment({ phase = 0, leased = false, wait = 'over', expired = false }: Partial<Moment>): Moment {
  return { phase, leased, wait, expired };
}

function swapped(numbers: readonly number[], at: number, process: number): readonly number[] {
  const others = numbers.filter((_, index) => index !== at);
  return process === NO_PROCESS ? others : [...others, process];
}

const PAYLOADS = ['a', 'b'];

function message(payload: string, phase: number, { max_attempts, scheduled }: Bounds): JobMessage {
  return {
    version: 1,
    job_id: 'job',
    owner: 'owner',
    generation: 0,
    payload,
    payload_hash: payload,
    max_attempts,
    created_at: 1_000_000_000_000,
    deadline_at: deadlineAfter(phase),
    retention_seconds: 1,
    correlation_id: 'c',
    ...(scheduled && { not_before: 1 }),
  };
}
