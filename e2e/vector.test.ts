import { Client } from 'pg';
import { vectorServer } from './vector/server';
import type { MigrationEvent } from '../src/runtime/migrations/events';
import { migrate, type Migrated, type MigrateOptions } from '../src/runtime/migrations/migrate';
import { PgConnection } from '../src/runtime/migrations/pg-connection';
import { PostgresServer } from '../test/support/postgres/server';

/** Embeddings as an application has them: a table, an index for the nearest, and a role that may read and write but not change either. */

let server: PostgresServer;
let database: string;
beforeAll(async () => { server = await vectorServer(); }, 180_000); // making the Python environment included
afterAll(async () => server?.stop());
beforeEach(async () => { database = await server.createDatabase(); });

const DIMENSIONS = 8;
const ROWS = 1_000;
/** Each points another way: their angles are spread evenly, so that which are nearest can be said without a database. */
const angle = (id: number): number => (2 * Math.PI * id) / ROWS;
const embedding = (id: number): string => `[${[Math.cos(angle(id)), Math.sin(angle(id)), ...Array<number>(DIMENSIONS - 2).fill(0)].join(',')}]`;

const FILES = {
  '0001_documents.sql': `CREATE TABLE documents (id integer PRIMARY KEY, embedding vector(${DIMENSIONS}) NOT NULL)`,
  '0002_nearest.sql': '-- jobworks: no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS documents_nearest;\n'
    + 'CREATE INDEX CONCURRENTLY documents_nearest ON documents USING hnsw (embedding vector_cosine_ops)',
};

async function apply(options: MigrateOptions, files: Readonly<Record<string, string>> = FILES): Promise<Migrated> {
  const histories = [{ name: 'app', files: Object.entries(files).map(([name, text]) => ({ name, text })) }];
  return server.asMaster(database, async (client) => migrate(new PgConnection(client), histories, options));
}

async function asApp<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ host: server.socketFolder, port: server.port, user: 'app', database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('the extension is created before the files that need it, once', async () => {
  const events: MigrationEvent[] = [];
  const options: MigrateOptions = { extensions: ['vector'], report: (event) => events.push(event) };
  expect(await apply(options)).toMatchObject({ complete: true, applied: [{ path: '0001_documents.sql' }, { path: '0002_nearest.sql' }] });
  expect(await apply(options)).toMatchObject({ complete: true, applied: [], before: 2 });
  expect(events.map((event) => (event.kind === 'extension' ? event.name : event.kind))).toEqual(['vector', 'file', 'applied', 'file', 'applied']);
  const found = await server.asMaster(database, async (client) => client.query('SELECT extname FROM pg_extension WHERE extname = \'vector\''));
  expect(found.rows).toEqual([{ extname: 'vector' }]);
});

test('the role of the application writes embeddings and finds the nearest by the index', async () => {
  await apply({ extensions: ['vector'], roles: [{ name: 'app', access: 'write' }] });
  await asApp(async (client) => {
    for (let id = 0; id < ROWS; id++) {
      await client.query('INSERT INTO documents VALUES ($1, $2)', [id, embedding(id)]);
    }
    await client.query('BEGIN; SET LOCAL enable_seqscan = off');
    const nearest = 'SELECT id, embedding <=> $1 AS distance FROM documents ORDER BY embedding <=> $1 LIMIT 5';
    const { rows: plan } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${nearest}`, [embedding(500)]);
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('Index Scan using documents_nearest on documents');
    const { rows } = await client.query<{ id: number; distance: number }>(nearest, [embedding(500)]);
    expect(rows[0]).toEqual({ id: 500, distance: expect.closeTo(0, 6) as unknown });
    expect(rows.map(({ id }) => id).sort()).toEqual([498, 499, 500, 501, 502]);
    expect(rows[4].distance).toBeCloseTo(1 - Math.cos(angle(2)), 6);
    await client.query('ROLLBACK');
  });
});

test('that role can neither create the extension nor drop it', async () => {
  await apply({ roles: [{ name: 'app', access: 'write' }] }, { '0001_nothing.sql': 'SELECT 1' });
  await asApp(async (client) => {
    await expect(client.query('CREATE EXTENSION vector')).rejects.toMatchObject({ code: '42501' });
  });
  await apply({ extensions: ['vector'] }, { '0001_nothing.sql': 'SELECT 1' });
  await asApp(async (client) => {
    await expect(client.query('DROP EXTENSION vector')).rejects.toMatchObject({ code: '42501' });
    expect((await client.query('SELECT \'[1,2]\'::vector <-> \'[1,4]\' AS distance')).rows).toEqual([{ distance: 2 }]); // to use it needs no right
  });
});

test('a file that is wrong about vectors is told with its line, and nothing of it is left', async () => {
  await apply({ extensions: ['vector'] });
  const wrong = { ...FILES, '0003_wrong.sql': 'CREATE TABLE more (id integer);\nINSERT INTO documents\n  VALUES (1, \'[1,2,3]\')' };
  await expect(apply({ extensions: ['vector'] }, wrong)).rejects.toThrow(
    /^0003_wrong\.sql, line 2, column 1: expected 8 dimensions, not 3 \(SQLSTATE 22000\)\nThe database is as it was before this file/);
  const left = await server.asMaster(database, async (client) => client.query('SELECT to_regclass(\'more\') AS more, (SELECT count(*)::integer FROM documents) AS rows'));
  expect(left.rows).toEqual([{ more: null, rows: 0 }]);
});

describe('without it', () => {
  test('a file that needs it fails with the line, and is what the next run begins with', async () => {
    await expect(apply({})).rejects.toThrow(/^0001_documents\.sql, line 1, column 59: type "vector" does not exist \(SQLSTATE 42704\)/);
    expect(await apply({ extensions: ['vector'] })).toMatchObject({ complete: true, before: 0, applied: [{ path: '0001_documents.sql' }, { path: '0002_nearest.sql' }] });
  });

  test('an extension that the engine lacks is told with those it has, and nothing is applied', async () => {
    await expect(apply({ extensions: ['vector', 'pgvector', 'postgis'] })).rejects.toThrow(
      /^the engine lacks pgvector, postgis, and nothing was applied\. It has: plpgsql, vector\. Names are those of CREATE EXTENSION: pgvector is "vector"$/);
    const left = await server.asMaster(database, async (client) => client.query(
      'SELECT to_regnamespace(\'jobworks\') AS schema, (SELECT count(*)::integer FROM pg_extension WHERE extname = \'vector\') AS vectors'));
    expect(left.rows).toEqual([{ schema: null, vectors: 0 }]);
  });
});
