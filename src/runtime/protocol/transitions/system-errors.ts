import { JobError, JobRecord, SYSTEM_ERRORS } from '../record';

export function workerLost(record: JobRecord): JobError {
  return {
    type: SYSTEM_ERRORS.workerLost,
    message: `attempt ${record.attempt} ended without a word: its process crashed or ran into its timeout`,
    attempt: record.attempt,
  };
}

export function deadlineExceeded(attemptNumber: number): JobError {
  return { type: SYSTEM_ERRORS.deadlineExceeded, message: 'the job was not done by its deadline', attempt: attemptNumber };
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
