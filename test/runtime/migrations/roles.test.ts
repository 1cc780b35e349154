import type { Client } from 'pg';
import { Database, filesOf } from './database';
import { migrate } from '../../../src/runtime/migrations/migrate';
import { PgConnection } from '../../../src/runtime/migrations/pg-connection';
import type { Role } from '../../../src/runtime/migrations/roles';
import { scramVerifier } from '../../../src/runtime/migrations/scram';
import { PostgresServer } from '../../support/postgres/server';

let server: PostgresServer;
beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
afterAll(async () => server?.stop());

const FILES = {
  '0001_a.sql': 'CREATE TABLE a (id serial PRIMARY KEY, text text); INSERT INTO a (text) VALUES (\'one\'); CREATE VIEW v AS SELECT text FROM a;',
  '0002_other.sql': 'CREATE SCHEMA other; CREATE TABLE other.o (id int)',
};
const LIBRARY = { '0001_jobs.sql': 'CREATE TABLE jobworks.jobs (id int); CREATE TABLE jobworks.results (id int)' };
const role = (name: string, access: Role['access'], more: Partial<Role> = {}): Role => ({ name, access, password: 'it\'s "secret"', ...more });
const NAMES = { app: 'app "1"; DROP TABLE a; --', readonly: 'Read$only' };
const ROLES = [role(NAMES.app, 'write', { libraryTables: ['jobs'] }), role(NAMES.readonly, 'read')];

const PERMITTED = 'permitted';
const outcome = async (client: Client, text: string): Promise<string> => {
  await client.query('BEGIN');
  try {
    await client.query(text);
    return PERMITTED;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.query('ROLLBACK');
  }
};
const DENIED = '42501';
/** For one who has not made the session writable. */
const READ_ONLY = '25006';

describe('roles', () => {
  let database: Database;
  let app: Client;
  let readonly: Client;
  beforeAll(async () => {
    database = await Database.on(server);
    await database.rows('CREATE TABLE before (id serial, text text)');
    await database.rows('GRANT CREATE ON SCHEMA public TO PUBLIC'); // as in databases that began before PostgreSQL 15
    await database.migrate([{ name: 'jobworks', files: filesOf(LIBRARY) }, { name: 'app', files: filesOf(FILES) }], { roles: ROLES });
    await database.rows('CREATE TABLE after (id serial, text text)');
    app = await database.connect({ user: NAMES.app, password: ROLES[0].password });
    readonly = await database.connect({ user: NAMES.readonly, password: ROLES[1].password });
  });
  afterAll(async () => database?.close());

  const WRITES = ['a', 'before', 'after'].flatMap(table => [
    `INSERT INTO ${table} (text) VALUES ('x')`, `UPDATE ${table} SET text = 'x'`, `DELETE FROM ${table}`, `SELECT * FROM ${table} FOR UPDATE`,
  ]);
  const READS = ['SELECT * FROM a', 'SELECT * FROM before', 'SELECT * FROM after', 'SELECT * FROM v', 'SELECT last_value FROM a_id_seq'];
  const NOBODYS = [
    'TRUNCATE a', 'DROP TABLE a', 'ALTER TABLE a ADD COLUMN b int', 'CREATE INDEX ON a (text)', 'CREATE TABLE c (id int)', 'CREATE TEMPORARY TABLE c (id int)', 'CREATE VIEW w AS SELECT 1',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS \'SELECT 1\'', 'CREATE TYPE t AS (a int)', 'CREATE SEQUENCE s', 'CREATE SCHEMA mine', 'CREATE EXTENSION citext', 'CREATE ROLE other',
    'CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION suppress_redundant_updates_trigger()', 'ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT ALL ON TABLES TO PUBLIC',
    'SET ROLE postgres', 'SET SESSION AUTHORIZATION postgres', 'SELECT pg_read_file(\'PG_VERSION\')', 'COPY a TO PROGRAM \'true\'', 'SELECT * FROM pg_authid',
    'SELECT * FROM other.o', 'SELECT * FROM jobworks.migrations', 'SELECT * FROM jobworks.results', 'DELETE FROM jobworks.migrations', 'CREATE TABLE jobworks.c (id int)', 'REINDEX TABLE a',
    'SELECT setval(\'a_id_seq\', 9)', 'COMMENT ON TABLE a IS \'x\'',
  ];

  test.each([...READS, ...WRITES, 'SELECT nextval(\'a_id_seq\')', 'SELECT nextval(\'before_id_seq\')', 'SELECT nextval(\'after_id_seq\')',
    'SELECT * FROM jobworks.jobs', 'INSERT INTO jobworks.jobs VALUES (1)', 'UPDATE jobworks.jobs SET id = 1', 'DELETE FROM jobworks.jobs'])('app may: %s', async (text) => {
    expect(await outcome(app, text)).toBe(PERMITTED);
  });

  test.each([...NOBODYS, 'TRUNCATE jobworks.jobs', 'DROP TABLE jobworks.jobs'])('app may not: %s', async (text) => {
    expect(await outcome(app, text)).toBe(DENIED);
  });

  test.each(READS)('readonly may: %s', async (text) => {
    expect(await outcome(readonly, text)).toBe(PERMITTED);
  });

  test.each([...WRITES, ...NOBODYS, 'SELECT nextval(\'a_id_seq\')', 'SELECT * FROM jobworks.jobs', 'INSERT INTO jobworks.jobs VALUES (1)'])('readonly may not, even if it makes itself writable: %s', async (text) => {
    expect(await outcome(readonly, `SET transaction_read_only = off; ${text}`)).toBe(DENIED);
  });

  test('pass on nothing of what they have', async () => {
    for (const client of [app, readonly]) {
      await client.query('SET default_transaction_read_only = off');
      await client.query('GRANT SELECT ON a TO PUBLIC');
    }
    const [{ acl }] = await database.rows('SELECT relacl::text AS acl FROM pg_class WHERE relname = \'a\'');
    expect(acl).not.toMatch(/[{,]=/);
    await readonly.query('RESET ALL');
  });

  test('readonly is told of its mistake before that', async () => {
    expect(await outcome(readonly, 'SELECT lo_create(0)')).toBe(READ_ONLY);
  });

  test('have no powers and no memberships', async () => {
    expect(await database.rows(`SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin,
      (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS memberships FROM pg_roles r WHERE rolname = ANY ($1)`, [Object.values(NAMES)]))
      .toEqual([1, 2].map(() => ({
        rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false, rolcanlogin: true, memberships: 0,
      })));
  });

  test('wait a minute for a statement, unless a file says otherwise, and leave no transaction open for longer than a function runs', async () => {
    const setting = async (client: Client, name: string) => (await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name])).rows[0].value;
    const shown = async (client: Client) => setting(client, 'statement_timeout');
    expect([await shown(app), await shown(readonly)]).toEqual(['1min', '1min']);
    expect(await setting(app, 'idle_in_transaction_session_timeout')).toBe('15min');
    const other = await Database.on(server);
    const patient = [role('patient', 'write')];
    await other.migrate({ '0001_a.sql': 'ALTER ROLE patient SET statement_timeout = \'10min\'' }, { roles: patient });
    await other.migrate({ '0001_a.sql': 'ALTER ROLE patient SET statement_timeout = \'10min\'', '0002_b.sql': 'SELECT 1' }, { roles: patient });
    expect(await shown(await other.connect({ user: 'patient', password: ROLES[0].password }))).toBe('10min');
    await other.close();
  });

  test('are made once, and what a file takes away stays away', async () => {
    const files = { ...FILES, '0003_revoke.sql': 'REVOKE DELETE ON a FROM "app ""1""; DROP TABLE a; --"' };
    const events: string[] = [];
    for (const _ of [1, 2]) {
      await database.migrate([{ name: 'jobworks', files: filesOf(LIBRARY) }, { name: 'app', files: filesOf(files) }], { roles: ROLES, report: ({ kind }) => events.push(kind) });
    }
    expect(events).toEqual(['file', 'applied']);
    expect(await outcome(app, 'DELETE FROM a')).toBe(DENIED);
    await database.rows('GRANT DELETE ON a TO "app ""1""; DROP TABLE a; --"');
  });

  test('have rights in another database of the server, too', async () => {
    const other = await Database.on(server);
    await other.migrate(FILES, { roles: [role(NAMES.app, 'write')] });
    const client = await other.connect({ user: NAMES.app, password: ROLES[0].password });
    expect(await outcome(client, 'INSERT INTO a (text) VALUES (\'x\')')).toBe(PERMITTED);
    expect(await outcome(client, 'CREATE TEMPORARY TABLE c (id int)')).toBe(DENIED);
    await other.close();
  });

  test('may be named by the files', async () => {
    const other = await Database.on(server);
    await other.migrate({ '0001_a.sql': 'CREATE TABLE a (id int); REVOKE INSERT ON a FROM named' }, { roles: [role('named', 'write')] });
    const client = await other.connect({ user: 'named', password: ROLES[0].password });
    expect([await outcome(client, 'INSERT INTO a VALUES (1)'), await outcome(client, 'DELETE FROM a')]).toEqual([DENIED, PERMITTED]);
    await other.close();
  });
});

test('a password neither reaches the server nor its log', async () => {
  const database = await Database.on(server);
  const sent: string[] = [];
  const connection = new PgConnection(await database.connect());
  const send = connection.send.bind(connection);
  connection.send = async (text) => { sent.push(text); return send(text); };
  await migrate(connection, [{ name: 'app', files: filesOf(FILES) }], { roles: [role('hidden', 'write', { password: 'hunter2hunter2' })] });
  expect(sent.join()).toContain('PASSWORD \'SCRAM-SHA-256$4096:');
  expect(sent.join()).not.toContain('hunter2');
  const [{ rolpassword }] = await database.rows('SELECT rolpassword FROM pg_authid WHERE rolname = \'hidden\'');
  expect(rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
  const salt = Buffer.from(/:(.*)\$/.exec(String(rolpassword))![1], 'base64');
  expect(scramVerifier('hunter2hunter2', salt)).toBe(rolpassword);
  const failed = await database.failure({ ...FILES, '0003_x.sql': 'SELECT nothing' }, { roles: [role('hidden', 'write', { password: 'hunter2hunter2' })] });
  expect(JSON.stringify(failed) + String(failed.stack)).not.toContain('hunter2');
  await database.close();
});

test('where there is IAM, roles have that and no password', async () => {
  const database = await Database.on(server);
  await database.rows('CREATE ROLE rds_iam');
  await database.rows('CREATE ROLE was_there NOLOGIN');
  const roles = [role('by_iam', 'write'), role('was_there', 'read')];
  await database.migrate(FILES, { roles });
  await database.migrate(FILES, { roles });
  expect(await database.rows('SELECT rolname, rolcanlogin, rolpassword, pg_has_role(oid, \'rds_iam\', \'MEMBER\') AS iam FROM pg_authid WHERE rolname IN (\'by_iam\', \'was_there\') ORDER BY 1'))
    .toEqual(['by_iam', 'was_there'].map(rolname => ({ rolname, rolcanlogin: true, rolpassword: null, iam: true })));
  await database.close();
  await database.rows('DROP ROLE rds_iam');
});

test.each<[Role[], string]>([
  [[role('', 'read')], '"" is no name of a role'],
  [[role('ä'.repeat(32), 'read')], 'is no name of a role: 1 to 63 bytes'],
  [[role('pg_mine', 'read')], '"pg_mine" is a name that belongs to the server'],
  [[role('public', 'read')], '"public" is a name that belongs to the server'],
  [[role('x', 'read'), role('x', 'write')], '"x" is there twice'],
  [[role('x', 'read', { password: 'ü' })], 'the password of "x" must be printable ASCII'],
  [[role('x', 'read', { libraryTables: ['migrations'] })], '"x" can have no rights on jobworks.migrations'],
  [[role('x', 'read', { libraryTables: ['a; DROP TABLE a'] })], 'can have no rights on jobworks.a; DROP TABLE a'],
  [[role('postgres', 'write')], '"postgres" is there and is a superuser'],
  [[role('powerful', 'write')], '"powerful" is there and may create roles'],
  [[role('powerful', 'write')], '"powerful" is there and may create databases'],
  [[role('related', 'write')], '"related" is there and is a member of the role that migrates'],
  [[role('x', 'write', { libraryTables: ['nothing'] })], 'the rights on the library\'s tables cannot be given: relation "jobworks.nothing" does not exist (SQLSTATE 42P01)'],
])('%j is refused: %s', async (roles, told) => {
  const database = await Database.on(server);
  await database.rows(`DO $$ BEGIN
    IF to_regrole('powerful') IS NULL THEN CREATE ROLE powerful CREATEROLE CREATEDB; CREATE ROLE related; GRANT postgres TO related; END IF;
  END $$`);
  const { message } = await database.failure([{ name: 'jobworks', files: filesOf(LIBRARY) }], { roles });
  expect(message).toContain(told);
  expect(message).not.toContain('secret');
  await database.close();
});

test('a master user that is no superuser, as that of RDS, can do all of it', async () => {
  const database = await Database.on(server);
  await database.rows('CREATE ROLE rds_iam');
  await database.rows('CREATE ROLE rds_superuser ROLE postgres');
  await database.rows('CREATE ROLE rds_master LOGIN CREATEROLE CREATEDB PASSWORD \'m\' IN ROLE rds_superuser');
  await database.rows('GRANT rds_iam TO rds_superuser WITH ADMIN OPTION');
  await database.rows(`ALTER DATABASE ${database.name} OWNER TO rds_master`);
  const as = { user: 'rds_master', password: 'm' };
  const options = { extensions: ['citext'], roles: [role('app_of_master', 'write', { libraryTables: ['jobs'] }), role('reader_of_master', 'read')] };
  const histories = [{ name: 'jobworks', files: filesOf(LIBRARY) }, { name: 'app', files: filesOf(FILES) }];
  expect((await database.migrate(histories, options, as)).applied).toHaveLength(3);
  expect(await database.migrate(histories, options, as)).toMatchObject({ complete: true, before: 3 });
  expect(await database.rows(`SELECT rolname, rolpassword IS NULL AS none, has_table_privilege(oid, 'a', 'INSERT') AS writes, has_table_privilege(oid, 'a', 'SELECT') AS reads,
    has_table_privilege(oid, 'jobworks.jobs', 'UPDATE') AS jobs, has_schema_privilege(oid, 'public', 'CREATE') AS creates
    FROM pg_authid WHERE rolname IN ('app_of_master', 'reader_of_master') ORDER BY 1`)).toEqual([
    { rolname: 'app_of_master', none: true, writes: true, reads: true, jobs: true, creates: false },
    { rolname: 'reader_of_master', none: true, writes: false, reads: true, jobs: false, creates: false },
  ]);
  expect((await database.failure(histories, { roles: [role('rds_master_2', 'write')] }, as)).message).toContain('belongs to the server');
  await database.close();
});
