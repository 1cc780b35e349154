import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { overlaps, verdictOn } from './fault-run/verdict';
import { Fleet } from './postgres-store/fleet';
import { endsWithin } from './postgres-store/wire';
import { countIn } from './support/tally';
import { readFolder } from '../src/runtime/migrations/folder';
import { migrate } from '../src/runtime/migrations/migrate';
import { PgConnection } from '../src/runtime/migrations/pg-connection';
import type { JobMessage } from '../src/runtime/protocol/message';
import type { JobRecord } from '../src/runtime/protocol/record';
import { storeOn } from '../src/runtime/store/postgres/postgres-store';
import { LIBRARY_TABLES } from '../src/runtime/wire/migrations';
import { message } from '../test/support/job-fixtures';
import { READ_CHANGES, WRITE_DOWN_CHANGES, type WrittenChange } from '../test/support/postgres/changes';
import { JobsDatabase } from '../test/support/postgres/jobs-database';
import { PostgresServer } from '../test/support/postgres/server';

/**
 * Many workers, few connections, and a server that is lost: jobs in a real PostgreSQL, by the library's own store, pool and protocol in processes of
 * their own. What happened is what the database itself has written down, in the same transaction as each change of a record.
 */

const PROCESSES = 4;
/** At once in each process. */
const WORKERS = 50;
/** Of each process: 20 in all. */
const CONNECTIONS = 5;
const ATTEMPT_SECONDS = 3;
const JOBS = Number(process.env.POSTGRES_JOBS ?? 5_000);
const CALM_JOBS = Math.ceil(JOBS / 5);
const PASSWORD = 'of the application';

/** What a user's migrations make: a table of the handler's own rows, and one of every change of every record. */
const USERS = {
  '0001_effects.sql': 'CREATE TABLE effects (job_id text NOT NULL, run bigint NOT NULL)',
  '0002_changes.sql': WRITE_DOWN_CHANGES,
};

let server: PostgresServer;
let database: string;
let fleet: Fleet;

beforeAll(async () => { server = await PostgresServer.start({ maxConnections: 40 }); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => {
  database = await server.createDatabase();
  const histories = [
    { name: 'jobworks', files: readFolder(join(__dirname, '../src/runtime/store/postgres/schema')) },
    { name: 'app', files: Object.entries(USERS).map(([name, text]) => ({ name, text })) },
  ];
  const roles = [{ name: 'app', access: 'write', password: PASSWORD, libraryTables: LIBRARY_TABLES } as const];
  await server.asMaster(database, async (client) => migrate(new PgConnection(client), histories, { roles }));
});
afterEach(async () => fleet?.stop());

/** Everything that was submitted is to be found, whoever is killed. */
function submissions(count: number): JobMessage[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, job) => message({
    job_id: `job_${String(job).padStart(26, '0')}`, owner: `customer:${job % 7}`, created_at: now, deadline_at: now + 3_600_000, max_attempts: 50,
  }));
}

function begin(count: number): void {
  const { host, port, caFile } = server;
  const task = { host, port, database, caFile, role: 'app', password: PASSWORD, pipeline: 'many', workers: WORKERS, connections: CONNECTIONS };
  fleet = new Fleet(task, submissions(count));
  for (let process = 0; process < PROCESSES; process++) fleet.start();
}

/** The most connections that the application had at any moment that was looked at, until all is done. */
async function watched(all: Promise<void>): Promise<{ most: number; looks: number }> {
  let done = false;
  const ended = all.finally(() => { done = true; });
  const found = { most: 0, looks: 0 };
  while (!done) {
    await server.asMaster('postgres', async (client) => {
      client.on('error', () => {});
      while (!done) {
        const { rows: [{ count }] } = await client.query<{ count: number }>('SELECT count(*)::integer FROM pg_stat_activity WHERE usename = \'app\'');
        found.most = Math.max(found.most, count);
        found.looks++;
        await sleep(10);
      }
    }).catch(async () => sleep(50)); // the server is away
  }
  await ended;
  return found;
}

interface Seen {
  readonly records: readonly JobRecord[];
  readonly changes: readonly WrittenChange[];
  /** How many rows a job has left. */
  readonly effects: ReadonlyMap<string, number>;
}

async function seen(): Promise<Seen> {
  const rows = async <Row extends object>(text: string, values?: unknown[]): Promise<Row[]> =>
    (await server.asMaster(database, async (client) => client.query<Row>(text, values))).rows;
  const ids = (await rows<{ job_id: string }>('SELECT job_id FROM jobworks.jobs')).map(({ job_id }) => job_id);
  const jobs = new JobsDatabase(server, database);
  try {
    return {
      records: await storeOn(jobs.pool(), 'many', { connectMs: 20_000, answerMs: 20_000, repeatWithinMs: 0 }).index.records(ids),
      changes: await rows<WrittenChange>(READ_CHANGES, ['many']),
      effects: new Map((await rows<{ job_id: string; count: number }>('SELECT job_id, count(*)::integer FROM effects GROUP BY 1'))
        .map(({ job_id, count }) => [job_id, count])),
    };
  } finally {
    jobs.close();
  }
}

/** That each job which was accepted ended once and well, with all that belongs to it. */
async function expectAllDone(name: string, count: number): Promise<void> {
  const { records, changes, effects } = await seen();
  const verdict = verdictOn([...fleet.accepted], records, changes);
  countIn(name, { jobs: count, lost: verdict.lost.length, endedTwice: verdict.endedTwice.length });
  expect(fleet.accepted.size).toBe(count);
  expect(records).toHaveLength(count);
  expect(verdict).toStrictEqual({ lost: [], endedTwice: [], untold: [], revived: [] });
  expect(records.filter(({ status, result, job_id }) => status !== 'succeeded' || result !== JSON.stringify(job_id))).toStrictEqual([]);
  // rows of handlers that ended with them: once, however often the handler ran
  expect(records.filter(({ job_id }) => (effects.get(job_id) ?? 0) !== (endsWithin(job_id) ? 1 : 0))).toStrictEqual([]);
  expect(overlaps(fleet.journal, ATTEMPT_SECONDS)).toStrictEqual([]);
}

const attempts = (): number => fleet.journal.filter(({ event }) => event === 'start').length;

test('200 workers share 20 connections: no error, no job lost, and never one connection more', async () => {
  begin(CALM_JOBS);
  const { most, looks } = await watched(fleet.done());
  expect(fleet.errors).toStrictEqual([]);
  expect(looks).toBeGreaterThan(20);
  expect(most).toBeLessThanOrEqual(PROCESSES * CONNECTIONS);
  expect(most).toBeGreaterThan(PROCESSES * CONNECTIONS / 2); // they were shared, and needed
  await expectAllDone('postgres-calm', CALM_JOBS);
  expect(attempts()).toBe(CALM_JOBS); // messages that came twice have begun nothing
}, 300_000);

test(`${JOBS} jobs, the server lost twice and a process killed: none is lost, and each ends once`, async () => {
  const started = Date.now();
  begin(JOBS);
  const trouble = (async () => {
    await fleet.until(JOBS * 0.2);
    await server.crash();
    await fleet.until(JOBS * 0.5);
    await fleet.killOne();
    fleet.start();
    await fleet.until(JOBS * 0.8);
    await server.lose();
    await sleep(1_000);
    await server.comeBack();
  })();
  const [{ most }] = await Promise.all([watched(fleet.done()), trouble]);
  const seconds = (Date.now() - started) / 1_000;
  process.stdout.write(`${JOBS} jobs in ${seconds.toFixed(0)} s by ${PROCESSES * WORKERS} workers over at most ${most} connections: `
    + `${attempts()} attempts, ${fleet.errors.length} errors told\n`);

  expect(most).toBeLessThanOrEqual(PROCESSES * CONNECTIONS);
  expect(attempts()).toBeGreaterThan(JOBS); // or else nothing was disturbed
  expect(fleet.errors.filter((error) => !/57P0[123]|ECONN|EPIPE|Connection terminated|server closed|not queryable/.test(error))).toStrictEqual([]);
  await expectAllDone('postgres-crash', JOBS);
}, 600_000); // how long it takes is told, and not judged
