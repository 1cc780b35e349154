import { executionEnd } from './execution-end';
import { executionName } from './execution-name';
import type { EndedExecution, Executions } from './executions';
import { countAttempt } from '../../node/job-metrics';
import { type AttemptFiles, JobTexts } from '../../node/job-texts';
import { type Backoff, backoffDelay } from '../../protocol/backoff';
import type { AttemptEvent, JobEvent } from '../../protocol/event';
import type { JobRecord } from '../../protocol/record';
import type { Delivery } from '../../store/job-queue';
import { perform, type Performed, type Ports } from '../../store/perform';
import type { Slots } from '../../store/slots';
import type { Log } from '../../telemetry/log';
import type { Counting } from '../../telemetry/pipeline-metrics';

/** What jobs are judged with whose attempts are executions. */
export interface ExecutionParts {
  readonly executions: Executions;
  readonly slots: Slots;
  /** None without a bucket. */
  readonly files?: AttemptFiles;
  readonly filesPrefix: string;
  readonly backoff: Backoff;
  /** How long an execution may take. */
  readonly timeoutMs: number;
  /** From 0 to 1, exclusive. */
  readonly random: () => number;
}

/** What is counted and said of it. */
export interface Telling {
  readonly metrics: Counting;
  readonly log: Log;
}

/** From the end of an execution until its event is surely dealt with. */
const TELLING_MS = 60_000;

/** Where no message is in hand, as its job's execution was started long ago. */
export const NO_MESSAGE: Delivery = { hide: async () => undefined, acknowledge: () => undefined };

/** How long a record is leased to an execution that is under way. */
export function leaseOf({ timeoutMs }: Pick<ExecutionParts, 'timeoutMs'>): number {
  return timeoutMs + TELLING_MS;
}

/**
 * The job of an execution that has ended goes on: it ends, or gets the message of its next attempt. Then its slot is free.
 * It is safe to do this twice, and from several places: the first one counts.
 */
export async function settle(
  record: JobRecord, execution: EndedExecution, ports: Ports, parts: ExecutionParts, { metrics, log }: Telling,
): Promise<Performed> {
  const event = await eventOf(record, execution, parts);
  const done = await perform(event, record, { delivery: NO_MESSAGE, ...ports });
  countAttempt(metrics, event, done);
  const fields = { execution: execution.status, run: record.run, attempt: record.attempt, outcome: done.outcome };
  if (event.type === 'fail') {
    log.warn('attempt ended', { ...fields, error_type: event.error.type, error_message: event.error.message });
  } else {
    log.info('attempt ended', fields);
  }
  await release(executionName(record), parts, log);
  return { ...done, told: true };
}

/** One that is not released now is by the next sweep. */
export async function release(name: string, { slots }: Pick<ExecutionParts, 'slots'>, log: Log): Promise<void> {
  try {
    await slots.release(name);
  } catch (error) {
    log.warn('a slot was not released: left for the sweeper', error as Error);
  }
}

/** One that is not stopped now is by the next sweep. */
export async function stop(name: string, why: string, { executions }: Pick<ExecutionParts, 'executions'>, log: Log): Promise<void> {
  try {
    await executions.stop(name, 'JobCancelled', why);
    log.info('execution stopped', { execution_name: name, why });
  } catch (error) {
    log.warn('an execution was not stopped: left for the sweeper', error as Error);
  }
}

async function eventOf(record: JobRecord, execution: EndedExecution, parts: ExecutionParts): Promise<AttemptEvent> {
  const { run, attempt } = record;
  const texts = new JobTexts(record, parts.filesPrefix, parts.files);
  const end = executionEnd(execution, texts.limit);
  if ('error' in end) {
    const delay_ms = backoffDelay(parts.backoff, attempt, parts.random());
    return { type: 'fail', run, error: { ...end.error, attempt }, retry: end.retry, delay_ms, detached: true };
  }
  return { type: 'succeed', run, ...(end.result !== undefined && { result: await texts.storeResult(end.result) }) };
}

type Judging = Extract<JobEvent, { type: 'deliver' | 'dead_letter' | 'sweep' }>;

/** Each time another attempt was found; there are few at a time. */
const MAX_ROUNDS = 4;

/**
 * Decides about an event as `perform` does, and asks about the execution first where an attempt holds the job. One that has ended ends its
 * attempt, whatever became of its event. One that is under way has no need of a message that is in hand.
 */
export async function performAsking(
  event: Judging, known: JobRecord | undefined, ports: Ports, parts: ExecutionParts, telling: Telling,
): Promise<Performed> {
  let before = known;
  let judged_run = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const done = await perform({ ...event, judged_run }, before, ports);
    if (done.outcome !== 'unsettled') {
      return done;
    }
    const record = done.before!;
    const execution = await parts.executions.describe(executionName(record));
    if (execution?.status === 'RUNNING') {
      return ports.delivery ? perform(startedEvent(record, parts), record, ports) : done;
    }
    if (execution) {
      return settle(record, execution, ports, parts, telling);
    }
    before = record;
    judged_run = record.run;
  }
  throw new Error(`the attempts of ${before?.job_id} changed ${MAX_ROUNDS} times while "${event.type}" was being decided`);
}

export function startedEvent({ generation, run }: JobRecord, parts: Pick<ExecutionParts, 'timeoutMs'>): JobEvent {
  return { type: 'started', generation, run, lease_ms: leaseOf(parts) };
}
