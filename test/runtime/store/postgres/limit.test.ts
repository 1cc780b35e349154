import { ApiError } from '../../../../src/runtime/handlers/http/answer';
import { SubmitLimit } from '../../../../src/runtime/handlers/limit/submit-limit';
import { NOW } from '../../../support/job-fixtures';
import { JobsDatabase } from '../../../support/postgres/jobs-database';
import { PostgresServer } from '../../../support/postgres/server';
import { MemoryLog } from '../../../support/worker-harness';

/* The exact limit of submissions, counted in PostgreSQL by functions that each have a connection of their own. */

const PER_MINUTE = 60;
const BURST = 5;
const CLIENTS = 8;
const MINUTE_MS = 60_000;

let server: PostgresServer;
let database: JobsDatabase;
let now: number;
const log = new MemoryLog();

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
}, 60_000);
beforeEach(() => { now = NOW - (NOW % MINUTE_MS) + 20_000; });
afterAll(async () => {
  database?.close();
  await server?.stop();
});

function clients(pipeline: string): SubmitLimit[] {
  return Array.from({ length: CLIENTS }, () =>
    new SubmitLimit(database.store(pipeline, database.pool({ maxConnections: 1 })).counter, PER_MINUTE + BURST, () => now));
}

/** What each was told: how many jobs were let in, and those who were not. */
async function ask(limits: readonly SubmitLimit[], owner: string, times: number, jobs = 1): Promise<{ accepted: number; refused: ApiError[] }> {
  const refused: ApiError[] = [];
  let accepted = 0;
  await Promise.all(limits.map(async (limit) => {
    for (let time = 0; time < times; time++) {
      await limit.admit(owner, jobs, log).then(() => { accepted += jobs; }, (error: ApiError) => { refused.push(error); });
    }
  }));
  return { accepted, refused };
}

test.each([1, 2, 3, 4, 5, 6])('exactly 60 and the burst are let in within a minute of the clock, of eight at once; another owner is not concerned (%d)', async (round) => {
  const limits = clients('limited');
  const [flood, quiet] = await Promise.all([ask(limits, `customer:flood-${round}`, 20), ask(limits, `customer:quiet-${round}`, 5)]);
  expect(flood.accepted).toBe(PER_MINUTE + BURST);
  expect(flood.refused).toHaveLength(CLIENTS * 20 - PER_MINUTE - BURST);
  for (const error of flood.refused) {
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 429, code: 'TooManyRequests', headers: { 'Retry-After': '40' } });
  }
  expect(quiet).toEqual({ accepted: CLIENTS * 5, refused: [] });
  expect(log.lines).toEqual([]); // nothing was let through without being counted
});

test('the next minute begins anew, to the millisecond', async () => {
  const limits = clients('by-the-minute');
  expect((await ask(limits, 'customer:acme', 10)).accepted).toBe(PER_MINUTE + BURST);
  now += 39_999;
  expect((await ask(limits, 'customer:acme', 1)).accepted).toBe(0);
  now += 1;
  expect((await ask(limits, 'customer:acme', 10)).accepted).toBe(PER_MINUTE + BURST);
});

test('jobs that are submitted together are let in together or not at all', async () => {
  const { accepted } = await ask(clients('together'), 'customer:acme', 4, 7);
  expect(accepted).toBe(63); // nine times seven: a tenth would be more than 65
  expect((await ask(clients('together'), 'customer:acme', 1, 2)).accepted).toBe(2);
});

test('each pipeline counts for itself', async () => {
  await ask(clients('one'), 'customer:acme', 10);
  expect((await ask(clients('other'), 'customer:acme', 10)).accepted).toBe(PER_MINUTE + BURST);
});
