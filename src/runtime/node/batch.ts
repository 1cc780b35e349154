import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { AttemptParts, ProcessCrashed, runAttempt } from './attempt';
import { countDelivery } from './job-metrics';
import type { Outcome } from '../protocol/decision';
import type { JobEvent } from '../protocol/event';
import type { JobMessage } from '../protocol/message';
import { JobRecord, MAX_DELAY_MS, VISIBILITY_MARGIN_MS } from '../protocol/record';
import { type Found, readFound } from '../store/found-message';
import type { Delivery, JobQueue } from '../store/job-queue';
import type { JobStore } from '../store/job-store';
import { perform, Performed, Ports } from '../store/perform';
import type { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import type { SqsVisibility } from '../store/sqs/visibility';
import type { Log } from '../telemetry/log';
import type { Trace } from '../telemetry/trace';

type Fields = Readonly<Record<string, unknown>>;

/** What a batch is processed with. */
export interface BatchParts extends AttemptParts {
  readonly store: JobStore;
  readonly queue: JobQueue & Pick<SqsJobQueue, 'sendAgain'>;
  readonly visibility: Pick<SqsVisibility, 'hide' | 'hideAll'>;
  readonly trace: Trace;
  /** What runs the jobs, where it is not this process. */
  readonly elsewhere?: Elsewhere;
  /** What a job takes at most, where that is known: in a batch it is not begun with less time left. */
  readonly neededMs?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Has jobs run somewhere else: this process only begins their attempts. */
export interface Elsewhere {
  /** For how long a job is put off that could not begin now, in milliseconds; undefined where it may. */
  pause(message: JobMessage): Promise<number | undefined>;

  /** Decides as `perform` does, knowing what the record alone does not tell. */
  judge(event: Extract<JobEvent, { type: 'deliver' }>, known: JobRecord | undefined, ports: Ports, log: Log): Promise<Performed>;

  /** Begins the attempt that has claimed the record. */
  begin(record: JobRecord, ports: Ports, log: Log): Promise<Performed>;
}

/** After a delivery that could not be judged (no answer from the store, a newer version) the next one comes after so long, doubled each time. */
const FIRST_REPEAT_MS = 5_000;

/**
 * From this receive on such a message is sent anew instead of hidden: to wait must not burn the queue's fuse, which allows 7 receives at least, and
 * whose dead letter would fail a job that never ran. Some are left for deliveries whose worker never came to begin.
 */
const SENT_AGAIN_FROM = 4;

/**
 * An attempt that is charged waits no longer for its message to be hidden: of a function with little time, a queue that is silent would use up
 * the attempts of jobs that never ran. Until it answers, the message is hidden for as long as the queue itself hides what it delivers, which is
 * longer than any attempt.
 */
const LONGEST_HIDING_MS = 1_000;

const LEFT_FOR_NEWER = 'the job is of a newer version than this worker: left for a newer one';

/**
 * Runs the jobs of a batch, one after the other. At the start all messages are hidden for the time that is left, so that
 * a crash is made good soon after it. The first job is judged meanwhile: a call of the queue takes longer than one of the table, and neither
 * depends on the other. Each job is claimed just before it runs. Whatever is not acknowledged is reported.
 */
export async function processBatch(records: readonly SQSRecord[], context: Context, parts: BatchParts): Promise<SQSBatchResponse> {
  const hidden = hideAll(records, context.getRemainingTimeInMillis() + VISIBILITY_MARGIN_MS, parts);
  const deliveries = records.map((record) => new SqsDelivery(record, hidden, parts));
  let longest = 0;
  for (const [index, delivery] of deliveries.entries()) {
    if (index > 0 && context.getRemainingTimeInMillis() < parts.settings.shutdownMs + Math.max(longest, parts.neededMs ?? 0)) {
      parts.log.info('too little time for the rest of the batch: left for another worker', { jobs: deliveries.length - index });
      await hidden;
      await hideAll(records.slice(index), 0, parts);
      break;
    }
    const started = parts.now();
    await processDelivery(delivery, context, parts).catch(endProcess);
    longest = Math.max(longest, parts.now() - started);
  }
  await hidden;
  const left = deliveries.filter(({ acknowledged }) => !acknowledged);
  return { batchItemFailures: left.map(({ record }) => ({ itemIdentifier: record.messageId })) };
}

/** Hidden or not, each job is judged by its record: a failure here costs time and no correctness. Never rejects. */
async function hideAll(records: readonly SQSRecord[], ms: number, { visibility, log }: BatchParts): Promise<void> {
  try {
    const failures = await visibility.hideAll(records.map(({ receiptHandle }) => receiptHandle), ms);
    if (failures > 0) {
      log.warn('messages of the batch kept their visibility', { messages: failures });
    }
  } catch (error) {
    log.warn('the batch kept its visibility', error as Error);
  }
}

async function processDelivery(delivery: SqsDelivery, context: Context, parts: BatchParts): Promise<void> {
  const found = readFound(delivery.record, parts.settings.filesPrefix, parts.now());
  if (found.kind === 'newer') {
    const log = parts.log.with({ function_request_id: context.awsRequestId, message_id: delivery.record.messageId });
    log.warn(LEFT_FOR_NEWER, { version: found.version });
    await delivery.repeatLater(log);
    return;
  }
  const { job_id, correlation_id } = found.message;
  const log = parts.log.with({ function_request_id: context.awsRequestId, job_id, correlation_id });
  const delivered = deliveryFields(found.message, delivery.record);
  const ports: Ports = { store: parts.store, queue: parts.queue, delivery, now: parts.now };
  const endTrace = parts.trace.begin('job', { job_id, correlation_id });
  let running = false;
  let outcome: Outcome | undefined;
  try {
    const pause = found.kind === 'job' ? await parts.elsewhere?.pause(found.message) : undefined;
    if (pause !== undefined) {
      log.with(delivered).info('put off', { pause_ms: pause });
      await delivery.putOff(pause, pause, log);
      return;
    }
    const done = await judge(found, delivery, ports, context, { ...parts, log });
    countDelivery(parts.metrics, done);
    if (done.run && done.record) {
      running = true;
      const { attempt } = done.record;
      await atMost(LONGEST_HIDING_MS, delivery.hidden); // from here on the process may die of what it runs
      const attemptLog = log.with({ attempt });
      ({ outcome } = parts.elsewhere
        ? await parts.elsewhere.begin(done.record, ports, attemptLog.with(delivered))
        : await runAttempt(done.record, ports, context, { ...parts, log: attemptLog, delivered }));
    } else {
      ({ outcome } = done);
      logNoAttempt(log.with(delivered), done, found);
      if (outcome === 'newer') {
        await delivery.repeatLater(log);
      }
    }
  } catch (error) {
    if (error instanceof ProcessCrashed) {
      throw error;
    }
    if (running) {
      log.error(parts.elsewhere ? 'the attempt may have begun, or not: whoever gets its message asks' : 'the end of the attempt could not be recorded', error as Error);
    } else {
      log.with(delivered).error('the delivery could not be judged', error as Error);
      await delivery.repeatLater(log);
    }
  } finally {
    endTrace({ outcome });
    publish(parts, log);
  }
}

async function atMost(ms: number, awaited: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([awaited, new Promise<void>((resolve) => { timer = setTimeout(resolve, ms); })]);
  clearTimeout(timer);
}

/** Only now that the attempt is recorded and counted. */
function endProcess(error: unknown): never {
  if (error instanceof ProcessCrashed) {
    error.proceed();
  }
  throw error;
}

/** What can be judged: by the record of a job, or of the message that is none. */
type Judged = Exclude<Found, { kind: 'newer' }>;

async function judge(found: Judged, { record }: SqsDelivery, ports: Ports, context: Context, { elsewhere, log }: BatchParts): Promise<Performed> {
  const { message } = found;
  if (found.kind === 'no_job') {
    return perform({ type: 'reject', message, reason: found.reason }, undefined, ports);
  }
  const known = isFirst(record, message) ? undefined : await ports.store.read(message.job_id);
  const event = { type: 'deliver', message, remaining_ms: context.getRemainingTimeInMillis() } as const;
  return elsewhere ? elsewhere.judge(event, known, ports, log) : perform(event, known, ports);
}

/** A first delivery is claimed without reading: what its record looks like follows from the message, and a wrong guess is told. */
function isFirst({ attributes }: SQSRecord, { generation }: JobMessage): boolean {
  return attributes.ApproximateReceiveCount === '1' && generation === 0;
}

function logNoAttempt(log: Log, { outcome, record, before }: Performed, found: Judged): void {
  const fields = { outcome, job_status: record?.status, ...(found.kind === 'no_job' && { reason: found.reason }) };
  if (outcome === 'newer') {
    log.warn(LEFT_FOR_NEWER, { version: before?.version });
  } else if (['exhausted', 'overdue', 'rejected', 'mismatch', 'ahead'].includes(outcome)) {
    log.error('no attempt', { ...fields, ...errorOf(record) });
  } else {
    log.info('no attempt', fields);
  }
}

function errorOf(record: JobRecord | undefined): object {
  return record?.error ? { error_type: record.error.type, error_message: record.error.message } : {};
}

/**
 * For the first line about a delivery: the others are found by the same request id and job, and each byte is paid for with every job.
 * Where it was submitted is found by its ids, and with that the trace of its submission.
 */
function deliveryFields({ owner, generation }: JobMessage, { attributes }: SQSRecord): Fields {
  const receive_count = Number(attributes.ApproximateReceiveCount);
  return { owner, generation, ...(receive_count > 1 && { receive_count }) };
}

function publish({ metrics }: BatchParts, log: Log): void {
  try {
    metrics.publish();
  } catch (error) {
    log.warn('metrics were not published', error as Error);
  }
}

/** A message of the batch in hand. */
class SqsDelivery implements Delivery {
  acknowledged = false;

  /** @param hidden when it is hidden for the time that is left: no later change of its visibility may be overtaken by that */
  constructor(readonly record: SQSRecord, readonly hidden: Promise<void>, private readonly parts: BatchParts) {}

  private get receives(): number {
    return Number(this.record.attributes.ApproximateReceiveCount);
  }

  async hide(until: number): Promise<void> {
    await this.hidden;
    await this.parts.visibility.hide(this.record.receiptHandle, until - this.parts.now());
  }

  acknowledge(): void {
    this.acknowledged = true;
  }

  /**
   * Later each time, and in the end without using up the receives that the queue allows. Once it is sent anew the one in hand is done with;
   * a process that ends between the two leaves a duplicate, which each job's record makes harmless.
   */
  async repeatLater(log: Log): Promise<void> {
    await this.putOff(FIRST_REPEAT_MS * 2 ** this.receives, MAX_DELAY_MS, log);
  }

  /** @param againMs how long it is delayed when it is sent anew */
  async putOff(hiddenMs: number, againMs: number, log: Log): Promise<void> {
    await this.hidden;
    try {
      if (this.receives >= SENT_AGAIN_FROM) {
        await this.parts.queue.sendAgain(this.record, againMs);
        this.acknowledge();
      } else {
        await this.parts.visibility.hide(this.record.receiptHandle, hiddenMs);
      }
    } catch (error) {
      log.warn('the message stays hidden until the end of this function\'s time', error as Error);
    }
  }
}
