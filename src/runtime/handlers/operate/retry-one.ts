import type { JobRecord } from '../../protocol/record';
import { perform, Performed, Ports, StepFailed } from '../../store/perform';
import type { Log } from '../../telemetry/log';

export interface RetryParts {
  readonly ports: Ports;
  /** From a retry to the time at which the job is failed if it has not ended. */
  readonly deadlineSeconds: number;
  readonly log: Log;
}

/**
 * Retries a job as it was seen to have ended. Once its message is sent it runs again, also when its record could not be written:
 * the worker does that then.
 * @throws if nothing was sent
 */
export async function retryOne(record: JobRecord, { ports, deadlineSeconds, log }: RetryParts): Promise<Pick<Performed, 'outcome' | 'record'>> {
  const { job_id, owner, correlation_id, generation } = record;
  const jobLog = log.with({ job_id, owner, correlation_id });
  try {
    const done = await perform({ type: 'retry', generation, deadline_at: ports.now() + deadlineSeconds * 1000 }, record, ports);
    jobLog[done.outcome === 'newer' ? 'warn' : 'info']('retry', { outcome: done.outcome, generation: done.record?.generation });
    return done;
  } catch (error) {
    if (error instanceof StepFailed && error.sent) {
      jobLog.warn('retried without a record', error);
      return { outcome: 'retried', record: { ...record, generation: generation + 1 } };
    }
    jobLog.error('not retried', error as Error);
    throw error;
  }
}
