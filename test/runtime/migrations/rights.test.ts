import { join } from 'node:path';
import type { Client } from 'pg';
import { Database, filesOf } from './database';
import { readFolder } from '../../../src/runtime/migrations/folder';
import type { Role } from '../../../src/runtime/migrations/roles';
import { LIBRARY_TABLES } from '../../../src/runtime/wire/migrations';
import { PostgresServer } from '../../support/postgres/server';

/*
 * What each role may do with the library's real tables and those of an application, statement by statement: `app`, `readonly`, and a stranger,
 * who can log in and was given nothing, so that what he may is what everybody may.
 */

const SCHEMA = join(__dirname, '../../../src/runtime/store/postgres/schema');
const PASSWORD = 'of all three';
const ROLES: readonly Role[] = [
  { name: 'app', access: 'write', password: PASSWORD, libraryTables: LIBRARY_TABLES },
  { name: 'readonly', access: 'read', password: PASSWORD },
];
const FIRST = {
  '0001_orders.sql': `CREATE TABLE orders (id serial PRIMARY KEY, place text, total int GENERATED ALWAYS AS (1) STORED);
    CREATE VIEW places AS SELECT place FROM orders;
    CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';`,
};
/** Of a deployment that comes later. */
const LATER = {
  '0002_items.sql': 'CREATE TABLE items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id int REFERENCES orders); CREATE SEQUENCE numbers;',
  '0003_parts.sql': `CREATE TABLE parts (id int, part int) PARTITION BY LIST (part); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
    CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS orders FROM orders;`,
  '0004_index.sql': '-- jobworks: no-transaction\nCREATE TABLE IF NOT EXISTS late (id int); CREATE INDEX CONCURRENTLY IF NOT EXISTS late_id ON late (id)',
  '0005_other.sql': 'CREATE SCHEMA other; CREATE TABLE other.things (id int); CREATE TABLE secrets (id int); REVOKE ALL ON secrets FROM app, readonly;',
};

let server: PostgresServer;
let database: Database;
const clients = new Map<string, Client>();

beforeAll(async () => {
  server = await PostgresServer.start();
  database = await Database.on(server);
  const migrate = async (files: Readonly<Record<string, string>>) =>
    database.migrate([{ name: 'jobworks', files: readFolder(SCHEMA) }, { name: 'app', files: filesOf(files) }], { roles: ROLES });
  await migrate(FIRST);
  await migrate({ ...FIRST, ...LATER });
  await database.rows(`CREATE ROLE stranger LOGIN PASSWORD '${PASSWORD}'`);
  for (const user of ['app', 'readonly', 'stranger']) {
    const client = await database.connect({ user, password: PASSWORD });
    if (user === 'readonly') await client.query('SET default_transaction_read_only = off'); // who makes that switch has no more rights for it
    clients.set(user, client);
  }
}, 60_000);
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

/** In a transaction that is rolled back: "yes", or why not. */
async function outcome(user: string, text: string): Promise<string> {
  const client = clients.get(user)!;
  await client.query('BEGIN');
  try {
    await client.query(text);
    return 'yes';
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return code === '42501' ? 'no' : `${code} ${message}`;
  } finally {
    await client.query('ROLLBACK');
  }
}

type Row = readonly [text: string, app: 'yes' | 'no', readonly: 'yes' | 'no', stranger: 'yes' | 'no'];

/** Every table of the application, of the first deployment and of later ones. */
const TABLES = ['orders', 'items', 'parts', 'parts_1', 'late'];
const OWN: Row[] = [
  ...TABLES.flatMap((table): Row[] => [
    [`SELECT * FROM ${table}`, 'yes', 'yes', 'no'],
    [`INSERT INTO ${table} SELECT FROM (VALUES (1)) AS one WHERE false`, 'yes', 'no', 'no'],
    [`UPDATE ${table} SET id = DEFAULT WHERE false`, 'yes', 'no', 'no'],
    [`DELETE FROM ${table}`, 'yes', 'no', 'no'],
    [`SELECT FROM ${table} FOR UPDATE`, 'yes', 'no', 'no'],
    [`TRUNCATE ${table}`, 'no', 'no', 'no'],
    [`ALTER TABLE ${table} ADD COLUMN more int`, 'no', 'no', 'no'],
    [`DROP TABLE ${table}`, 'no', 'no', 'no'],
    [`CREATE INDEX ON ${table} (id)`, 'no', 'no', 'no'],
    [`CREATE TRIGGER t BEFORE INSERT ON ${table} EXECUTE FUNCTION suppress_redundant_updates_trigger()`, 'no', 'no', 'no'],
    [`ALTER TABLE ${table} OWNER TO app`, 'no', 'no', 'no'],
    [`CREATE TABLE mine (id int REFERENCES ${table})`, 'no', 'no', 'no'],
  ]),
  ...['places', 'counts'].map((view): Row => [`SELECT * FROM ${view}`, 'yes', 'yes', 'no']),
  ['REFRESH MATERIALIZED VIEW counts', 'no', 'no', 'no'],
  ['INSERT INTO orders (place) VALUES (\'here\')', 'yes', 'no', 'no'],
  ['INSERT INTO items DEFAULT VALUES', 'yes', 'no', 'no'],
  ...['orders_id_seq', 'items_id_seq', 'numbers'].flatMap((sequence): Row[] => [
    [`SELECT nextval('${sequence}')`, 'yes', 'no', 'no'],
    [`SELECT last_value FROM ${sequence}`, 'yes', 'yes', 'no'],
    [`SELECT setval('${sequence}', 1)`, 'no', 'no', 'no'],
    [`ALTER SEQUENCE ${sequence} RESTART`, 'no', 'no', 'no'],
  ]),
  ['SELECT twice(2)', 'yes', 'yes', 'yes'], // everybody may call functions, unless a file takes that away
  ['SELECT * FROM secrets', 'no', 'no', 'no'], // what a file takes away
  ['SELECT * FROM other.things', 'no', 'no', 'no'], // what no file gives
];

/** Everything that changes what there is, and who may do what. */
const POWERS: Row[] = [
  'CREATE TABLE mine (id int)', 'CREATE TEMPORARY TABLE mine (id int)', 'CREATE VIEW mine AS SELECT 1', 'CREATE SEQUENCE mine', 'CREATE TYPE mine AS (a int)',
  'CREATE DOMAIN mine AS int', 'CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS \'SELECT 1\'', 'CREATE SCHEMA mine', 'CREATE EXTENSION citext',
  'DROP FUNCTION twice', 'DROP VIEW places', 'DROP SCHEMA public CASCADE', 'DROP SCHEMA jobworks CASCADE',
  'CREATE ROLE other', 'ALTER ROLE app CREATEROLE', 'ALTER ROLE app SUPERUSER', 'ALTER ROLE postgres PASSWORD \'x\'', 'DROP ROLE stranger',
  'GRANT postgres TO app', 'GRANT app TO stranger', 'SET ROLE postgres', 'SET SESSION AUTHORIZATION postgres',
  'ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT ALL ON TABLES TO PUBLIC', 'SET log_statement = \'none\'',
  'SELECT pg_read_file(\'PG_VERSION\')', 'SELECT pg_ls_dir(\'.\')', 'COPY orders TO PROGRAM \'true\'', 'SELECT * FROM pg_authid', 'SELECT pg_reload_conf()',
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = \'postgres\'', 'SELECT lo_import(\'/etc/passwd\')',
].map((text): Row => [text, 'no', 'no', 'no']);

/** What PostgreSQL lets everybody do with himself. Where there is IAM, no password is asked for. */
const ITSELF: Row[] = [
  ['ALTER ROLE readonly PASSWORD \'x\'', 'no', 'yes', 'no'],
  ['ALTER ROLE app SET search_path = other', 'yes', 'no', 'no'],
];

describe('of what is the application\'s', () => {
  test.each([...OWN, ...POWERS, ...ITSELF])('%s: app %s, readonly %s, a stranger %s', async (text, ...expected) => {
    expect([await outcome('app', text), await outcome('readonly', text), await outcome('stranger', text)]).toEqual(expected);
  });
});

describe('of what is the library\'s', () => {
  /** As they are, so that one that is added is judged as well. */
  const tables = async (): Promise<string[]> =>
    (await database.rows('SELECT tablename AS name FROM pg_tables WHERE schemaname = \'jobworks\' ORDER BY 1')).map(({ name }) => String(name));

  test('the history belongs to who migrates, the rest is named for the application', async () => {
    expect(await tables()).toEqual(expect.arrayContaining([...LIBRARY_TABLES, 'migrations']));
    expect((await tables()).filter((name) => !LIBRARY_TABLES.includes(name))).toEqual(['migrations']);
  });

  test.each<Row>([
    ['SELECT * FROM %s', 'yes', 'no', 'no'],
    ['DELETE FROM %s', 'yes', 'no', 'no'],
    ['SELECT FROM %s FOR UPDATE', 'yes', 'no', 'no'],
    ['LOCK TABLE %s IN ROW EXCLUSIVE MODE', 'yes', 'no', 'no'],
    ['INSERT INTO %s SELECT * FROM %s WHERE false', 'yes', 'no', 'no'],
    ['UPDATE %s SET pipeline = pipeline', 'yes', 'no', 'no'],
    ['TRUNCATE %s CASCADE', 'no', 'no', 'no'],
    ['ALTER TABLE %s ADD COLUMN more int', 'no', 'no', 'no'],
    ['DROP TABLE %s CASCADE', 'no', 'no', 'no'],
    ['CREATE INDEX ON %s (pipeline)', 'no', 'no', 'no'],
    ['CREATE TRIGGER t BEFORE INSERT ON %s EXECUTE FUNCTION suppress_redundant_updates_trigger()', 'no', 'no', 'no'],
  ])('%s, of each of them: app %s, readonly %s, a stranger %s', async (text, ...expected) => {
    for (const table of LIBRARY_TABLES) {
      const statement = text.replaceAll('%s', `jobworks.${table}`);
      expect([statement, await outcome('app', statement), await outcome('readonly', statement), await outcome('stranger', statement)]).toEqual([statement, ...expected]);
    }
  });

  test.each([
    'SELECT * FROM jobworks.migrations', 'UPDATE jobworks.migrations SET checksum = \'\'', 'DELETE FROM jobworks.migrations', 'DROP TABLE jobworks.migrations',
    'INSERT INTO jobworks.migrations (history, number, name, checksum) VALUES (\'app\', 9, \'x\', \'x\')', 'CREATE TABLE jobworks.mine (id int)',
  ])('%s: nobody', async (statement) => {
    expect([await outcome('app', statement), await outcome('readonly', statement), await outcome('stranger', statement)]).toEqual(['no', 'no', 'no']);
  });
});

test('none of them has a power, a member or a membership, and none owns anything', async () => {
  expect(await database.rows(`SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS powerful,
    (SELECT count(*)::int FROM pg_auth_members WHERE oid IN (member, roleid)) AS members,
    (SELECT count(*)::int FROM pg_shdepend WHERE refobjid = r.oid AND deptype = 'o') AS owned
    FROM pg_roles r WHERE rolname IN ('app', 'readonly') ORDER BY 1`)).toEqual(['app', 'readonly'].map((rolname) => ({ rolname, powerful: false, members: 0, owned: 0 })));
});

test('everybody may log in to the database and look at its schema, and was given nothing else', async () => {
  expect(await database.rows(`SELECT coalesce(string_agg(privilege_type, ' ' ORDER BY privilege_type), '') AS given FROM pg_database, aclexplode(datacl)
    WHERE datname = current_database() AND grantee = 0`)).toEqual([{ given: 'CONNECT' }]);
  expect(await database.rows(`SELECT nspname, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS given FROM pg_namespace, aclexplode(nspacl)
    WHERE grantee = 0 AND nspname !~ '^pg_|information_schema' GROUP BY 1`)).toEqual([{ nspname: 'public', given: 'USAGE' }]);
  expect(await database.rows(`SELECT relname FROM pg_class, aclexplode(relacl)
    WHERE grantee = 0 AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`)).toEqual([]);
});
