import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { JobMessage } from '../../protocol/message';
import { Found, readFound } from '../../store/found-message';
import type { Delivery } from '../../store/job-queue';
import { perform, Performed, Ports } from '../../store/perform';
import type { SqsVisibility } from '../../store/sqs/visibility';
import type { Log } from '../../telemetry/log';
import type { Counting } from '../../telemetry/pipeline-metrics';
import { reportGivenUp } from '../given-up';
import { type ExecutionParts, performAsking, type Telling } from '../state-machine/settle';

/** What dead letters are judged with. */
export interface DeadLetterParts {
  readonly filesPrefix: string;
  readonly ports: Ports;
  /** Of the queue of dead letters. */
  readonly visibility: Pick<SqsVisibility, 'hide'>;
  readonly metrics: Counting;
  /** Where attempts are executions of a state machine. */
  readonly executions?: ExecutionParts;
  readonly log: Log;
}

/**
 * Ends the jobs whose messages the queue gave up, each by its record. What is not acknowledged is named in the answer and comes again:
 * a job that is still alive, a message of a newer version, and whatever could not be judged or written.
 */
export async function processDeadLetters(records: readonly SQSRecord[], parts: DeadLetterParts): Promise<SQSBatchResponse> {
  try {
    // all at once: one after the other a table that hangs would use up the time of those that could be judged
    const done = await Promise.all(records.map(async (record) => isDone(record, parts)));
    return { batchItemFailures: records.filter((_, index) => !done[index]).map(({ messageId }) => ({ itemIdentifier: messageId })) };
  } finally {
    parts.metrics.publish();
  }
}

async function isDone(record: SQSRecord, parts: DeadLetterParts): Promise<boolean> {
  const found = readFound(record, parts.filesPrefix, parts.ports.now());
  if (found.kind === 'newer') {
    parts.log.warn('a message of a newer version is left', { message_id: record.messageId, version: found.version });
    return false;
  }
  const log = parts.log.with(fieldsOf(found.message, record));
  const delivery = new DeadLetter(record, parts);
  try {
    const done = await judge(found, { ...parts.ports, delivery }, parts.executions, { metrics: parts.metrics, log });
    reportGivenUp(done, log, parts.metrics, found.kind === 'no_job' ? { reason: found.reason } : {});
  } catch (error) {
    log.error('the dead letter could not be judged, and comes again', error as Error);
  }
  return delivery.acknowledged;
}

/** The record is read first: a message that was received so often is hardly the first word on its job. */
async function judge(found: Exclude<Found, { kind: 'newer' }>, ports: Ports, executions: ExecutionParts | undefined, telling: Telling): Promise<Performed> {
  const { message } = found;
  if (found.kind === 'no_job') {
    return perform({ type: 'reject', message, reason: found.reason }, undefined, ports);
  }
  const known = await ports.store.read(message.job_id);
  return executions ? performAsking({ type: 'dead_letter', message }, known, ports, executions, telling) : perform({ type: 'dead_letter', message }, known, ports);
}

function fieldsOf(message: JobMessage, { messageId, attributes }: SQSRecord): Readonly<Record<string, unknown>> {
  const { job_id, correlation_id, owner, generation } = message;
  return { job_id, correlation_id, owner, generation, message_id: messageId, receive_count: Number(attributes.ApproximateReceiveCount) };
}

/** Not named in the answer, it is deleted by what has received it. */
class DeadLetter implements Delivery {
  acknowledged = false;

  constructor(private readonly record: SQSRecord, private readonly parts: DeadLetterParts) {}

  async hide(until: number): Promise<void> {
    await this.parts.visibility.hide(this.record.receiptHandle, until - this.parts.ports.now());
  }

  acknowledge(): void {
    this.acknowledged = true;
  }
}
