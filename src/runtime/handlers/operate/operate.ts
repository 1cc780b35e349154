import type { Context } from 'aws-lambda';
import { EventSource, EventSourceBusy } from './event-source';
import { Command, readCommand } from './input';
import { list } from './list';
import { detailView } from './operator-view';
import type { CountQueue } from './queue-counts';
import { conflict, notFound, orUnavailable, unavailable } from './refused';
import { dryRun, retryAll } from './retry-all';
import { retryOne } from './retry-one';
import type { Outcome } from '../../protocol/decision';
import { isExpired, isTerminal, JobRecord } from '../../protocol/record';
import type { JobFiles } from '../../store/files/job-files';
import { ownerPrefix } from '../../store/files/keys';
import { resolveText } from '../../store/files/large-texts';
import type { JobIndex } from '../../store/job-index';
import { perform, Ports } from '../../store/perform';
import type { Log } from '../../telemetry/log';
import type { Counting } from '../../telemetry/pipeline-metrics';
import { METRIC } from '../../wire/metrics';
import type { StopExecution } from '../state-machine/stop-execution';

/** What an operator works with. */
export interface OperateParts {
  readonly ports: Ports;
  readonly index: JobIndex;
  readonly eventSource: EventSource;
  readonly countQueue: CountQueue;
  /** Where what is long is kept; none without a bucket. */
  readonly files?: JobFiles;
  readonly settings: {
    readonly pipeline: string;
    readonly filesPrefix: string;
    /** Where the records are: in the one or in the other. */
    readonly table?: string;
    readonly database?: string;
    readonly queueUrl: string;
    readonly deadLetterQueueUrl: string;
    readonly bucket?: string;
    /** By what writes there; null where that is not known. */
    readonly logGroups: Readonly<Record<string, string>> | null;
    readonly deadlineSeconds: number;
  };
  /** Where attempts are executions of a state machine. */
  readonly stopExecution?: StopExecution;
  readonly metrics: Pick<Counting, 'count' | 'publish'>;
  readonly log: Log;
}

type CallContext = Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>;

/**
 * Does what an operator asks for, for the jobs of every owner. Who may invoke this function may do all of it. A function is not told who
 * invokes it: CloudTrail is, by the request id that the log lines here have, too.
 * @throws Refused
 */
export async function operate(event: unknown, context: CallContext, given: OperateParts): Promise<object> {
  const log = given.log.with({ function_request_id: context.awsRequestId });
  const parts = { ...given, log };
  try {
    const command = readCommand(event);
    log.info('operator asks', { ...command });
    const answer = await answerOf(command, context, parts);
    log.info('operator answered', { action: command.action, ...summary(answer) });
    return answer;
  } catch (error) {
    log.warn('operator refused', error as Error);
    throw error;
  } finally {
    parts.metrics.publish();
  }
}

async function answerOf(command: Command, context: CallContext, parts: OperateParts): Promise<object> {
  switch (command.action) {
    case 'list': return orUnavailable('the jobs could not be listed, as the table does not answer', async () => list(command, context, { index: parts.index, now: parts.ports.now }));
    case 'show': return show(command, parts);
    case 'retry': return retry(command.job_id, parts);
    case 'retry_all': return (command.dry_run ? dryRun : retryAll)(command, context, { ...parts, ...parts.settings });
    case 'cancel': return cancel(command.job_id, parts);
    case 'pause': return { state: await enable(false, parts) };
    case 'resume': return { state: await enable(true, parts) };
    case 'describe': return describe(parts);
  }
}

async function show({ job_id, payload }: { readonly job_id: string; readonly payload: boolean }, parts: OperateParts): Promise<object> {
  const record = await recordOf(job_id, parts);
  const prefix = ownerPrefix(parts.settings.filesPrefix, record.owner);
  return { job: await detailView(record, { payload }, async (inRecord, mostBytes) => resolveText(inRecord, prefix, parts.files, mostBytes)) };
}

async function retry(job_id: string, parts: OperateParts): Promise<object> {
  const found = await recordOf(job_id, parts);
  const { outcome, record } = await orUnavailable(`${job_id} could not be retried, as the table or the queue does not answer`, async () => retryOne(found, { ...parts, ...parts.settings }));
  checkKnown(job_id, outcome);
  if (outcome !== 'retried') {
    throw record ? conflict(`${job_id} is ${notRetried(record)}`) : notFound(job_id);
  }
  return { job_id, outcome, generation: record?.generation };
}

async function cancel(job_id: string, parts: OperateParts): Promise<object> {
  const found = await recordOf(job_id, parts);
  const { outcome, record } = await orUnavailable(`${job_id} could not be cancelled, as the table does not answer`, async () => perform({ type: 'cancel' }, found, parts.ports));
  if (!record) {
    throw notFound(job_id);
  }
  checkKnown(job_id, outcome);
  if (outcome === 'already_ended' && record.status !== 'cancelled') {
    throw conflict(`${job_id} has ended already: it is ${record.status}, and there is nothing left to cancel`);
  }
  if (outcome === 'cancel_requested') {
    await parts.stopExecution?.(record, parts.log.with({ job_id }));
  }
  if (outcome === 'cancelled') {
    parts.metrics.count(METRIC.cancelled);
  }
  return { job_id, outcome, status: record.status, ...(record.cancel_requested && { cancel_requested: true }) };
}

async function enable(enabled: boolean, { eventSource }: OperateParts): Promise<string> {
  try {
    return await eventSource.enable(enabled);
  } catch (error) {
    throw error instanceof EventSourceBusy
      ? conflict('the event source is being changed just now, by an earlier call or by a deployment: try again in a minute')
      : error;
  }
}

async function describe({ eventSource, countQueue, settings }: OperateParts): Promise<object> {
  const { pipeline, table, database, queueUrl, deadLetterQueueUrl, bucket, logGroups } = settings;
  const [state, queue, dead_letters] = await Promise.all([eventSource.state(), countQueue(queueUrl), countQueue(deadLetterQueueUrl)]);
  return {
    pipeline,
    state,
    queue: { url: queueUrl, ...queue },
    dead_letters: { url: deadLetterQueueUrl, ...dead_letters },
    ...(table && { table }),
    ...(database && { database }),
    ...(bucket && { bucket }),
    ...(logGroups && { log_groups: logGroups }),
  };
}

async function recordOf(job_id: string, { ports }: OperateParts): Promise<JobRecord> {
  const record = await orUnavailable(`${job_id} could not be read, as the table does not answer`, async () => ports.store.read(job_id));
  if (!record || isExpired(record, ports.now())) {
    throw notFound(job_id);
  }
  return record;
}

/** Either a deployment is under way, or an older version was deployed over a newer one: the operator will know which. */
function checkKnown(job_id: string, outcome: Outcome): void {
  if (outcome === 'newer') {
    throw unavailable(`${job_id} is of a newer version than this function: when its deployment has ended, or that version is deployed again`);
  }
}

function notRetried({ status, error }: JobRecord): string {
  if (status === 'failed') {
    return `no job but a message of another kind (${error?.type}), and cannot be retried: have its sender submit a job`;
  }
  return isTerminal(status)
    ? `${status}: only failed and cancelled jobs are retried. Submit a new job`
    : `${status}: only failed and cancelled jobs are retried. Wait for its end, or cancel it first`;
}

/** As much of an answer as the log needs: what is in a job is the job's. */
function summary(answer: object): object {
  const { outcome, generation, state, retried, would_retry, skipped, stopped, jobs } = answer as Readonly<Record<string, unknown>>;
  return { outcome, generation, state, retried, would_retry, skipped, stopped, ...(Array.isArray(jobs) && { jobs: jobs.length }) };
}
