import type { WriteStep } from '../../../../src/runtime/protocol/decision';
import type { JobRecord } from '../../../../src/runtime/protocol/record';
import { apply, holds } from '../../../../src/runtime/protocol/write';
import type { PostgresJobStore } from '../../../../src/runtime/store/postgres/postgres-job-store';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { PostgresServer } from '../../../support/postgres/server';
import { scenarios } from '../../protocol/scheduler/bounds';
import { REAL } from '../../protocol/scheduler/rules';
import { search } from '../../protocol/scheduler/search';

/*
 * The search that takes the protocol through every interleaving of calls, with crashes before and after each, asks a store one thing: whether a
 * write holds on what is there, and what is there afterwards. So every such question that comes up in a search is put to the database. Whatever
 * the search has found of the rules then holds on PostgreSQL.
 */

/** Attempts, crashes and duplicates of the search: `2 1 1` is all that `npm run scheduler` comes to by default, and takes minutes. */
const [ATTEMPTS, CRASHES, DUPLICATES] = (process.env.JOBWORKS_SCHEDULER_DEPTH ?? '1 0 1').split(' ').map(Number);

/** Left out by the search, since no decision looks at it. */
const SHOWN = { created_at: 1, updated_at: 1, correlation_id: 'c' };

interface Asked {
  readonly step: WriteStep;
  readonly stored: JobRecord | undefined;
  readonly now: number;
}

let server: PostgresServer;
let database: JobsDatabase;
let asked: Asked[];

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
  asked = questions();
}, 600_000);

afterAll(async () => {
  database?.close();
  await server?.stop();
});

function questions(): Asked[] {
  const found = new Map<string, Asked>();
  for (const { bounds } of scenarios(ATTEMPTS, CRASHES, DUPLICATES)) {
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

function named(step: WriteStep, job_id: string): WriteStep {
  return step.do === 'create' ? { ...step, record: { ...step.record, ...SHOWN, job_id } } : { ...step, job_id };
}

async function answered(store: PostgresJobStore, { step, stored, now }: Asked): Promise<void> {
  const job_id = step.do === 'create' ? step.record.job_id : step.job_id;
  if (stored) {
    expect(await store.write({ do: 'create', record: stored, over_fresh: false }, now)).toEqual({ held: true });
  }
  const held = holds(step, stored, now);
  expect(await store.write(step, now)).toEqual(held ? { held } : { held, stored });
  expect(await store.read(job_id)).toEqual(held ? apply(step, stored) : stored);
}

test('every write of a search through all interleavings does in PostgreSQL what the protocol says', async () => {
  expect(asked.length).toBeGreaterThan(500);
  expect(asked.filter(({ step, stored, now }) => holds(step, stored, now)).length).toBeGreaterThan(100);
  const { store } = database.store('scheduler', database.pool({ maxConnections: 8 }));
  const left = [...asked];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let question = left.pop(); question; question = left.pop()) {
      await answered(store, question);
    }
  }));
}, 300_000);
