import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { masterIn } from '../../../../src/runtime/handlers/migrate/master';
import { migrateResource, type MigrateParts } from '../../../../src/runtime/handlers/migrate/migrate-resource';
import type { ResourceEvent } from '../../../../src/runtime/handlers/migrate/resource-event';
import { selfSigned } from '../../../support/postgres/certificate';
import { PostgresServer } from '../../../support/postgres/server';

jest.setTimeout(30_000);

let server: PostgresServer;
let folder: string;
let database: string;
let lines: unknown[];
beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  database = await server.createDatabase();
  lines = [];
  write('app/0001_a.sql', 'CREATE TABLE a (id int);');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const BEGUN = { PhysicalResourceId: 'migrations-r1', MigrationsBegun: String(Date.now()) };
const TOLD = { PhysicalResourceId: 'migrations-r1', MigrationsBegun: expect.stringMatching(/^\d{13}$/) };
const event = (more: Partial<ResourceEvent> = {}): ResourceEvent => ({
  RequestType: 'Create', RequestId: 'r1', ResourceProperties: { ServiceToken: 'arn' }, ...BEGUN, ...{ ResponseURL: 'https://signed' }, ...more,
});
function parts(more: Partial<MigrateParts> = {}): MigrateParts {
  const line = (...said: unknown[]): void => { lines.push(said); };
  const log = { debug: line, info: line, warn: line, error: line, with: () => log };
  return {
    folder,
    writer: { host: server.host, port: server.port, database, ca: readFileSync(server.caFile, 'utf8') },
    readMaster: async () => ({ username: server.user, password: server.password }),
    remainingMs: () => 900_000,
    rotationMs: 10,
    patienceMs: 0,
    log,
    ...more,
  };
}
const rows = async (text: string): Promise<unknown[]> => server.asMaster(database, async client => (await client.query<object>(text)).rows);
const failure = async (...args: Parameters<typeof migrateResource>): Promise<Error> =>
  migrateResource(...args).then(() => { throw new Error('it did not fail'); }, (error: Error) => error);

test('the first call only answers, and does not change what the resource is called', async () => {
  const unreachable = parts({ readMaster: async () => { throw new Error('nobody asks'); } });
  expect(await migrateResource(event({ MigrationsBegun: undefined, PhysicalResourceId: undefined }), unreachable)).toEqual(TOLD);
  expect(await migrateResource(event({ RequestType: 'Update', MigrationsBegun: undefined, PhysicalResourceId: 'migrations-r0' }), unreachable)).toEqual({ ...TOLD, PhysicalResourceId: 'migrations-r0' });
});

test('what is deleted leaves the database alone', async () => {
  await migrateResource(event(), parts());
  expect(await migrateResource(event({ RequestType: 'Delete' }), parts({ readMaster: async () => { throw new Error('nobody asks'); } }))).toEqual({ IsComplete: true });
  expect(await rows('SELECT * FROM a')).toEqual([]);
});

test('applies the library\'s files and the user\'s, with extensions and roles of the template', async () => {
  write('jobworks/0001_jobs.sql', 'CREATE TABLE jobworks.jobs (id int)');
  write('app/0002_b.sql', 'CREATE VIEW b AS SELECT id FROM jobworks.jobs; CREATE TABLE c (name citext)');
  const ResourceProperties = { Extensions: ['citext'], Roles: [{ Name: 'my_app', Access: 'write', LibraryTables: ['jobs'] }, { Name: 'my_reader', Access: 'read' }] };
  expect(await migrateResource(event({ ResourceProperties }), parts())).toEqual({ IsComplete: true });
  expect(await rows(`SELECT has_table_privilege('my_app', 'jobworks.jobs', 'DELETE') AS jobs, has_table_privilege('my_app', 'a', 'INSERT') AS app,
    has_table_privilege('my_reader', 'a', 'SELECT') AS reads, has_table_privilege('my_reader', 'a', 'INSERT') AS writes`)).toEqual([{ jobs: true, app: true, reads: true, writes: false }]);
  expect(lines.map(line => (line as string[])[0])).toEqual(['created an extension', 'made a role', 'made a role',
    'applying a file', 'applied a file', 'applying a file', 'applied a file', 'applying a file', 'applied a file', 'the migrations are done']);
});

test('ends before CloudFormation gives up, with what is done and what is left, and the next deployment goes on', async () => {
  write('app/0002_b.sql', 'CREATE TABLE b (); SELECT pg_sleep(3)');
  write('app/0001_a.sql', 'CREATE TABLE a (id int); SELECT pg_sleep(0.2)');
  const MigrationsBegun = String(Date.now() - 58 * 60_000 + 1_500);
  const { message } = await failure(event({ MigrationsBegun }), parts());
  expect(message).toBe('not all of it was done within the hour that CloudFormation gives: 1 files are applied, and 1 are left. '
    + 'Deploy again: it goes on there. What takes longer than that is for the command line');
  expect(await rows('SELECT name FROM jobworks.migrations')).toEqual([{ name: '0001_a.sql' }]);
  write('app/0002_b.sql', 'CREATE TABLE b ()');
  expect(await migrateResource(event(), parts())).toEqual({ IsComplete: true });
  expect(await migrateResource(event({ MigrationsBegun }), parts())).toEqual({ IsComplete: true }); // nothing is left, however late
});

test('goes on in another call when its time is over', async () => {
  write('app/0002_b.sql', 'CREATE TABLE b (); SELECT pg_sleep(3)');
  write('app/0001_a.sql', 'CREATE TABLE a (id int); SELECT pg_sleep(0.5)');
  expect(await migrateResource(event(), parts({ remainingMs: () => 62_000 }))).toEqual({ IsComplete: false });
  expect(await rows('SELECT name FROM jobworks.migrations')).toEqual([{ name: '0001_a.sql' }]);
  expect(await migrateResource(event(), parts())).toEqual({ IsComplete: true });
  expect(await rows('SELECT name FROM jobworks.migrations ORDER BY 1')).toEqual([{ name: '0001_a.sql' }, { name: '0002_b.sql' }]);
});

test('an update that rolls back leaves newer files as they are', async () => {
  write('app/0002_b.sql', 'CREATE TABLE b ()');
  await migrateResource(event(), parts());
  rmSync(join(folder, 'app/0002_b.sql'));
  expect(await migrateResource(event({ RequestType: 'Update' }), parts())).toEqual({ IsComplete: true });
  expect(await rows('SELECT * FROM b')).toEqual([]);
});

describe('what fails', () => {
  test('is told with file, line, SQLSTATE and message, and without a stack', async () => {
    write('app/0002_b.sql', '\nSELECT nothing');
    const error = await failure(event(), parts());
    expect(error.message).toMatch(/^0002_b\.sql, line 2, column 8: column "nothing" does not exist \(SQLSTATE 42703\)\nThe database is as it was before this file/);
    expect([error.name, error.stack]).toEqual(['MigrationsFailed', 'MigrationsFailed']);
  });

  test.each(['long', '"\n', '🎉ü'])('fits into what CloudFormation reads, also if it says %j all the time', async (word) => {
    const long = word.repeat(3_000);
    write('app/0002_b.sql', `DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = '${long}', DETAIL = '${long}', HINT = '${long}', ERRCODE = 'AB123'; END $$`);
    const { message } = await failure(event(), parts());
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(2_010);
    expect(message).toMatch(/^0002_b\.sql, line 1, column 1: [^]* \(SQLSTATE AB123\)\n/);
    expect(message).toMatch(/…$|The database is as it was/);
  });

  test.each([
    [{ Extensions: 'citext' }, 'Extensions is a list'],
    [{ Roles: [{ Name: 'x', Access: 'admin' }] }, 'a role of Roles has Name, a text, and Access, "write" or "read"'],
    [{ Roles: [{ Name: 'x', Access: 'read', LibraryTables: [1] }] }, 'LibraryTables is a list of texts'],
    [{ Extensions: ['nowhere'] }, 'the engine lacks nowhere'],
  ])('is a template like %j', async (ResourceProperties, told) => {
    expect((await failure(event({ ResourceProperties }), parts())).message).toContain(told);
  });

  test('is a folder out of order, before anybody connects', async () => {
    write('app/0003_c.sql', '');
    const { message } = await failure(event(), parts({ readMaster: async () => { throw new Error('nobody asks'); } }));
    expect(message).toMatch(/0002 is missing[^]*0003_c\.sql is empty/);
  });

  test('has no address that CloudFormation signed, and no password, in its log', async () => {
    await failure(event(), parts({ readMaster: async () => ({ username: 'postgres', password: 'hunter2' }) }));
    expect(JSON.stringify(lines)).not.toMatch(/hunter2|https:/);
    expect(lines).toHaveLength(2);
  });
});

describe('the connection', () => {
  test('reads a secret again that was rotated in between, once', async () => {
    const secrets = ['old', server.password];
    const read = jest.fn(async () => ({ username: server.user, password: secrets.shift()! }));
    expect(await migrateResource(event(), parts({ readMaster: read }))).toEqual({ IsComplete: true });
    expect(read).toHaveBeenCalledTimes(2);

    const wrong = jest.fn(async () => ({ username: server.user, password: 'hunter2' }));
    const { message } = await failure(event(), parts({ readMaster: wrong, patienceMs: 60_000 }));
    expect(message).toBe(`cannot connect to ${database} on 127.0.0.1:${server.port} as postgres: password authentication failed for user "postgres"`);
    expect(wrong).toHaveBeenCalledTimes(2);
  });

  test('refuses a server that another root vouches for', async () => {
    const { writer } = parts();
    const { message } = await failure(event(), parts({ writer: { ...writer, ca: (await selfSigned('localhost')).certificate }, patienceMs: 60_000 }));
    expect(message).toMatch(/self-signed certificate/);
  });

  test('refuses a server of another name', async () => {
    const { message } = await failure(event(), parts({ writer: { ...parts().writer, host: '127.1' } })); // the same machine
    expect(message).toMatch(/does not match certificate/);
  });

  test('waits for a database that is not up yet', async () => {
    const { writer } = parts();
    const waiting = migrateResource(event(), parts({ patienceMs: 30_000 }));
    const crashed = server.crash();
    await Promise.all([waiting.catch(() => {}), crashed]);
    expect(await migrateResource(event(), parts({ writer, patienceMs: 30_000 }))).toEqual({ IsComplete: true });
    const { message } = await failure(event(), parts({ writer: { ...writer, port: 1 }, patienceMs: 700 }));
    expect(message).toMatch(/ECONNREFUSED/);
    expect(lines.flat()).toContain('the database does not answer yet');
  });

  test.each([undefined, '', '{}', '{"username":"a"}', '{"password":"hunter2"'])('refuses the secret %j, and does not tell it', (secret) => {
    expect(() => masterIn(secret)).toThrow(/^the secret of the database has no username and password$/);
  });
});
