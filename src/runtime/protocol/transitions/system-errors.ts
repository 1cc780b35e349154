import { JobError, JobRecord, SYSTEM_ERRORS } from '../record';

export function workerLost(record: JobRecord): JobError {
  return {
    type: SYSTEM_ERRORS.workerLost,
    message: `attempt ${record.attempt} ended without a word: its process crashed or ran into its timeout`,
    attempt: record.attempt,
  };
}

/** @param last the error of the last attempt, if there was one */
export function deadlineExceeded(attemptNumber: number, last?: JobError): JobError {
  const message = 'the job was not done by its deadline';
  return {
    type: SYSTEM_ERRORS.deadlineExceeded,
    message: last ? `${message}; its last error: ${last.type}: ${last.message}` : message,
    attempt: attemptNumber,
  };
}

/** The last error known of a job that no attempt is running. */
export function lastError(record: JobRecord): JobError | undefined {
  return record.status === 'processing' ? workerLost(record) : record.error;
}

export function deadLettered(attemptNumber: number): JobError {
  return {
    type: SYSTEM_ERRORS.deadLettered,
    message: 'the queue delivered the message as often as it may without a worker finishing it',
    attempt: attemptNumber,
  };
}

export function invalidMessage(reason: string): JobError {
  return { type: SYSTEM_ERRORS.invalidMessage, message: reason, attempt: 0 };
}
