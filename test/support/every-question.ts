import type { WriteStep } from '../../src/runtime/protocol/decision';
import type { JobRecord } from '../../src/runtime/protocol/record';
import { apply, holds } from '../../src/runtime/protocol/write';
import type { JobStore } from '../../src/runtime/store/job-store';
import { scenarios } from '../runtime/protocol/scheduler/bounds';
import { REAL } from '../runtime/protocol/scheduler/rules';
import { search } from '../runtime/protocol/scheduler/search';

/*
 * The search that takes the protocol through every interleaving of calls, with crashes before and after each, asks a store one thing: whether a
 * write holds on what is there, and what is there afterwards. So every such question that comes up in a search is put to an adapter. Whatever
 * the search has found of the rules then holds on it.
 */

/** Left out by the search, since no decision looks at it. */
const SHOWN = { created_at: 1, updated_at: 1, correlation_id: 'c' };

export interface Question {
  readonly step: WriteStep;
  readonly stored: JobRecord | undefined;
  readonly now: number;
}

/** Every question that comes up when there are so many attempts, crashes and duplicates: each once, about a job of its own. */
export function everyQuestion(attempts: number, crashes: number, duplicates: number): Question[] {
  const found = new Map<string, Question>();
  for (const { bounds } of scenarios(attempts, crashes, duplicates)) {
    search(bounds, {
      ...REAL,
      holds: (step, stored, now) => {
        const expired = stored?.expires_at !== undefined && stored.expires_at * 1000 <= now;
        const id = `job_${found.size}`;
        const key = JSON.stringify([step, stored, expired]);
        if (!found.has(key)) {
          found.set(key, { step: named(step, id), stored: stored && { ...stored, ...SHOWN, job_id: id }, now });
        }
        return REAL.holds(step, stored, now);
      },
    });
  }
  return [...found.values()];
}

/** Puts all of them to a store, several at once, and expects what the protocol says. */
export async function expectEveryAnswer(store: JobStore, questions: readonly Question[]): Promise<void> {
  const left = [...questions];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let question = left.pop(); question; question = left.pop()) {
      await expectAnswer(store, question);
    }
  }));
}

async function expectAnswer(store: JobStore, { step, stored, now }: Question): Promise<void> {
  const job_id = step.do === 'create' ? step.record.job_id : step.job_id;
  if (stored) {
    expect(await store.write({ do: 'create', record: stored, over_fresh: false }, now)).toEqual({ held: true });
  }
  const held = holds(step, stored, now);
  expect(await store.write(step, now)).toEqual(held ? { held } : { held, stored });
  expect(await store.read(job_id)).toEqual(held ? apply(step, stored) : stored);
}

function named(step: WriteStep, job_id: string): WriteStep {
  return step.do === 'create' ? { ...step, record: { ...step.record, ...SHOWN, job_id } } : { ...step, job_id };
}
