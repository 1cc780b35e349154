import { decide } from '../../protocol/decide';
import type { Outcome } from '../../protocol/decision';
import type { JobRecord, JobStatus } from '../../protocol/record';
import { perform, Ports, StepFailed } from '../../store/perform';
import type { Log } from '../../telemetry/log';
import type { PipelineMetrics } from '../../telemetry/pipeline-metrics';
import { ERROR_CODE } from '../../wire/http';
import { METRIC } from '../../wire/metrics';
import { failureAfterSend } from '../http/after-send';
import { Answer, ApiError, unavailable } from '../http/answer';
import { locationOf, resourcePathOf } from '../http/location';
import { noSuchJob, ownRecord } from '../http/own-record';
import type { OwnerOf } from '../http/owner';
import type { Request } from '../http/route';
import type { SubmitLimit } from '../limit/submit-limit';
import type { StopExecution } from '../state-machine/stop-execution';

/** What an owner changes its jobs with. */
export interface ChangeParts {
  readonly ports: Ports;
  readonly ownerOf: OwnerOf;
  /** What limits the jobs that an owner submits; none where they are not counted. A retry starts a job anew, and is counted as one. */
  readonly limit?: SubmitLimit;
  /** From a retry to the time at which the job is failed if it has not ended. */
  readonly deadlineSeconds: number;
  /** Paths with `{job_id}`. */
  readonly cancelPath: string;
  readonly retryPath: string;
  readonly statusPath: string;
  /** Where attempts are executions of a state machine. */
  readonly stopExecution?: StopExecution;
  readonly metrics: Pick<PipelineMetrics, 'count'>;
}

/** The job in the path, if it is the caller's, and the log for what is done about it. */
interface Asked {
  readonly record: JobRecord;
  readonly log: Log;
}

/** `POST /jobs/{job_id}/cancel` and `/retry`, whatever their paths are. */
export async function change(request: Request, parts: ChangeParts): Promise<Answer> {
  switch (resourcePathOf(request.event)) {
    case parts.cancelPath: return cancelJob(request, parts);
    case parts.retryPath: return retryJob(request, parts);
    default: throw new ApiError(404, ERROR_CODE.notFound, 'no such route');
  }
}

/** Cancels a job: at once while it is queued; one that runs is asked to stop. To cancel again does nothing more. */
async function cancelJob(request: Request, { ports, ownerOf, metrics, stopExecution }: ChangeParts): Promise<Answer> {
  const { record: { job_id }, record: found, log } = await asked(request, ownerOf, ports);
  const { outcome, record } = await orUnavailable('the job could not be cancelled', log, async () => perform({ type: 'cancel' }, found, ports));
  if (!record) {
    throw noSuchJob();
  }
  checkKnown(outcome);
  if (outcome === 'already_ended' && record.status !== 'cancelled') {
    throw new ApiError(409, ERROR_CODE.conflict, `the job has ended already: it is ${record.status}`);
  }
  if (outcome === 'cancelled') {
    metrics.count(METRIC.cancelled);
  }
  if (outcome === 'cancel_requested') {
    await stopExecution?.(record, log);
  }
  log.info('cancel', { outcome });
  return { status: 202, body: { job_id, status: record.status, ...(record.cancel_requested && { cancel_requested: true }) } };
}

/** Runs a job again that failed or was cancelled, from its last checkpoint and with all its attempts: 202 from the moment its message is sent. */
async function retryJob(request: Request, { ports, ownerOf, limit, deadlineSeconds, statusPath }: ChangeParts): Promise<Answer> {
  const { record: found, log } = await asked(request, ownerOf, ports);
  const event = { type: 'retry', generation: found.generation, deadline_at: ports.now() + deadlineSeconds * 1000 } as const;
  if (limit && decide(found, event, ports.now()).steps.some((step) => step.do === 'send')) { // what is refused anyway is not counted
    await limit.admit(found.owner, 1, log);
  }
  const accepted = (status: JobStatus): Answer => ({
    status: 202,
    body: { job_id: found.job_id, status },
    headers: { Location: locationOf(found.job_id, request.event, statusPath) },
  });
  try {
    const { outcome, record } = await perform(event, found, ports);
    if (!record) {
      throw noSuchJob();
    }
    checkKnown(outcome);
    if (outcome === 'not_retryable') {
      throw new ApiError(409, ERROR_CODE.conflict, `the job is ${record.status}: one is retried after it has failed or was cancelled`);
    }
    log.info('retry', { outcome, generation: record.generation });
    return accepted(record.status);
  } catch (error) {
    log.warn('retried without a record', failureAfterSend(error, log));
    return accepted('queued');
  }
}

async function asked({ event, log }: Request, ownerOf: OwnerOf, { store, now }: Ports): Promise<Asked> {
  const owner = ownerOf(event);
  const job_id = event.pathParameters?.job_id ?? '';
  const record = await ownRecord(job_id, owner, { store, now }, log.with({ job_id, owner }));
  return { record, log: log.with({ job_id, owner, job_correlation_id: record.correlation_id }) };
}

/** A deployment is under way, and has changed the job's record already: whoever is asked next may know it. */
function checkKnown(outcome: Outcome): void {
  if (outcome === 'newer') {
    throw unavailable('the job is of a version that is being deployed');
  }
}

async function orUnavailable<Done>(message: string, log: Log, step: () => Promise<Done>): Promise<Done> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof StepFailed)) {
      throw error;
    }
    log.error('the store did not answer', error);
    throw unavailable(message);
  }
}
