import { Interner, remembered } from './interner';
import { FIRST_NUMBER, Ledger, Trouble } from './state';
import { Moment, PlannedStep, World } from './world';
import { JobEvent } from '../../../../src/runtime/protocol/event';

/** What a process is. */
export type Kind = 'submit' | 'cancel' | 'retry' | 'sweep' | 'worker' | 'dead_letter';

/** A process between two calls. */
export interface Process {
  readonly kind: Kind;
  /** The steps before it, or undefined while the handler runs. */
  readonly plan?: number;
  /** The event it decides on, should it have to decide anew. */
  readonly event?: number;
  /** Set while its attempt is alive: the run, and the record as this attempt last wrote it. */
  readonly attempt?: Attempt;
}

export interface Attempt {
  readonly run: number;
  readonly local: number;
  /** The process was frozen and its lease has lapsed. It does not know. */
  readonly frozen: boolean;
}

/** A process that has none is at its end. */
export const NO_PROCESS = 0;

/** Something a running handler may say. */
export interface Report {
  readonly process: number;
  readonly trouble?: Trouble;
}

/** Processes as numbers, and how each goes on. */
export class Processes {
  /** The steps left after the first, by a process that wrote nothing or whose write left the record as given. */
  public readonly next = remembered((process, record) => this.after(this.value(process), record));
  /** The process, its lease lapsed. */
  public readonly frozen = remembered((number) => {
    const process = this.value(number);
    return this.number({ ...process, attempt: { ...process.attempt!, frozen: true } });
  });
  /** The steps before a process, the first of them to be taken now. */
  public readonly steps = remembered((process): readonly PlannedStep[] => {
    const { plan } = this.value(process);
    return plan === undefined ? [] : this.world.plan(plan).steps;
  });
  /** What a process is at, in words. */
  public readonly label = remembered((number) => {
    const { kind, plan, attempt } = this.value(number);
    if (plan === undefined) {
      return `${kind}${attempt!.frozen ? ' frozen' : ' running'}`;
    }
    const { outcome, steps } = this.world.plan(plan);
    return `${kind}.${steps[0].do}${outcome ? `:${outcome}` : ''}`;
  });
  public readonly dying = remembered((number) => `${this.label(number)} dies before`);
  private readonly table = new Interner<Process>(FIRST_NUMBER);

  constructor(private readonly world: World) {}

  public value(number: number): Process {
    return this.table.value(number);
  }

  public number(process: Process): number {
    return this.table.number(process);
  }

  public isWorker(number: number): boolean {
    const { kind } = this.value(number);
    return kind === 'worker' || kind === 'dead_letter';
  }

  /** A process that is to follow a plan. Steps nobody relies on are passed over: hiding a message, and doing nothing. */
  public following({ kind, event, attempt }: Process, plan: number): number {
    const { steps } = this.world.plan(plan);
    return steps.length === 0 || steps[0].do === 'hide' ? NO_PROCESS : this.number({ kind, plan, event, ...(attempt && { attempt }) });
  }

  /** What the handler may say next. */
  public reports(number: number, ledger: Ledger): Report[] {
    const process = this.value(number);
    const attempt = process.attempt!;
    const local = this.world.record(attempt.local)!;
    const moment: Moment = { phase: ledger.phase, leased: false, wait: 'over', expired: false };
    return reports(attempt.run, local.cancel_requested, ledger, local.checkpoint_run === attempt.run).map(([happened, trouble]) => {
      const event = this.world.eventNumber(happened);
      return { process: this.following({ ...process, event }, this.world.decide(attempt.local, event, moment, attempt.local)), trouble };
    });
  }

  /** The process, without the decision that it will not be able to carry out. */
  public outdated(number: number): number {
    const { kind, event, attempt } = this.value(number);
    return this.number({ kind, plan: this.world.outdated, event, ...(attempt && { attempt }) });
  }

  private after({ kind, plan, event, attempt }: Process, record: number): number {
    const { outcome, steps } = this.world.plan(plan!);
    const left = steps.slice(1);
    if (left[0]?.do === 'run') {
      return this.number({ kind, attempt: { run: this.world.record(record)!.run, local: record, frozen: false } });
    }
    if (left.length === 0 && outcome === 'saved') {
      return this.number({ kind, attempt: { ...attempt!, local: record } });
    }
    // Once its last word is written, an attempt is no longer one.
    const writes = left.some((step) => step.do === 'create' || step.do === 'update');
    return this.following({ kind, ...(writes && { event }) }, this.world.planNumber({ ...(writes && { outcome }), steps: left }));
  }
}

function reports(run: number, cancelled: boolean, ledger: Ledger, moved: boolean): [JobEvent, Trouble?][] {
  const error = { type: 'Error', message: 'broken', attempt: 1 };
  return [
    [{ type: 'succeed', run }],
    [{ type: 'fail', run, error, retry: true, delay_ms: 1 }],
    [{ type: 'fail', run, error, retry: false, delay_ms: 1 }],
    [{ type: 'progress', run, progress: 0.5 }],
    ...(cancelled ? [[{ type: 'stop', run }] as [JobEvent]] : []),
    ...(ledger.defers > 0 ? [[{ type: 'defer', run, delay_ms: 1 }, 'defers'] as [JobEvent, Trouble]] : []),
    ...(ledger.moves > 0 && !moved ? [[{ type: 'checkpoint', run, checkpoint: '1' }, 'moves'] as [JobEvent, Trouble]] : []),
  ];
}
