import type { Pool, PoolClient } from 'pg';
import type { AttemptEvent } from '../../../../src/runtime/protocol/event';
import type { JobMessage } from '../../../../src/runtime/protocol/message';
import type { JobRecord } from '../../../../src/runtime/protocol/record';
import type { Delivery } from '../../../../src/runtime/store/job-queue';
import { perform, type Performed, type Ports, StepFailed } from '../../../../src/runtime/store/perform';
import type { PostgresStore } from '../../../../src/runtime/store/postgres/postgres-store';
import { NOW } from '../../../support/job-fixtures';
import type { Relay } from '../../../support/postgres/relay';

/** What goes wrong at a call. The first two end the process that has made it, the others its connection, or the queue delivers twice. */
export const FAULTS = ['dies before it', 'dies after it', 'request lost', 'answer lost'] as const;
export type FaultKind = typeof FAULTS[number];

export interface Fault {
  /** Of all calls that are made, by whomever. */
  readonly at: number;
  readonly kind: FaultKind;
}

/** A process is gone: what it would have done next is not done. */
class Died extends Error {}

type Target = 'database' | 'queue' | 'process';

const REMAINING_MS = 30_000;
const VISIBILITY_MS = 40_000;
const LONGEST_LIFE = 100;

/** What the handler of a job does in an attempt. */
export type Handler = (attempt: Attempt) => Promise<void>;

/** One job from its submission to its end: with processes that may die at any call, a queue that delivers at least once, and a time that jumps. */
export class CrashWorld {
  calls = 0;
  handlerRuns = 0;
  private now = NOW;
  private readonly queue: { readonly message: JobMessage; from: number; done: boolean }[] = [];

  constructor(
    private readonly store: PostgresStore, private readonly pool: Pool, private readonly relay: Relay,
    private readonly message: JobMessage, private readonly fault: Fault | undefined,
  ) {}

  /** A caller who asks again until there is an answer. */
  async submit(): Promise<void> {
    await this.insist(async (process) => {
      await perform({ type: 'submit', message: this.message }, undefined, process.ports()).catch((error: unknown) => {
        if (!(error instanceof StepFailed && error.sent) || error.cause instanceof Died) throw error;
      });
    });
  }

  async cancel(): Promise<void> {
    await this.insist(async (process) => this.ask(process, { type: 'cancel' }));
  }

  /** Until generation 1 has begun. */
  async retry(): Promise<void> {
    const event = { type: 'retry', generation: 0, deadline_at: this.now + 3_600_000 } as const;
    await this.insist(async (process) => this.ask(process, event));
  }

  /** Delivers until the queue is empty. */
  async work(handler: Handler): Promise<void> {
    for (let turn = 0; turn < LONGEST_LIFE; turn++) {
      const waiting = this.queue.filter(({ done }) => !done).sort((a, b) => a.from - b.from);
      if (waiting.length === 0) return;
      const [entry] = waiting;
      this.now = Math.max(this.now + 10, entry.from);
      entry.from = this.now + VISIBILITY_MS;
      await this.deliver(entry, handler);
    }
    throw new Error('the job is delivered without end');
  }

  async record(): Promise<JobRecord | undefined> {
    return this.store.store.read(this.message.job_id);
  }

  private async deliver(entry: CrashWorld['queue'][number], handler: Handler): Promise<void> {
    const process = new Process(this);
    const delivery: Delivery = {
      hide: async (until) => process.call('queue', async () => { entry.from = until; }),
      acknowledge: () => { process.sync(() => { entry.done = true; }); },
    };
    try {
      const claimed = await perform({ type: 'deliver', message: entry.message, remaining_ms: REMAINING_MS }, undefined, process.ports(delivery));
      if (!claimed.run) return;
      this.handlerRuns++;
      await new Attempt(this, process, claimed.record!, process.ports(delivery), this.pool).through(handler);
    } catch (error) {
      if (!hasDied(error)) throw error;
    }
  }

  private async ask(process: Process, event: Parameters<typeof perform>[0]): Promise<Performed> {
    return perform(event, await process.call('database', async () => this.record()), process.ports());
  }

  private async insist(ask: (process: Process) => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await ask(new Process(this));
        return;
      } catch (error) {
        if (!hasDied(error)) throw error;
        this.now += 1_000;
      }
    }
  }

  /** What processes are made of. */
  readonly ports = (process: Process, delivery?: Delivery): Ports => ({
    now: () => this.now,
    delivery,
    queue: {
      send: async (message, delay_ms) => process.call('queue', async () => { this.queue.push({ message, from: this.now + delay_ms, done: false }); }),
    },
    store: {
      read: async (job_id) => process.call('database', async () => this.store.store.read(job_id)),
      write: async (step, now) => process.call('database', async () => this.store.store.write(step, now)),
      writeWithin: async (client, step, now) => process.call('database', async () => this.store.store.writeWithin(client, step, now)),
    },
  });

  /** The fault of this call, if it is its turn. */
  next(): FaultKind | undefined {
    const at = this.calls++;
    this.now += 10;
    return this.fault?.at === at ? this.fault.kind : undefined;
  }

  lose(what: 'request lost' | 'answer lost'): void {
    if (what === 'request lost') this.relay.dropNext();
    else this.relay.loseNext();
  }
}

class Process {
  private dead = false;

  constructor(private readonly world: CrashWorld) {}

  ports(delivery?: Delivery): Ports {
    return this.world.ports(this, delivery);
  }

  async call<Result>(target: Target, work: () => Promise<Result>): Promise<Result> {
    this.assertAlive();
    const fault = this.world.next();
    switch (fault) {
      case undefined: return work();
      case 'dies before it': return this.die();
      case 'dies after it': await work(); return this.die();
      default:
        if (target === 'database') this.world.lose(fault);
        else if (target === 'queue' && fault === 'answer lost') await work(); // it is sent again
        return work();
    }
  }

  /** Of what is told at the end of a batch. */
  sync(work: () => void): void {
    this.assertAlive();
    const fault = this.world.next();
    if (fault === 'dies before it') this.die();
    work();
    if (fault === 'dies after it') this.die();
  }

  private assertAlive(): void {
    if (this.dead) throw new Died();
  }

  private die(): never {
    this.dead = true;
    throw new Died();
  }
}

/** What a handler may do, as the runtime gives it. */
export class Attempt {
  constructor(
    readonly world: CrashWorld, private readonly process: Process, private record: JobRecord,
    private readonly ports: Ports, private readonly pool: Pool,
  ) {}

  get number(): number {
    return this.record.attempt;
  }

  get generation(): number {
    return this.record.generation;
  }

  /** A handler that throws has failed, and may be tried again. */
  async through(handler: Handler): Promise<void> {
    try {
      await handler(this);
    } catch (error) {
      if (hasDied(error)) throw error;
      await this.report({ type: 'fail', retry: true, delay_ms: 0, error: { type: 'Error', message: 'broken', attempt: this.number } });
    }
  }

  async report(event: AttemptEvent extends infer One ? One extends AttemptEvent ? Omit<One, 'run'> : never : never): Promise<Performed> {
    const done = await perform({ ...event, run: this.record.run } as AttemptEvent, this.record, this.ports);
    this.record = done.record ?? this.record;
    return done;
  }

  /** A row of the handler's own and the end of the job, in one commit. */
  async succeedWithin(): Promise<void> {
    const client = await this.pool.connect();
    let lost: unknown;
    try {
      await client.query('BEGIN');
      await client.query('INSERT INTO effects VALUES ($1, $2)', [this.record.job_id, this.record.run]);
      const acknowledged = await this.endWithin(client);
      await this.process.call('database', async () => client.query('COMMIT'));
      if (acknowledged) this.ports.delivery!.acknowledge();
    } catch (error) {
      lost = error;
      throw error;
    } finally {
      client.release(lost !== undefined); // a process that dies takes its connections along
    }
  }

  private async endWithin(client: PoolClient): Promise<boolean> {
    let acknowledged = false;
    const ports: Ports = {
      ...this.ports,
      store: { read: this.ports.store.read, write: async (step, now) => this.ports.store.writeWithin!(client, step, now) },
      delivery: { hide: async () => {}, acknowledge: () => { acknowledged = true; } },
    };
    const { outcome } = await perform({ type: 'succeed', run: this.record.run, result: '"within"' }, this.record, ports);
    if (outcome !== 'succeeded') throw new Error('superseded');
    return acknowledged;
  }
}

function hasDied(error: unknown): boolean {
  return error instanceof Died || (error instanceof Error && error.cause instanceof Died);
}
