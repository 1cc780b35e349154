import { executionInput, type FilesOf } from './execution-input';
import { executionName } from './execution-name';
import { StartRefused } from './executions';
import { type ExecutionParts, performAsking, release, settle, startedEvent, stop } from './settle';
import type { Elsewhere } from '../../node/batch';
import { JobFailed } from '../../node/errors';
import { countAttempt } from '../../node/job-metrics';
import { backoffDelay } from '../../protocol/backoff';
import type { AttemptEvent } from '../../protocol/event';
import type { JobMessage } from '../../protocol/message';
import type { JobRecord } from '../../protocol/record';
import type { JobStore } from '../../store/job-store';
import { perform, type Performed, type Ports } from '../../store/perform';
import type { Log } from '../../telemetry/log';
import type { Counting } from '../../telemetry/pipeline-metrics';

/** What executions are started with. */
export interface StarterParts extends ExecutionParts {
  readonly store: Pick<JobStore, 'read'>;
  /** Executions that may be under way at once. */
  readonly maxConcurrency: number;
  readonly metrics: Counting;
  readonly now: () => number;
}

/**
 * A job that waits for a slot asks again when a tenth of the time has gone by for which it has waited, within these limits. So whoever came a
 * moment ago is not kept waiting for long, and a long queue does not ask all the time.
 */
const SHORTEST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 300_000;

/** The share of a wait that is left to chance. */
const JITTER = 0.5;

/** `type` that callers see of an attempt whose execution was never started. */
const NOT_STARTED = 'StateMachineNotStarted';

const EXPRESS = 'ExpressStateMachine';

type Fields = Readonly<Record<string, unknown>>;

/** Starts an execution for each attempt, and leaves it to itself. */
export class Starter implements Elsewhere {
  constructor(private readonly parts: StarterParts & FilesOf) {}

  /** A job that waits for a slot is not claimed: it stays queued, is charged nothing, and uses up no receives. What has ended is not put off. */
  async pause(message: JobMessage): Promise<number | undefined> {
    const { slots, store, maxConcurrency, now } = this.parts;
    if ((await slots.names()).length < maxConcurrency || message.deadline_at <= now()) {
      return undefined;
    }
    const known = await store.read(message.job_id);
    const waits = !known || (known.status === 'queued' && known.generation === message.generation) || known.generation < message.generation;
    return waits ? this.wait(message) : undefined;
  }

  async judge(event: Parameters<Elsewhere['judge']>[0], known: JobRecord | undefined, ports: Ports, log: Log): Promise<Performed> {
    return performAsking(event, known, ports, this.parts, { metrics: this.parts.metrics, log });
  }

  /**
   * Slot, execution, then the lease for as long as that may take. Whatever crashes between two of them, the message comes again and whoever gets
   * it asks Step Functions how far it came.
   */
  async begin(record: JobRecord, ports: Ports, log: Log): Promise<Performed> {
    const { slots, executions, maxConcurrency } = this.parts;
    const name = executionName(record);
    let input: string;
    try {
      input = executionInput(record, this.parts);
    } catch (error) {
      if (!(error instanceof JobFailed)) {
        throw error;
      }
      return this.end(record, this.failed(record, error.type, error.message, false), ports, log);
    }
    if (!await slots.take(name, maxConcurrency)) {
      return this.end(record, { type: 'defer', run: record.run, delay_ms: this.wait(record) }, ports, log);
    }
    try {
      await executions.start(name, input);
    } catch (error) {
      if (!(error instanceof StartRefused)) {
        throw error; // it may be under way: the message comes again, and whoever gets it asks
      }
      log.warn('the execution was not started', error);
      return error.refusal === 'exists' ? this.found(record, ports, log) : this.notStarted(record, error, ports, log);
    }
    return this.started(record, ports, log);
  }

  private async started(record: JobRecord, ports: Ports, log: Log): Promise<Performed> {
    const done = await perform(startedEvent(record, this.parts), record, ports);
    log.info('execution started', { run: record.run, outcome: done.outcome });
    if (done.outcome === 'fenced') {
      await stop(executionName(record), 'another attempt has taken its place', this.parts, log);
    } else if (done.outcome === 'started' && done.record?.cancel_requested) {
      await stop(executionName(record), 'the job is to be cancelled', this.parts, log);
    }
    return done;
  }

  /** Another delivery, or a call whose answer was lost, has started it. */
  private async found(record: JobRecord, ports: Ports, log: Log): Promise<Performed> {
    const execution = await this.parts.executions.describe(executionName(record));
    return execution && execution.status !== 'RUNNING'
      ? settle(record, execution, ports, this.parts, { metrics: this.parts.metrics, log })
      : this.started(record, ports, log);
  }

  /** The slot goes first: one that is kept for what was never started is of no use to anybody. */
  private async notStarted(record: JobRecord, { refusal, message }: StartRefused, ports: Ports, log: Log): Promise<Performed> {
    await release(executionName(record), this.parts, log);
    switch (refusal) {
      case 'busy': return this.end(record, { type: 'defer', run: record.run, delay_ms: this.wait(record) }, ports, log);
      case 'express': return this.end(record, this.failed(record, EXPRESS, message, false), ports, log);
      default: return this.end(record, this.failed(record, NOT_STARTED, message, refusal !== 'input'), ports, log);
    }
  }

  private failed({ run, attempt }: JobRecord, type: string, message: string, retry: boolean): AttemptEvent {
    const delay_ms = backoffDelay(this.parts.backoff, attempt, this.parts.random());
    return { type: 'fail', run, error: { type, message, attempt }, retry, delay_ms };
  }

  private async end(record: JobRecord, event: AttemptEvent, ports: Ports, log: Log): Promise<Performed> {
    const done = await perform(event, record, ports);
    countAttempt(this.parts.metrics, event, done);
    const fields: Fields = { run: record.run, outcome: done.outcome, ...(event.type === 'fail' && { error_type: event.error.type, error_message: event.error.message }) };
    log[event.type === 'fail' ? 'warn' : 'info']('no execution', fields);
    return done;
  }

  private wait({ created_at }: Pick<JobRecord, 'created_at'>): number {
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, (this.parts.now() - created_at) / 10));
    return Math.round(wait * (1 - JITTER * this.parts.random()));
  }
}
