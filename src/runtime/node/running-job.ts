import { checkedProgress, checkStage, checkStageCount, jsonText, Progress } from './checks';
import { JobCancelled, JobFailed, JobSuperseded, RetryLater, TimeoutNear } from './errors';
import type { GivenTexts, JobTexts } from './job-texts';
import type { CheckpointOptions, Job, MetricUnit } from './types';
import type { Outcome } from '../protocol/decision';
import type { AttemptEvent } from '../protocol/event';
import type { JobRecord } from '../protocol/record';
import type { Delivery } from '../store/job-queue';
import { perform, Performed, Ports, StepFailed } from '../store/perform';
import type { TransactionClient } from '../store/transaction-client';
import type { Log } from '../telemetry/log';
import type { Counting } from '../telemetry/pipeline-metrics';
import { METRIC } from '../wire/metrics';

export interface RunningJobOptions {
  /** As claimed by this attempt. */
  readonly record: JobRecord;
  readonly texts: JobTexts;
  /** Of the texts, as they were read. */
  readonly given: GivenTexts;
  readonly ports: Ports;
  readonly log: Log;
  readonly metrics: Counting;
  /** After so long the signal aborts: the timeout is near then. */
  readonly msUntilShutdown: number;
}

/** Progress is written at most so often: a table bills each write by the size of the whole record. */
const PROGRESS_INTERVAL_MS = 5_000;

/** A message that stays as it is: a transaction that is not committed yet has ended nothing. */
const UNTOUCHED: Delivery = { hide: async () => {}, acknowledge: () => {} };

/**
 * An attempt as long as its handler runs: the calls of the user become events of the protocol, one after the other,
 * and what the answers say (cancelled, superseded) aborts the signal.
 */
export class RunningJob {
  /** What the user's handler gets. */
  readonly job: Job;
  private readonly controller = new AbortController();
  private readonly options: RunningJobOptions;
  private readonly shutdown: NodeJS.Timeout;
  private current: JobRecord;
  private last: Promise<unknown> = Promise.resolve();
  private stageStarted: number;
  private progress?: Progress;
  private progressDue = 0;
  private progressTimer?: NodeJS.Timeout;
  private closed = false;
  private endedWithin = false;

  constructor(options: RunningJobOptions) {
    this.options = options;
    this.current = options.record;
    this.stageStarted = options.ports.now();
    this.job = this.view();
    this.shutdown = setTimeout(() => this.controller.abort(new TimeoutNear()), options.msUntilShutdown);
  }

  get record(): JobRecord {
    return this.current;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether the end of the job is a part of a transaction of the handler's. Whether that was committed, only the record can tell. */
  get inTransaction(): boolean {
    return this.endedWithin;
  }

  /** Reports how the attempt ended, after whatever was reported before. */
  async finish(event: AttemptEvent): Promise<Performed> {
    this.close();
    return this.inOrder(async () => {
      const done = await perform(event, this.current, this.options.ports);
      this.current = done.record ?? this.current;
      return this.endedWithin && this.isOwnSuccess(done) ? this.succeeded(done) : done;
    });
  }

  /** Nobody but this attempt can end its own run as succeeded: its transaction was committed. */
  private isOwnSuccess({ outcome, record }: Performed): boolean {
    const { run, generation } = this.options.record;
    return outcome === 'fenced' && record?.status === 'succeeded' && record.run === run && record.generation === generation;
  }

  private succeeded(done: Performed): Performed {
    this.options.ports.delivery?.acknowledge();
    return { ...done, outcome: 'succeeded' };
  }

  /** Nothing more is written in the background. */
  close(): void {
    this.closed = true;
    clearTimeout(this.shutdown);
    clearTimeout(this.progressTimer);
  }

  private view(): Job {
    const { record, texts, given, log, metrics } = this.options;
    return {
      id: record.job_id,
      payload: given.payload,
      attempt: record.attempt,
      maxAttempts: record.max_attempts,
      checkpoint: given.checkpoint,
      stagesCompleted: [...record.stages_completed],
      correlationId: record.correlation_id,
      signal: this.controller.signal,
      log,
      saveCheckpoint: async (state, options) => this.saveCheckpoint(state, options),
      completeStage: async (name) => this.completeStage(name),
      succeedWithin: async (client, result) => this.succeedWithin(client, result),
      setProgress: (fraction, note) => this.setProgress(fraction, note),
      metric: (name: string, value: number, unit?: MetricUnit) => metrics.custom(name, value, unit),
      readUpload: async (upload_id) => texts.readUpload(upload_id),
      uploadLocation: (upload_id) => texts.uploadLocation(upload_id),
      retryLater: (after, message) => new RetryLater(after, message),
      failed: (message, type) => new JobFailed(message, type),
      cancelled: (message) => new JobCancelled(message),
    };
  }

  private async saveCheckpoint(state: unknown, { stage }: CheckpointOptions = {}): Promise<void> {
    const { texts } = this.options;
    const text = jsonText('the checkpoint', state, texts.limit);
    if (stage !== undefined) {
      checkStage(stage);
    }
    await this.inOrder(async () => {
      const checkpoint = await texts.storeCheckpoint(text); // before the write that refers to it
      if (stage !== undefined && stage !== this.current.current_stage) {
        this.stageStarted = this.options.ports.now();
      }
      await this.report({ type: 'checkpoint', run: this.options.record.run, checkpoint, stage });
    });
    this.signal.throwIfAborted();
  }

  private async completeStage(stage: string): Promise<void> {
    checkStage(stage);
    await this.inOrder(async () => {
      checkStageCount(stage, new Set(this.current.stages_completed));
      const now = this.options.ports.now();
      const outcome = await this.report({ type: 'complete_stage', run: this.options.record.run, stage });
      if (outcome === 'saved') {
        this.countStage(stage, now - this.stageStarted);
        this.stageStarted = now;
      }
    });
    this.signal.throwIfAborted();
  }

  private async succeedWithin(client: TransactionClient, result: unknown): Promise<void> {
    const { texts, ports, record: { run } } = this.options;
    const { store } = ports;
    if (!store.writeWithin) {
      throw new JobFailed('succeedWithin() needs a pipeline whose jobs are in PostgreSQL', 'NoTransactions');
    }
    const text = result === undefined ? undefined : jsonText('the result', result, texts.limit);
    await this.inOrder(async () => {
      const inRecord = text === undefined ? undefined : await texts.storeResult(text); // before the write that refers to it
      const within: Ports = {
        ...ports,
        delivery: UNTOUCHED,
        store: { read: async (job_id) => store.read(job_id), write: async (step, now) => store.writeWithin!(client, step, now) },
      };
      const { outcome, record } = await perform({ type: 'succeed', run, result: inRecord }, this.current, within)
        .catch((error: unknown) => { throw error instanceof StepFailed ? error.cause : error; }); // the client's own, by whose code callers decide
      if (record === undefined) {
        throw new Error('the client of succeedWithin() is connected to a database in which the job has no record: it should be that of the pipeline');
      }
      if (outcome !== 'succeeded') {
        const superseded = new JobSuperseded();
        this.controller.abort(superseded);
        throw superseded;
      }
      this.endedWithin = true;
      clearTimeout(this.progressTimer); // what is shown would wait for the transaction
    });
  }

  private countStage(stage: string, ms: number): void {
    if (!this.options.metrics.stage(METRIC.stageDuration, stage, ms, this.options.record.job_id)) {
      this.options.log.warn('too many stages: the duration of this one is not counted', { stage });
    }
  }

  /** The promise may be left alone: its rejection is never an unhandled one. */
  private setProgress(fraction: number, note?: string): Promise<void> {
    const result = this.showProgress(fraction, note).then(() => this.signal.throwIfAborted());
    result.catch(() => {});
    return result;
  }

  private async showProgress(fraction: number, note?: string): Promise<void> {
    try {
      this.progress = checkedProgress(fraction, note);
    } catch (error) {
      this.options.log.warn('progress was not written', error as Error); // the promise alone would tell nobody who leaves it alone
      throw error;
    }
    const wait = this.progressDue - this.options.ports.now();
    if (wait <= 0) {
      return this.writeProgress();
    }
    this.progressTimer ??= setTimeout(() => { void this.writeProgress(); }, wait);
  }

  /** Progress is a courtesy: when it cannot be written, the work goes on. */
  private async writeProgress(): Promise<void> {
    clearTimeout(this.progressTimer);
    this.progressTimer = undefined;
    this.progressDue = this.options.ports.now() + PROGRESS_INTERVAL_MS;
    await this.inOrder(async () => {
      const { progress } = this;
      this.progress = undefined;
      if (progress && !this.closed && !this.endedWithin) {
        await this.report({ type: 'progress', run: this.options.record.run, progress: progress.fraction, note: progress.note });
      }
    }).catch((error: Error) => this.options.log.warn('progress was not written', error));
  }

  private async report(event: AttemptEvent): Promise<Outcome> {
    const { outcome, record } = await perform(event, this.current, this.options.ports);
    if (outcome !== 'saved' || record === undefined) {
      this.controller.abort(new JobSuperseded());
      return outcome;
    }
    this.current = record;
    if (record.cancel_requested) {
      this.controller.abort(new JobCancelled());
    }
    return outcome;
  }

  /** Calls that are not awaited must not overtake one another: each is decided on the record that the one before has left. */
  private inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }
}
