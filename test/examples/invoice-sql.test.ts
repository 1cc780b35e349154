import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Client } from 'pg';
import { readFolder } from '../../src/runtime/migrations/folder';
import { migrate } from '../../src/runtime/migrations/migrate';
import { PgConnection } from '../../src/runtime/migrations/pg-connection';
import { uploadKey } from '../../src/runtime/store/files/keys';
import { JobsDatabase } from '../support/postgres/jobs-database';
import { PostgresServer } from '../support/postgres/server';

/** The SQL of the invoice extraction, on a real server, and what its last step writes. */
const EXAMPLE = join(__dirname, '../../examples/typescript/invoice-extraction');
const { complete } = createRequire(__filename)(join(EXAMPLE, 'handler/complete.js')) as Step;

interface Step {
  complete(input: object, database: Pick<Client, 'query'>): Promise<unknown>;
}

const [PIPELINE, OWNER, PASSWORD] = ['invoices', 'customer:acme', 'test-only'];
const UPLOAD = 'upl_01HZZZZZZZZZZZZZZZZZZZZZZZ';

let server: PostgresServer;
let database: JobsDatabase;
let app: Client;

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await JobsDatabase.on(server);
  const roles = [{ name: 'app', access: 'write', password: PASSWORD }, { name: 'readonly', access: 'read', password: PASSWORD }] as const;
  await server.asMaster(database.name, async (client) => migrate(new PgConnection(client), [{ name: 'app', files: readFolder(join(EXAMPLE, 'sql')) }], { roles }));
  app = await as('app');
}, 60_000);
afterAll(async () => {
  await app?.end();
  await server?.stop();
});
afterEach(async () => { await database.rows('DELETE FROM jobworks.jobs'); });

async function as(user: string): Promise<Client> {
  const client = new Client({ connectionString: server.url(database.name, user, PASSWORD) });
  await client.connect();
  return client;
}

/** A job as the library has it. */
async function job(job_id: string, columns: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const row: Record<string, unknown> = {
    pipeline: PIPELINE,
    job_id,
    owner: OWNER,
    status: 'queued',
    generation: 0,
    run: 0,
    attempt: 0,
    max_attempts: 1,
    cancel_requested: false,
    created_at: '2026-10-01T08:00:00Z',
    updated_at: '2026-10-01T08:01:00Z',
    deadline_at: '2026-10-04T08:00:00Z',
    retention_seconds: 60,
    stages_completed: [],
    payload: JSON.stringify({ upload_id: UPLOAD }),
    payload_hash: 'h',
    correlation_id: 'c',
    version: 1,
    write_id: 'w',
    ...columns,
  };
  const names = Object.keys(row);
  await database.rows(`INSERT INTO jobworks.jobs (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`, Object.values(row));
}

const select = async (text: string) => (await app.query<Record<string, unknown>>(text)).rows;

test('a job has the columns of the system, and the key of its file', async () => {
  await job('job_1', { status: 'failed', error: { type: 'JobFailed', message: 'the text is no invoice', attempt: 1 } });
  expect(await select('SELECT * FROM jobs')).toStrictEqual([{
    id: 'job_1',
    api_key_id: OWNER,
    status: 'failed',
    pdf_url: uploadKey('', OWNER, UPLOAD).slice(1),
    created_at: new Date('2026-10-01T08:00:00Z'),
    updated_at: new Date('2026-10-01T08:01:00Z'),
    error_message: 'the text is no invoice',
  }]);
});

test('the key is right for owners whose hash has any letter that base64 knows', async () => {
  const owners = Array.from({ length: 40 }, (_, i) => `customer:${i}-ä`);
  expect(owners.map((owner) => createHash('sha256').update(owner).digest('base64')).join('')).toMatch(/\+.*\/|\/.*\+/);
  await Promise.all(owners.map(async (owner, i) => job(`job_${i}`, { owner })));
  const keys = new Map((await select('SELECT api_key_id, pdf_url FROM jobs')).map(({ api_key_id, pdf_url }) => [api_key_id, pdf_url]));
  expect(keys).toStrictEqual(new Map(owners.map((owner) => [owner, uploadKey('', owner, UPLOAD).slice(1)])));
});

test.each([['no JSON', '{'], ['in a file', 's3:some/key'], ['without an upload', '{}']])('a payload that is %s hides no job', async (_, payload) => {
  await job('job_1', { payload });
  expect(await select('SELECT id, pdf_url FROM jobs')).toStrictEqual([{ id: 'job_1', pdf_url: null }]);
});

test('jobs of others, and jobs that have expired, are none', async () => {
  await job('job_1', { pipeline: 'others' });
  await job('job_2', { expires_at: '2026-01-01T00:00:00Z' });
  expect(await select('SELECT * FROM jobs')).toStrictEqual([]);
});

describe('among many jobs', () => {
  beforeAll(async () => {
    await job('job_0');
    const columns = (await database.rows<{ name: string }>(`SELECT column_name AS name FROM information_schema.columns
      WHERE table_schema = 'jobworks' AND table_name = 'jobs' AND column_name NOT IN ('job_id', 'status', 'created_at')`)).map(({ name }) => name).join(', ');
    await database.rows(`INSERT INTO jobworks.jobs (job_id, status, created_at, ${columns})
      SELECT 'job_' || n, CASE WHEN n % 100 = 0 THEN 'failed' ELSE 'succeeded' END, created_at + n * interval '1 minute', ${columns}
      FROM jobworks.jobs, generate_series(1, 5000) n`);
    await database.rows('ANALYZE jobworks.jobs');
  });

  test('those of a status, and those of a time, are found by an index', async () => {
    const plan = async (condition: string) => JSON.stringify(await select(`EXPLAIN SELECT * FROM jobs WHERE ${condition}`));
    expect(await plan('status = \'failed\'')).toContain('idx_jobs_status');
    expect(await plan('created_at > \'2026-10-04T12:00:00Z\'')).toContain('idx_jobs_created_at');
  });
});

test('whoever has submitted jobs is a key without its value', async () => {
  await job('job_1');
  await job('job_2', { created_at: '2026-09-01T00:00:00Z' });
  await job('job_3', { owner: 'customer:globex' });
  expect(await select('SELECT * FROM api_keys ORDER BY name')).toStrictEqual([
    { id: OWNER, key_value: null, name: 'acme', is_active: null, created_at: new Date('2026-09-01T00:00:00Z') },
    { id: 'customer:globex', key_value: null, name: 'globex', is_active: null, created_at: new Date('2026-10-01T08:00:00Z') },
  ]);
});

test.each(['UPDATE jobs SET status = \'succeeded\'', 'DELETE FROM jobs', 'INSERT INTO jobs (id) VALUES (\'job_1\')'])('nobody changes a job by "%s"', async (statement) => {
  const readonly = await as('readonly');
  try {
    for (const client of [app, readonly]) {
      await expect(client.query(statement)).rejects.toThrow(/permission denied for view jobs/);
    }
    await expect(readonly.query('SELECT * FROM jobs, api_keys, job_results')).resolves.toMatchObject({ rows: [] });
  } finally {
    await readonly.end();
  }
});

describe('the last step', () => {
  const input = { job_id: 'job_1', correlation_id: 'c' };
  const result = { extracted_data: { number: 'RE-1 "ä"', items: [], total: 1 }, confidence_score: 0.9, tokens_used: 12 };
  const rows = async () => select('SELECT job_id, extracted_data, confidence_score::float, tokens_used FROM job_results');

  beforeEach(() => { ['info', 'error'].forEach((level) => jest.spyOn(console, level as 'info').mockImplementation(() => {})); });
  afterEach(async () => {
    jest.restoreAllMocks();
    await database.rows('DELETE FROM job_results');
  });

  test('writes one row a job, also when it is repeated', async () => {
    await complete({ ...input, result: { ...result, tokens_used: 11 } }, app);
    await expect(complete({ ...input, result }, app)).resolves.toStrictEqual(result);
    expect(await rows()).toStrictEqual([{ job_id: 'job_1', ...result }]);
  });

  test('leaves no row of a job that failed', async () => {
    await complete({ ...input, result }, app);
    await complete({ ...input, result, error: { Error: 'JobFailed', Cause: '' } }, app);
    expect(await rows()).toStrictEqual([]);
  });

  test('cannot write what is no share and no count', async () => {
    await expect(complete({ ...input, result: { ...result, confidence_score: 1.1 } }, app)).rejects.toThrow(/confidence_score/);
    await expect(complete({ ...input, result: { ...result, tokens_used: -1 } }, app)).rejects.toThrow(/tokens_used/);
  });
});
