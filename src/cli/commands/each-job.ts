import { Command, DONE, FAILED, print, type Task } from './command';
import { Failure, Refusal } from '../io';
import { printable, wrapped } from '../text';

/** What became of one of several jobs. */
type End = { readonly job_id: string } & ({ readonly [name: string]: unknown } | Refused);
type Refused = { readonly error: { readonly code: string; readonly message: string } };

/**
 * Asks for each job on its own: one that is refused keeps no other. What goes wrong otherwise would go wrong with the next, too, and ends it.
 * @param action as the operate function calls it
 * @param text what is said of an answer
 */
async function eachJob(task: Task, action: 'retry' | 'cancel', text: (answer: Readonly<Record<string, unknown>>) => string): Promise<number> {
  const ends: End[] = [];
  let stopped: Failure | undefined;
  for (const job_id of new Set(task.job_ids)) {
    try {
      ends.push(stopped ? refused(job_id, 'NotTried', 'not tried, after what went wrong before') : {
        job_id, ...await task.operator.ask<object>({ action, job_id }),
      });
    } catch (error) {
      if (!(error instanceof Failure) || (ends.length === 0 && !(error instanceof Refusal))) {
        throw error;
      }
      stopped = error instanceof Refusal ? undefined : error;
      ends.push(refused(job_id, error instanceof Refusal ? error.code : 'Failed', error.message));
    }
  }
  print(task, { jobs: ends }, ({ green, red }, width) => ends.map((end) => {
    const [what, paint] = isRefused(end) ? [printable(withoutId(end.error.message, end.job_id)), red] : [text(end), green];
    return end.job_id + paint(wrapped(`${end.job_id}  ${what}`, width, '  ').slice(end.job_id.length));
  }).join('\n'));
  return ends.some(isRefused) ? FAILED : DONE;
}

function refused(job_id: string, code: string, message: string): End {
  return { job_id, error: { code, message } };
}

/** It stands before it already. */
function withoutId(message: string, job_id: string): string {
  return message.startsWith(`${job_id} `) ? message.slice(job_id.length + 1) : message;
}

function isRefused(end: End): end is End & Refused {
  return 'error' in end;
}

export const cancel: Command = async (task) => eachJob(task, 'cancel', ({ status }) =>
  status === 'cancelled' ? 'cancelled' : 'to be cancelled at its next report');

export const retryEach: Command = async (task) => eachJob(task, 'retry', ({ generation }) => `retried (generation ${String(generation)})`);
