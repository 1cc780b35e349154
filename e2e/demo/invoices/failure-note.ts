import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** What ends the state or the execution right after a failure, where it is not tried again. */
const GIVEN_UP = /^(TaskStateExited|ExecutionFailed|ExecutionAborted|ExecutionTimedOut)$/;

/**
 * The last failure in an execution and what follows it; nothing where none was. A step is not tried again for `JobFailed`, nor after its last
 * attempt.
 */
export function failureNote(events: readonly HistoryEvent[]): string | undefined {
  const last = events.map(({ taskFailedEventDetails }) => taskFailedEventDetails !== undefined).lastIndexOf(true);
  const error = events[last]?.taskFailedEventDetails?.error;
  if (error === undefined) {
    return undefined;
  }
  const isFinal = error === 'JobFailed' || GIVEN_UP.test(events[last + 1]?.type ?? '');
  return `${error}: the step is ${isFinal ? 'not tried again' : 'tried again'}`;
}
