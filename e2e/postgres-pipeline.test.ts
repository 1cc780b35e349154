import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdictOn } from './fault-run/verdict';
import { assertLedger, readLedger } from './local-cloud/ledger';
import { SIZES } from './postgres/pipeline-stack';
import { callerOf, rows, usePipelines } from './postgres/use-pipelines';
import { Fleet } from './postgres-store/fleet';
import { countIn } from './support/tally';
import { accepted, ended, eventually } from './support/use';
import { iamToken } from '../src/runtime/database/iam-token';
import { message } from '../test/support/job-fixtures';
import { READ_CHANGES, type WrittenChange } from '../test/support/postgres/changes';
import { JobsDatabase } from '../test/support/postgres/jobs-database';

/** That work on jobs beside the functions. */
const PROCESSES = 4;
const CALLERS = 10;

/** Jobs whose records are in PostgreSQL, behind a proxy: each of a job's lives, with the handlers' processes and every role enforced. */
const subject = usePipelines();
const client = () => callerOf(subject(), 'Jobs');
const within = () => callerOf(subject(), 'Rows');
const submit = async (...plan: string[]) => accepted(client(), { plan, journal: subject().journal.file });
const starts = (job_id: string) => subject().journal.entries(job_id).filter(({ event }) => event === 'start');
const effects = async (job_id: string) => rows<{ run: string }>(subject(), 'SELECT run FROM effects WHERE job_id = $1', [job_id]);

test('every type became what the ledger promises', async () => {
  const { cloud, deployed } = subject();
  assertLedger(await readLedger(cloud, deployed.deployment.stacks));
});

test('a job succeeds, and stands in the table under its pipeline', async () => {
  const id = await submit('succeed');
  expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 1, result: { attempt: 1 } });
  expect(await rows(subject(), 'SELECT pipeline, status, finished_at IS NOT NULL AS finished FROM jobworks.jobs WHERE job_id = $1', [id]))
    .toStrictEqual([{ pipeline: 'Postgres.Jobs', status: 'succeeded', finished: true }]);
}, 60_000);

test('one that throws is tried again, and fails with the last error when its attempts are used up', async () => {
  const [again, hopeless] = await Promise.all([submit('throw', 'succeed'), submit('throw')]);
  expect(await ended(client(), again)).toMatchObject({ status: 'succeeded', attempt: 2 });
  expect(await ended(client(), hopeless)).toMatchObject({
    status: 'failed', attempt: SIZES.maxAttempts, error: { type: 'TypeError', message: `attempt ${SIZES.maxAttempts} throws, as planned` },
  });
}, 90_000);

test('one whose process is killed is tried again, from where it was saved', async () => {
  const [killed, saved] = await Promise.all([submit('kill', 'succeed'), submit('save-and-kill', 'succeed')]);
  expect(await ended(client(), killed, 60)).toMatchObject({ status: 'succeeded', attempt: 2 });
  expect(await ended(client(), saved, 60)).toMatchObject({ status: 'succeeded', attempt: 1, result: { step: 2 } });
  expect(starts(saved)).toHaveLength(2);
}, 120_000);

test('one that asks to come back later does, and is not charged', async () => {
  const id = await submit('wait', 'succeed');
  expect(await ended(client(), id)).toMatchObject({ status: 'succeeded', attempt: 1 });
  const [first, second] = starts(id);
  expect(second.at - first.at).toBeGreaterThan(1_900);
}, 60_000);

test('one is cancelled while it waits and while it is at work, and is retried when somebody asks', async () => {
  const working = await submit('save-and-work');
  await eventually(() => 'the attempt', 20, async () => starts(working)[0], 20);
  expect((await client().cancel(working)).status).toBe(202);
  expect(await ended(client(), working)).toMatchObject({ status: 'cancelled' });

  const waiting = await submit('wait-long', 'succeed');
  await eventually(() => 'the wait', 20, async () => ((await client().status(waiting)).body.not_before ? true : undefined));
  expect((await client().cancel(waiting)).status).toBe(202);
  expect(await ended(client(), waiting, 5)).toMatchObject({ status: 'cancelled' });

  const failed = await submit('give-up');
  expect(await ended(client(), failed)).toMatchObject({ status: 'failed', error: { type: 'GivenUp' } });
  expect((await client().retry(failed)).status).toBe(202);
  await eventually(() => 'the retry', 20, async () => starts(failed)[1]);
  expect(await ended(client(), failed)).toMatchObject({ status: 'failed', attempt: 1 });
  expect(await rows(subject(), 'SELECT generation::int FROM jobworks.jobs WHERE job_id = $1', [failed])).toStrictEqual([{ generation: 1 }]);
}, 120_000);

test('the same idempotency key gives one job, and another payload under it is a conflict', async () => {
  const payload = { plan: ['succeed'], journal: subject().journal.file };
  const idempotencyKey = `key-${Date.now()}`;
  const answers = await Promise.all([1, 2, 3].map(async () => client().submit(payload, { idempotencyKey })));
  expect(answers.map(({ status }) => status)).toStrictEqual([202, 202, 202]);
  const [id, ...others] = [...new Set(answers.map(({ body }) => body.job_id))];
  expect(others).toStrictEqual([]);
  await ended(client(), id);
  expect(await client().submit({ plan: ['throw'] }, { idempotencyKey })).toMatchObject({ status: 409, body: { error: { code: 'Conflict' } } });
  expect(starts(id)).toHaveLength(1);
}, 60_000);

test('rows of a handler and the end of its job are one commit', async () => {
  const id = await accepted(within(), { plan: ['commit'] });
  expect(await ended(within(), id)).toMatchObject({ status: 'succeeded', attempt: 1, result: { attempt: 1 } });
  expect(await effects(id)).toStrictEqual([{ run: '1' }]);
}, 60_000);

test('what a handler undid is not there, nor is the end of its job; another attempt does both', async () => {
  const id = await accepted(within(), { plan: ['undo', 'commit'] });
  expect(await ended(within(), id)).toMatchObject({ status: 'succeeded', attempt: 2, result: { attempt: 2 } });
  expect(await effects(id)).toStrictEqual([{ run: '2' }]);
}, 60_000);

test('jobs are listed, and those of another pipeline in the same tables are not', async () => {
  const { body } = await client().list('?limit=100');
  const own = await rows<{ job_id: string }>(subject(), 'SELECT job_id FROM jobworks.jobs WHERE pipeline = $1', ['Postgres.Jobs']);
  expect(body.jobs.map(({ job_id }) => job_id).sort()).toStrictEqual(own.map(({ job_id }) => job_id).sort());
  expect(own.length).toBeGreaterThan(5);
}, 60_000);

test('a hundred jobs at once: none is lost, each ends once, and the connections stay within what the proxy has', async () => {
  const ids = { Jobs: [] as string[], Rows: [] as string[] };
  await Promise.all(Array.from({ length: CALLERS }, async () => { // more at once are more processes than a small machine starts in time
    for (let job = 0; job < 50 / CALLERS; job++) {
      ids.Jobs.push(await submit('succeed'));
      ids.Rows.push(await accepted(within(), { plan: ['commit'] }));
    }
  }));
  await eventually(() => 'the end of all', 120, async () => (await rows(subject(),
    'SELECT FROM jobworks.jobs WHERE job_id = ANY ($1) AND status <> \'succeeded\'', [Object.values(ids).flat()])).length === 0 || undefined, 500);
  for (const pipeline of ['Jobs', 'Rows'] as const) await expectOnce(`Postgres.${pipeline}`, ids[pipeline]);
  const counts = subject().cloud.databases.counts();
  process.stdout.write(`100 jobs: ${counts.mostClients} clients over ${counts.mostServerConnections} connections at most\n`);
  expect(counts.mostServerConnections).toBeLessThanOrEqual(SIZES.pool);
  expect(counts).toMatchObject({ pinned: 0, pinReasons: [], refused: 0 });
}, 200_000);

test('200 workers, each a client of the proxy, share its 20 connections: no error, and none lost', async () => {
  const { cloud, deployed } = subject();
  const ids = await withClients(200, 2_000);
  await expectOnce('Many', ids);
  const counts = cloud.databases.counts(deployed.deployment.output('ProxyHost'));
  expect(counts.mostClients).toBeGreaterThanOrEqual(200);
  expect(counts).toMatchObject({ mostServerConnections: SIZES.pool, pinned: 0 });
}, 200_000);

/** Workers of the library's own store and protocol in four processes; processes of Lambda would be too many for a small machine. */
async function withClients(count: number, jobs: number): Promise<string[]> {
  const { cloud, deployed } = subject();
  const { host, port } = cloud.databases.doors[deployed.deployment.output('ProxyHost')];
  const folder = mkdtempSync(join(tmpdir(), 'jobworks-ca-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, cloud.databases.certificate.certificate);
  const { accessKeyId, secretAccessKey } = cloud.clientConfig.credentials;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: cloud.region });
  const password = await iamToken({ host, port, role: 'app' }, process.env)();
  const now = Date.now();
  const messages = Array.from({ length: jobs }, (_, job) => message({
    job_id: `job_${String(job).padStart(26, '0')}`, owner: `customer:${job % 7}`, created_at: now, deadline_at: now + 3_600_000, max_attempts: 50,
  }));
  const database = cloud.databases.server().request.database!;
  const each = count / PROCESSES;
  const fleet = new Fleet({ host, port, database, caFile, role: 'app', password, pipeline: 'Many', workers: each, connections: each }, messages);
  const ids = messages.map(({ job_id }) => job_id);
  try {
    for (let process = 0; process < PROCESSES; process++) fleet.start();
    await fleet.done();
    expect(fleet.errors).toStrictEqual([]);
    return ids;
  } finally {
    await fleet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By the records, and by what the database itself has written down of each change. */
async function expectOnce(pipeline: string, ids: readonly string[]): Promise<void> {
  const { server, request } = subject().cloud.databases.server();
  const jobs = new JobsDatabase(server, request.database!);
  try {
    const records = await jobs.store(pipeline).index.records(ids);
    const changes = (await rows<WrittenChange>(subject(), READ_CHANGES, [pipeline])).filter(({ job_id }) => ids.includes(job_id));
    const verdict = verdictOn(ids, records, changes);
    countIn(`postgres-pipeline-${pipeline}`, { jobs: ids.length, lost: verdict.lost.length, endedTwice: verdict.endedTwice.length });
    expect(verdict).toStrictEqual({ lost: [], endedTwice: [], untold: [], revived: [] });
    expect(records.map(({ status }) => status)).toStrictEqual(ids.map(() => 'succeeded'));
  } finally {
    jobs.close();
  }
}
