import { JobMessage } from '../message';
import { Changes } from '../write';

/** A record put back to the start of its next generation; its checkpoint stays, for the next attempt to go on from. */
export function reopened(message: JobMessage): Changes {
  return {
    status: 'queued',
    generation: message.generation,
    attempt: 0,
    max_attempts: message.max_attempts,
    deadline_at: message.deadline_at,
    cancel_requested: false,
    checkpoint_run: undefined,
    not_before: undefined,
    lease_expires_at: undefined,
    started_at: undefined,
    finished_at: undefined,
    result: undefined,
    error: undefined,
    expires_at: undefined,
  };
}
