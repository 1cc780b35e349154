import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from './database';
import { readFolder } from '../../../src/runtime/migrations/folder';
import type { MigrateOptions } from '../../../src/runtime/migrations/migrate';
import { PostgresServer } from '../../support/postgres/server';

/*
 * What is wrong with what a run is given, and what is told of it: at the earliest moment, which is before anything was made. Each is tried on a
 * database that nobody has migrated yet, with a file beside it that is as it should be.
 */

let server: PostgresServer;
let database: Database;
let folder: string;
beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => {
  database = await Database.on(server);
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});

const GOOD: MigrateOptions = { extensions: ['citext'], roles: [{ name: 'made_by_nobody', access: 'write', password: 'x' }] };

interface Bad {
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly options?: MigrateOptions;
  readonly told: string;
}

const BAD: Readonly<Record<string, Bad>> = {
  'a gap': { files: { '0003_c.sql': 'SELECT 1' }, told: '0003_c.sql follows 0001_a.sql: 0002 is missing. Put back what was applied once, as it was; number what is new without a gap' },
  'a number twice': { files: { '0001_b.sql': 'SELECT 1' }, told: '0001_a.sql and 0001_b.sql have the same number: give the one that was not applied yet the next that is free' },
  'a file that is not UTF-8': { files: { '0002_b.sql': Buffer.from([0x53, 0xe4]) }, told: '0002_b.sql is not UTF-8: save it as UTF-8' },
  'a file of UTF-16': { files: { '0002_b.sql': Buffer.from('\uFEFFSELECT 1', 'utf16le') }, told: '0002_b.sql is not UTF-8 but UTF-16: save it as UTF-8' },
  'an empty file': { files: { '0002_b.sql': '' }, told: '0002_b.sql is empty: it has no statement' },
  'a file of comments': { files: { '0002_b.sql': '-- later\n' }, told: '0002_b.sql is empty: it has no statement' },
  'another name': { files: { 'two.sql': 'SELECT 1' }, told: 'two.sql has no name like 0001_create_invoices.sql' },
  'a string that does not end': { files: { '0002_b.sql': 'SELECT 1;\nSELECT \'a' }, told: '0002_b.sql does not close a string (\') that begins in line 2' },
  'a transaction in a file': { files: { '0002_b.sql': 'BEGIN; SELECT 1; COMMIT' }, told: '0002_b.sql begins or ends a transaction (line 1): each file is one already' },
  'an extension that the engine lacks': { options: { ...GOOD, extensions: ['citext', 'vector'] }, told: 'the engine lacks vector, and nothing was applied. It has: ' },
  'a role whose name belongs to the server': { options: { roles: [{ name: 'rds_iam', access: 'read' }] }, told: '"rds_iam" is a name that belongs to the server: choose another' },
  'a role that is there and has powers': { options: { roles: [...GOOD.roles!, { name: 'postgres', access: 'write' }] }, told: '"postgres" is there and is a superuser: give the role of the application another name' },
};

const written = async (): Promise<unknown> => (await database.rows(`SELECT to_regclass('a') AS "table",
  (SELECT count(*)::int FROM pg_roles WHERE rolname = 'made_by_nobody') AS roles, (SELECT count(*)::int FROM pg_extension WHERE extname = 'citext') AS extensions,
  (SELECT count(*)::int FROM pg_default_acl) AS rights`))[0];

test.each(Object.entries(BAD))('%s', async (_, { files = {}, options = GOOD, told }) => {
  for (const [name, text] of Object.entries({ '0001_a.sql': 'CREATE TABLE a (id int)', ...files })) writeFileSync(join(folder, name), text);
  const { message } = await database.failure([{ name: 'app', files: readFolder(folder) }], options);
  expect(message).toContain(told);
  expect(await written()).toEqual({ table: null, roles: 0, extensions: 0, rights: 0 });
});

test('a role that a file names and that is not there is told with the place, and nothing of the file is left', async () => {
  const { message } = await database.failure({ '0001_a.sql': 'CREATE TABLE a (id int);\nGRANT SELECT ON a TO reporting;' });
  expect(message).toMatch(/^0001_a\.sql, line 2, column 1: role "reporting" does not exist \(SQLSTATE 42704\)\nThe database is as it was before this file/);
  expect(await written()).toMatchObject({ table: null });
});

test('who comes as a role that is not there is told so', async () => {
  await database.migrate({ '0001_a.sql': 'SELECT 1' });
  await expect(database.connect({ user: 'reporting', password: 'x' })).rejects.toMatchObject({ code: '28P01', message: 'password authentication failed for user "reporting"' });
});
