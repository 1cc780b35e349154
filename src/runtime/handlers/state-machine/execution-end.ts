import type { EndedExecution } from './executions';
import { jsonText, type TextLimit } from '../../node/checks';
import type { JobError } from '../../protocol/record';
import { cut, LONGEST_MESSAGE } from '../../telemetry/error-view';

/** How the attempt ends whose execution has. */
export type ExecutionEnd = { readonly result?: string } | { readonly error: Omit<JobError, 'attempt'>; readonly retry: boolean };

/** What `type` callers see of ends that are the execution's, and no function's own. */
export const EXECUTION_ERROR = {
  failed: 'ExecutionFailed',
  timedOut: 'ExecutionTimedOut',
  /** Somebody stopped it, and did not cancel the job. */
  aborted: 'ExecutionAborted',
} as const;

const LONGEST_TYPE = 128;

/** `JobFailed` as languages decorate the names of classes: another attempt would be of no use. */
const FINAL = /(^|[^A-Za-z0-9_])JobFailed(Exception|Error)?$/;

/** @param limit of a result */
export function executionEnd(execution: EndedExecution, limit: TextLimit): ExecutionEnd {
  const { status, error, cause } = execution;
  switch (status) {
    case 'SUCCEEDED': return resultOf(execution, limit);
    case 'FAILED': return failure(error || EXECUTION_ERROR.failed, wordsOf(cause), !FINAL.test(error ?? ''));
    case 'TIMED_OUT': return failure(EXECUTION_ERROR.timedOut, wordsOf(cause) || 'the execution ran into the timeout of its state machine', true);
    // who stops an execution by hand does not want it to begin again
    case 'ABORTED': return failure(EXECUTION_ERROR.aborted, wordsOf(cause) || 'the execution was stopped', false);
  }
}

/** An output that cannot be kept fails the job: the next attempt would have the same. */
function resultOf({ output }: EndedExecution, limit: TextLimit): ExecutionEnd {
  if (output === undefined) {
    return {};
  }
  try {
    return { result: jsonText('the output of the execution', JSON.parse(output), limit) };
  } catch (error) {
    return failure('InvalidResult', (error as Error).message, false);
  }
}

function failure(type: string, message: string, retry: boolean): ExecutionEnd {
  return { error: { type: cut(type, LONGEST_TYPE), message: cut(message, LONGEST_MESSAGE) }, retry };
}

/** The cause of a function's error is JSON, with its message in it; that of others is a text. */
function wordsOf(cause: string | undefined): string {
  try {
    const { errorMessage } = Object(JSON.parse(cause ?? '')) as { readonly errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause ?? '';
  } catch {
    return cause ?? '';
  }
}
