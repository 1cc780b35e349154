import { checkedProgress, checkStage, checkStageCount, jsonLimit, jsonText, Progress, TextLimit } from './checks';
import { JobCancelled, JobFailed, JobSuperseded, RetryLater, TimeoutNear } from './errors';
import type { Job, JobContext, JobLog, LogFields, MetricUnit } from './types';
import { checkUploadId, noBucket, uploadNotFound } from './uploads';
import { checkMetric } from '../telemetry/metric-rules';

/** What a test's job is like; everything may be left out. */
export interface TestJobOptions<Checkpoint = unknown> {
  /** @default 'job_TEST' */
  readonly id?: string;
  /** @default 1 */
  readonly attempt?: number;
  /** @default 3 */
  readonly maxAttempts?: number;
  /** What the attempt before has saved. @default - nothing */
  readonly checkpoint?: Checkpoint;
  /** @default - none */
  readonly stagesCompleted?: readonly string[];
  /** @default 'test' */
  readonly correlationId?: string;
  /** What the owner has uploaded: contents by id. @default - nothing */
  readonly uploads?: Readonly<Record<string, Uint8Array | string>>;
  /** The pipeline's bucket. @default - none, so that what is over 64 KiB is refused; 'bucket' where there are uploads */
  readonly bucket?: string;
  /** What `context.getRemainingTimeInMillis()` answers. @default 60000 */
  readonly remainingMs?: number;
}

/** What a handler did with its job, in the order it was done. */
export interface RecordedJob<Checkpoint = unknown> {
  readonly checkpoints: { readonly state: Checkpoint; readonly stage?: string }[];
  /** Names of the stages completed. */
  readonly stages: string[];
  readonly progress: Progress[];
  /** Results that the job was ended with inside a transaction of the handler's; the client is not called. */
  readonly succeededWithin: unknown[];
  readonly metrics: { readonly name: string; readonly value: number; readonly unit: MetricUnit }[];
  readonly log: { readonly level: keyof JobLog; readonly message: string; readonly fields?: LogFields }[];
}

/**
 * A job to call a handler with in a unit test. One without a checkpoint is of type `never` in that place, and so fits a handler whatever
 * its checkpoint is.
 */
export interface TestJob<Payload = unknown, Checkpoint = never> extends Job<Payload, Checkpoint> {
  /** What the handler did. */
  readonly recorded: RecordedJob<[Checkpoint] extends [never] ? unknown : Checkpoint>;

  /** For the handler's second parameter. */
  readonly context: JobContext;

  /** Aborts the signal, as when the timeout is near (the default), the job is to be cancelled, or another attempt has taken over. */
  abort(reason?: 'TimeoutNear' | 'JobCancelled' | 'JobSuperseded'): void;
}

/**
 * A job that keeps what a handler does with it, under the same rules as the real one: it refuses what is too large or no JSON,
 * and its calls throw the signal's reason when that has aborted.
 *
 *     const job = testJob({ drawing: 'a.pdf' }, { attempt: 2, checkpoint: { page: 3 } });
 *     expect(await handler(job, job.context)).toEqual({ pages: 7 });
 *     expect(job.recorded.stages).toEqual(['read', 'measure']);
 *
 * It fits a typed handler by itself. Where a payload's literals are too wide (`{ kind: 'pdf' }` is `{ kind: string }`), or the test
 * saves checkpoints of its own, write the types out: `testJob<Payload>(…)`, or `testJob<Payload, Checkpoint>(…)`.
 */
export function testJob<Payload, Checkpoint = never>(payload: Payload, options: TestJobOptions<Checkpoint> = {}): TestJob<Payload, Checkpoint> {
  checkNames('testJob()', 'options', options, OPTIONS);
  const recorded: TestJob<Payload, Checkpoint>['recorded'] & RecordedJob = { checkpoints: [], stages: [], progress: [], succeededWithin: [], metrics: [], log: [] };
  const controller = new AbortController();
  const { signal } = controller;
  const bucket = options.bucket ?? (options.uploads && 'bucket');
  const limit = jsonLimit(bucket !== undefined);
  const line = (level: keyof JobLog) => (message: string, fields?: LogFields) => {
    recorded.log.push({ level, message, ...(fields !== undefined && { fields }) });
  };
  const showProgress = async (fraction: number, note?: string) => {
    try {
      recorded.progress.push(checkedProgress(fraction, note));
    } catch (error) {
      line('warn')('progress was not written', error as Error);
      throw error;
    }
  };
  const uploadLocation = (upload_id: string) => {
    if (bucket === undefined) throw noBucket('an upload');
    return { bucket, key: `uploads/${checkUploadId(upload_id)}` };
  };
  return {
    id: options.id ?? 'job_TEST',
    payload: copy('the payload', payload, limit),
    attempt: options.attempt ?? 1,
    maxAttempts: options.maxAttempts ?? 3,
    checkpoint: options.checkpoint === undefined ? undefined : copy('the checkpoint', options.checkpoint, limit),
    stagesCompleted: options.stagesCompleted ?? [],
    correlationId: options.correlationId ?? 'test',
    signal,
    log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    saveCheckpoint: async (state, given = {}) => {
      checkNames('saveCheckpoint()', `{ stage: ${typeof given === 'string' ? `'${given}'` : "'read'"} }`, given, ['stage']);
      const { stage } = given;
      const saved = copy('the checkpoint', state, limit);
      if (stage !== undefined) checkStage(stage);
      recorded.checkpoints.push({ state: saved, ...(stage !== undefined && { stage }) });
      signal.throwIfAborted();
    },
    completeStage: async (name) => {
      checkStage(name);
      checkStageCount(name, new Set([...options.stagesCompleted ?? [], ...recorded.stages]));
      recorded.stages.push(name);
      signal.throwIfAborted();
    },
    succeedWithin: async (_client, result) => {
      recorded.succeededWithin.push(result === undefined ? undefined : copy('the result', result, limit));
    },
    setProgress: (fraction, note) => {
      const result = showProgress(fraction, note).then(() => signal.throwIfAborted());
      result.catch(() => {}); // it need not be awaited
      return result;
    },
    metric: (name, value, unit = 'Count') => {
      checkMetric(name, value);
      checkUnit(name, unit);
      recorded.metrics.push({ name, value, unit });
    },
    readUpload: async (upload_id) => {
      uploadLocation(upload_id);
      const content = options.uploads?.[upload_id];
      if (content === undefined) throw uploadNotFound(upload_id);
      return Buffer.from(content as Uint8Array);
    },
    uploadLocation,
    retryLater: (after, message) => new RetryLater(after, message),
    failed: (message, type) => new JobFailed(message, type),
    cancelled: (message) => new JobCancelled(message),
    recorded,
    context: contextOf(options.remainingMs ?? 60_000),
    abort: (reason = 'TimeoutNear') => {
      if (!Object.hasOwn(REASONS, reason)) throw new TypeError(`job.abort() takes ${Object.keys(REASONS).join(', ')}, or nothing for the first, not ${String(reason)}`);
      controller.abort(REASONS[reason]());
    },
  };
}

const REASONS = {
  TimeoutNear: () => new TimeoutNear(),
  JobCancelled: () => new JobCancelled(),
  JobSuperseded: () => new JobSuperseded(),
};

const OPTIONS: readonly (keyof TestJobOptions)[] = [
  'id', 'attempt', 'maxAttempts', 'checkpoint', 'stagesCompleted', 'correlationId', 'uploads', 'bucket', 'remainingMs',
];

/** In JavaScript anything can be given, and what is passed over makes a test that proves nothing. */
function checkNames(call: string, what: string, given: unknown, names: readonly string[]): void {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`${call} takes ${what === 'options' ? `options such as { ${names[1]}: 2 }` : what} as its second argument, not ${String(given)}`);
  }
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new TypeError(`${call} has no option ${unknown.join(', ')}: there is ${names.join(', ')}`);
  }
}

const SIZES = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'] as const;
const UNITS: readonly MetricUnit[] = [
  'Count', 'Percent', 'None', 'Seconds', 'Microseconds', 'Milliseconds', ...SIZES, 'Count/Second', ...SIZES.map((size) => `${size}/Second` as const),
];

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
function checkUnit(name: string, unit: MetricUnit): void {
  if (!UNITS.includes(unit)) {
    throw new RangeError(`metric "${name}" has the unit ${String(unit)}, which CloudWatch does not know: ${UNITS.join(', ')}`);
  }
}

/** Through JSON, as from one attempt to the next: a `Date` comes back as a text. */
function copy<Value>(what: string, value: Value, limit: TextLimit): Value {
  return JSON.parse(jsonText(what, value, limit)) as Value;
}

function contextOf(remainingMs: number): JobContext {
  return {
    functionName: 'test',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
    memoryLimitInMB: '1024',
    awsRequestId: 'test',
    logGroupName: '/aws/lambda/test',
    logStreamName: 'test',
    getRemainingTimeInMillis: () => remainingMs,
  };
}
