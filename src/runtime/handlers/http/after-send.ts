import { unavailable } from './answer';
import { StepFailed } from '../../store/perform';
import type { Log } from '../../telemetry/log';

/**
 * From the moment its message is sent a job's life goes on, whatever failed after that: the worker makes the record, or reopens it.
 * @param error what was thrown by `perform`
 * @returns the failure, where the message is on its way
 * @throws ApiError where nothing was sent; what is no failure of a step, as it came
 */
export function failureAfterSend(error: unknown, log: Log): StepFailed {
  if (!(error instanceof StepFailed)) {
    throw error;
  }
  if (!error.sent) {
    log.error('not sent', error);
    throw unavailable('the job could not be queued');
  }
  return error;
}
