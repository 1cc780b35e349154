import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { databaseWith, failureOf } from './support';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { SqlMigrations } from '../../src/proxied-postgres/sql-migrations';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'sql-migrations-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const write = (files: Record<string, string | Buffer>) => Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
const from = (files: Record<string, string | Buffer>) => {
  write(files);
  return failureOf(() => SqlMigrations.fromDirectory(folder));
};

test('has the files of a directory as they are now, and leaves out what explains them', () => {
  write({ '0001_a.sql': 'SELECT 1;', 'README.md': '# about', '.hidden': '' });
  const { _files: files, extensions } = SqlMigrations.fromDirectory(relative(process.cwd(), folder), { extensions: ['vector', 'vector', 'citext'] });
  write({ '0001_a.sql': 'SELECT 2;' });
  expect(files).toEqual([{ name: '0001_a.sql', text: 'SELECT 1;' }]);
  expect(extensions).toEqual(['vector', 'citext']);
  expect(SqlMigrations.onlyExtensions('vector', 'pg_trgm')).toMatchObject({ extensions: ['vector', 'pg_trgm'], _files: [] });
});

describe('a directory is refused that', () => {
  test('is not there', () => {
    expect(failureOf(() => SqlMigrations.fromDirectory(join(folder, 'sql')))).toMatch(/fromDirectory\(\): .*\/sql cannot be read \(ENOENT.*\)\. Fix: give the directory of your SQL files, such as join\(__dirname, 'sql'\)\./);
  });

  test('is a file', () => {
    write({ '0001_a.sql': 'SELECT 1;' });
    expect(failureOf(() => SqlMigrations.fromDirectory(join(folder, '0001_a.sql')))).toContain('cannot be read (ENOTDIR');
  });

  test('is empty', () => {
    expect(from({ 'README.md': '# about' })).toMatch(/there is no SQL file in .*\. Fix: put 0001_….sql there, or give no migrations/);
  });

  test.each<[string, Record<string, string | Buffer>, string]>([
    ['a gap', { '0001_a.sql': 'SELECT 1', '0004_b.sql': 'SELECT 1' }, '0004_b.sql follows 0001_a.sql: 0002 to 0003 are missing'],
    ['a number twice', { '0001_a.sql': 'SELECT 1', '0001_b.sql': 'SELECT 1' }, '0001_a.sql and 0001_b.sql have the same number'],
    ['another name', { 'create.sql': 'SELECT 1' }, 'create.sql has no name like 0001_create_invoices.sql'],
    ['a file that is not UTF-8', { '0001_a.sql': Buffer.from([0x53, 0xff, 0x45]) }, '0001_a.sql is not UTF-8: save it as UTF-8'],
    ['a file in UTF-16', { '0001_a.sql': Buffer.from('\ufeffSELECT 1', 'utf16le') }, 'is not UTF-8 but UTF-16'],
    ['an empty file', { '0001_a.sql': '-- to do\n' }, '0001_a.sql is empty: it has no statement'],
    ['a string that never ends', { '0001_a.sql': 'SELECT 1;\nSELECT \'one' }, 'does not close a string (\') that begins in line 2'],
    ['a transaction in a file', { '0001_a.sql': 'BEGIN; SELECT 1; COMMIT' }, 'begins or ends a transaction (line 1)'],
  ])('has %s', (_, files, message) => {
    const told = from(files);
    expect(told).toContain(message);
    expect(told).toContain(`SqlMigrations.fromDirectory(): ${folder}: `);
  });

  test('has a folder in it', () => {
    mkdirSync(join(folder, '0001_a.sql'));
    expect(from({})).toContain('0001_a.sql is a folder');
  });

  test('has several things wrong, which are all said', () => {
    expect(from({ '0002_a.sql': '', 'b.sql': 'SELECT 1' })).toContain('3 rules are broken');
  });
});

test.each<[() => unknown, string]>([
  [() => SqlMigrations.fromDirectory(undefined as unknown as string), "path must be a text. Given: nothing. Fix: write path: join(__dirname, 'sql')"],
  [() => SqlMigrations.fromDirectory('sql', { extensions: 'vector' as unknown as string[] }), "extensions must be a list, each of it a text. Given: 'vector'. Fix: write extensions: ['vector']"],
  [() => SqlMigrations.onlyExtensions(), "an extension must be named. Fix: write SqlMigrations.onlyExtensions('vector')"],
  [() => SqlMigrations.onlyExtensions(['vector'] as unknown as string), 'extensions[0] must be a text'],
])('%s is refused', (work, message) => {
  expect(failureOf(work)).toContain(message);
});

describe('an extension that the engine lacks is refused, with the one that was meant', () => {
  const asked = (engine: PostgresEngine, ...extensions: string[]) =>
    failureOf(() => databaseWith({ engine, migrations: SqlMigrations.onlyExtensions(...extensions) }));
  const instance = PostgresEngine.instance();
  const aurora = PostgresEngine.auroraServerlessV2();

  test.each([
    [instance, 'pgvector', "Given: 'pgvector'. Fix: write 'vector'"],
    [instance, 'Vector', "Fix: write 'vector'"],
    [instance, 'pg_trmg', "Fix: write 'pg_trgm'"],
    [instance, 'timescaledb', 'Fix: remove it, or create one that AWS has added since November 2026 by a statement of your own files'],
    [instance, 'aws_ml', 'ones'],
    [aurora, 'pgactive', 'extensions that Aurora PostgreSQL has'],
  ])('%#: %s %s', (engine, extension, message) => {
    expect(asked(engine, 'citext', extension)).toContain(message === 'ones' ? 'extensions that RDS for PostgreSQL has' : message);
  });

  test('each is said', () => {
    expect(asked(instance, 'timescaledb', 'postgres_vector')).toContain('2 rules are broken');
  });

  test('those that one engine has are not refused there', () => {
    expect(() => databaseWith({ engine: aurora, migrations: SqlMigrations.onlyExtensions('aws_ml', 'vector') })).not.toThrow();
    expect(() => databaseWith({ engine: instance, migrations: SqlMigrations.onlyExtensions('pgactive', 'uuid-ossp') })).not.toThrow();
  });
});

test('anything else than migrations is refused', () => {
  expect(failureOf(() => databaseWith({ migrations: './sql' as unknown as SqlMigrations }))).toContain('migrations must be a SqlMigrations');
});
