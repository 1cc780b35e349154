import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { CliHarness, Text } from './cli-harness';
import { readMigrate } from '../../src/cli/commands/migrate';
import { targetOf } from '../../src/cli/commands/migrate-url';
import { selfSigned } from '../support/postgres/certificate';
import { PostgresServer } from '../support/postgres/server';

describe('an address', () => {
  let folder: string;
  let rootFile: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'migrate-'));
    writeFileSync(rootFile = join(folder, 'ca.pem'), 'PEM');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('says where, and leaves the rest to the environment', () => {
    expect(targetOf('postgresql://me:p%40ss@db.example.com:6543/my%20invoices', {}))
      .toEqual({ host: 'db.example.com', port: 6543, user: 'me', password: 'p@ss', database: 'my invoices', ssl: {} });
    expect(targetOf('postgres://db.example.com', { PGUSER: 'me', PGPASSWORD: 'x', PGDATABASE: 'd', PGPORT: '1' }))
      .toEqual({ host: 'db.example.com', port: 1, user: 'me', password: 'x', database: 'd', ssl: {} });
    expect(targetOf('postgresql://me:mine@db.example.com', { PGPASSWORD: 'other' })).toMatchObject({ password: 'mine', database: 'me', port: 5432 });
    expect(targetOf('postgresql:///d?host=/tmp&user=me', {})).toEqual({ host: '/tmp', port: 5432, user: 'me', database: 'd', ssl: false });
    expect(targetOf('postgresql://me@[::1]/d', {})).toMatchObject({ host: '::1', ssl: false });
  });

  test.each([
    ['localhost/d', {}, false],
    ['127.0.0.1/d', {}, false],
    ['127.0.0.1.example.com/d', {}, {}],
    ['db.example.com/d', {}, {}],
    ['db.example.com/d?sslmode=verify-full', {}, {}],
    ['db.example.com/d?sslmode=verify-full&sslrootcert=system', {}, {}],
    ['db.example.com/d?sslmode=disable', {}, false],
    ['db.example.com/d', { PGSSLMODE: 'disable' }, false],
    ['db.example.com/d?sslmode=verify-full', { PGSSLMODE: 'disable' }, {}],
    ['db.example.com/d?sslmode=require', {}, { rejectUnauthorized: false }],
  ])('of %s with %j is connected with %j', (rest, environment, ssl) => {
    expect(targetOf(`postgresql://me@${rest}`, environment).ssl).toEqual(ssl);
  });

  test('may name the root to trust', () => {
    const named = encodeURIComponent(rootFile);
    expect(targetOf(`postgresql://me@localhost/d?sslrootcert=${named}`, {}).ssl).toEqual({ ca: 'PEM' });
    expect(targetOf('postgresql://me@localhost/d', { PGSSLROOTCERT: rootFile }).ssl).toEqual({ ca: 'PEM' });
    for (const mode of ['verify-ca', 'require']) {
      expect(targetOf(`postgresql://me@db.example.com/d?sslmode=${mode}&sslrootcert=${named}`, {})).toMatchObject({ ssl: { ca: 'PEM', checkServerIdentity: expect.any(Function) as unknown } });
    }
  });

  test('that is not verified is told', () => {
    expect(targetOf('postgresql://me@db.example.com/d?sslmode=require', {}).warning).toContain('does not ask the server who it is');
  });

  test.each([
    ['db.example.com/d', 'cannot be read'],
    ['https://me:hunter2@db.example.com/d', 'begins with postgresql://'],
    ['postgresql://me:hunter2%zz@db.example.com/d', 'a "%" that is none'],
    ['postgresql://me:hunter2@db.example.com:port/d', 'cannot be read'],
    ['postgresql://me:hunter2@db.example.com/d?port=0', 'the port is a number from 1 to 65535'],
    ['postgresql://db.example.com/d', 'names no user'],
    ['postgresql://me:hunter2@db.example.com/d?sslmode=prefer', 'sslmode is verify-full, verify-ca, require, disable, not "prefer"'],
    ['postgresql://me:hunter2@db.example.com/d?sslmode=verify-ca', 'needs sslrootcert'],
    ['postgresql://me:hunter2@db.example.com/d?sslrootcert=/nowhere.pem', 'sslrootcert cannot be read: ENOENT'],
    ['postgresql://me:hunter2@db.example.com/d?options=x', 'not known here: options'],
  ])('like %s is refused', (url, told) => {
    let message = '';
    try { targetOf(url, {}); } catch (error) { ({ message } = error as Error); }
    expect(message).toContain(told);
    expect(message).not.toContain('hunter2');
  });
});

describe('the arguments', () => {
  const URL = 'postgresql://me@localhost/d';
  const read = (line: string, environment = {}) => readMigrate(line.split(' '), environment, 'assets');

  test('say what to do', () => {
    expect(read(`--url ${URL} --dir sql --extensions vector,pg_trgm --extensions citext --app-role app --readonly-role reader --json`, { JOBWORKS_APP_PASSWORD: 'secret' })).toEqual({
      action: 'migrate',
      folder: 'sql',
      extensions: ['vector', 'pg_trgm', 'citext'],
      json: true,
      target: expect.objectContaining({ database: 'd' }) as unknown,
      roles: [{ name: 'app', access: 'write', password: 'secret' }, { name: 'reader', access: 'read' }],
    });
    expect(read('--dir sql --dry-run', { DATABASE_URL: URL })).toMatchObject({ action: 'plan', roles: [] });
    expect(read(`status --dir sql --url ${URL}`)).toMatchObject({ action: 'status' });
    expect(read(`--dir sql --url ${URL} --job-tables`)).toMatchObject({ jobTables: 'assets' });
    expect(read('--help')).toBe('help');
  });

  test.each([
    [`--url ${URL}`, '--dir is missing'],
    ['--dir sql', '--url is missing'],
    [`up --url ${URL} --dir sql`, 'takes "status" or nothing beside its options, not "up"'],
    [`--url ${URL} --dir sql --force`, '--force is no option of "migrate": --url, --dir'],
    [`status --url ${URL} --dir sql --dry-run --extensions x`, '"migrate status" changes nothing, and takes no --extensions, --dry-run'],
  ])('%s are wrong', (line, told) => {
    expect(() => read(line)).toThrow(told);
  });
});

describe('the command', () => {
  let server: PostgresServer;
  let folder: string;
  let database: string;
  let cli: CliHarness;
  beforeAll(async () => { server = await PostgresServer.start(); }, 60_000);
  afterAll(async () => server?.stop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'migrate-'));
    mkdirSync(join(folder, 'sql'));
    database = await server.createDatabase();
    cli = new CliHarness();
    write('0001_a.sql', 'CREATE TABLE a (id int);');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): void => writeFileSync(join(folder, 'sql', name), text);
  const run = async (rest = '', url = server.url(database)): Promise<number> => {
    [cli.stdout, cli.stderr] = [new Text(), new Text(cli.stderr.isTTY, cli.stderr.columns)];
    return cli.run(`migrate${rest.startsWith('status') ? ' status' : ''} --url ${url} --dir ${join(folder, 'sql')} ${rest.replace(/^status/, '')}`);
  };

  test('applies what is new', async () => {
    expect(await run()).toBe(0);
    expect(cli.stdout.text).toMatch(/^applied 0001_a\.sql in \d+\.\d\d s\n1 file applied, 0 before\n$/);
    expect(cli.stderr.text).toBe('');
    write('0002_b.sql', 'INSERT INTO a VALUES (1)');
    expect([await run('--json'), cli.json]).toEqual([0, { complete: true, applied: [{ path: '0002_b.sql', seconds: expect.any(Number) as unknown }], before: 1, pending: 0, newer: [] }]);
    rmSync(join(folder, 'sql/0002_b.sql'));
    expect([await run(), cli.stdout.text]).toEqual([0, 'newer than the folder, and left as they are: 0002_b.sql\n0 files applied, 1 before\n']);
  });

  test('shows on a terminal what it is doing', async () => {
    cli.stderr = new Text(true, 80);
    expect(await run('--extensions citext')).toBe(0);
    expect(cli.stderr.text).toBe('\r\u001b[Kcreated extension citext\r\u001b[K1/1 0001_a.sql …\r\u001b[K');
  });

  test('tells what failed, and where', async () => {
    write('0002_b.sql', '\nSELECT nothing');
    expect(await run()).toBe(1);
    expect(cli.stderr.text).toMatch(/^error: 0002_b\.sql, line 2, column 8: column "nothing" does not exist \(SQLSTATE 42703\)\nThe database is as it was before this file/);
    expect([await run('--json'), cli.json]).toEqual([1, { error: { code: 'FileFailed', message: expect.stringContaining('0002_b.sql, line 2') as unknown } }]);
  });

  test('dry, applies nothing', async () => {
    expect([await run('--dry-run --extensions citext'), cli.stdout.text]).toEqual([0, 'would create extension citext\nwould apply 0001_a.sql\nno SQL was run: whether it succeeds, only a database that may be changed can tell\n']);
    expect([await run('--dry-run --json'), cli.json]).toEqual([0, { extensions: [], files: [{ history: 'app', number: 1, name: '0001_a.sql', state: 'pending' }] }]);
    await run();
    expect([await run('--dry-run'), cli.stdout.text]).toEqual([0, 'nothing to apply\n']);
    expect(await run('--dry-run --extensions nowhere')).toBe(1);
    expect(cli.stderr.text).toContain('the engine lacks nowhere');
  });

  test('tells how files stand', async () => {
    await run();
    write('0002_b.sql', 'SELECT 1');
    expect(await run('status')).toBe(0);
    expect(cli.stdout.text).toMatch(/^file +state +applied +what is wrong\n0001_a\.sql  applied  20.*Z\n0002_b\.sql  pending\n$/);
    write('0001_a.sql', 'SELECT 2');
    expect(await run('status --json')).toBe(1);
    expect(cli.json).toMatchObject({ files: [{ state: 'changed', problem: expect.stringContaining('was changed after it was applied') as unknown }, { state: 'pending' }] });
  });

  test('makes roles with the passwords of the environment', async () => {
    cli.environment = { JOBWORKS_APP_PASSWORD: 'for app' };
    expect(await run('--app-role cli_app --readonly-role cli_reader')).toBe(0);
    const url = server.url(database, 'cli_app', 'for app');
    expect([await run('status', url), cli.stderr.text]).toEqual([1, 'error: the history cannot be read: permission denied for schema jobworks (SQLSTATE 42501)\n']);
    expect(cli.stdout.text + cli.stderr.text).not.toContain('for%20app');
  });

  test('makes the tables of jobs as a deployment does, so that files may name them', async () => {
    write('0002_b.sql', 'CREATE VIEW my_jobs AS SELECT job_id, status FROM jobworks.jobs;\nGRANT SELECT ON my_jobs TO cli_tables_reader;');
    expect([await run(), cli.stderr.text]).toEqual([1, expect.stringMatching(/0002_b\.sql, line 1, .*SQLSTATE 42P01\)\nHint: The library's tables are made by a deployment, or by\s--job-tables/) as unknown]);
    cli.environment = { JOBWORKS_APP_PASSWORD: 'for app' };
    expect([await run('--job-tables --dry-run'), cli.stdout.text]).toEqual([0, expect.stringMatching(/^would apply jobworks\/0001_jobs\.sql\nwould apply 0002_b\.sql\n/) as unknown]);
    expect([await run('--job-tables --app-role cli_tables_app --readonly-role cli_tables_reader'), cli.stderr.text]).toEqual([0, '']);
    expect(cli.stdout.text).toMatch(/^applied jobworks\/0001_jobs\.sql in .*\napplied 0002_b\.sql in .*\n2 files applied, 1 before\n$/);
    expect([await run('status --job-tables'), cli.stdout.text]).toEqual([0, expect.stringMatching(/\njobworks\/0001_jobs\.sql +applied.*\n0001_a\.sql +applied.*\n0002_b\.sql +applied/) as unknown]);
    const client = new Client({ connectionString: server.url(database, 'cli_tables_app', 'for app') });
    await client.connect();
    try {
      expect((await client.query('SELECT job_id FROM jobworks.jobs')).rows).toEqual([]);
      await expect(client.query('SELECT 1 FROM jobworks.migrations')).rejects.toThrow('permission denied');
    } finally {
      await client.end();
    }
    expect([await run(), cli.stdout.text]).toEqual([0, '0 files applied, 2 before\n']); // a later run does without
  });

  test('tells where roles come from that a file names', async () => {
    write('0002_b.sql', 'GRANT SELECT ON a TO readonly');
    expect([await run(), cli.stderr.text.replace(/\s+/g, ' ')]).toEqual([1, expect.stringContaining('by --app-role app and --readonly-role readonly') as unknown]);
  });

  test.each([
    ['is not UTF-8', () => writeFileSync(join(folder, 'sql/0002_b.sql'), Buffer.from([0xff])), '0002_b.sql is not UTF-8'],
    ['has a gap', () => write('0003_c.sql', 'SELECT 1'), '0002 is missing'],
    ['is empty', () => rmSync(join(folder, 'sql/0001_a.sql')), 'there is no SQL file in'],
    ['is not there', () => rmSync(join(folder, 'sql'), { recursive: true }), 'is no folder (looked in '],
  ])('refuses what %s', async (_, make, told) => {
    make();
    expect([await run(), cli.stderr.text]).toEqual([1, expect.stringContaining(told) as unknown]);
  });

  test('tells where it looked for a folder', async () => {
    expect(await cli.run(`migrate --url ${server.url(database)} --dir nope`)).toBe(1);
    expect(cli.stderr.text).toBe(`error: --dir nope is no folder (looked in ${join(process.cwd(), 'nope')})\n`);
    write('0002_b.sql', 'SELECT 1');
    expect(await cli.run(`migrate --url ${server.url(database)} --dir ${join(folder, 'sql/0002_b.sql')}`)).toBe(1);
    expect(cli.stderr.text).toContain('0002_b.sql is no folder');
  });

  test('verifies the server by the root that it is given, and by its name', async () => {
    const other = join(folder, 'other.pem');
    writeFileSync(other, (await selfSigned('localhost')).certificate);
    const url = server.url(database);
    expect([await run('', url.replace(/sslrootcert=.*/, `sslrootcert=${other}`)), cli.stderr.text]).toEqual([1, expect.stringMatching(/self-signed certificate\.\nThe certificate is not trusted/) as unknown]);
    expect([await run('', url.replace(/&sslrootcert=.*/, '')), cli.stderr.text]).toEqual([1, expect.stringContaining('not trusted') as unknown]);
    expect([await run('', url.replace('127.0.0.1', '127.1')), cli.stderr.text]).toEqual([1, expect.stringMatching(/does not match certificate[^]*another host's/) as unknown]);
    expect([await run('', url.replace('127.0.0.1', 'db.invalid')), cli.stderr.text]).toEqual([1, expect.stringContaining(`cannot connect to ${database} on db.invalid`) as unknown]);
    expect([await run('', url.replace(/\?.*/, '')), cli.stderr.text]).toEqual([1, expect.stringContaining('The server wants TLS') as unknown]);
  });

  test('says that a password is missing or wrong, and never which', async () => {
    const url = server.url(database).replace(/:test-only/, '');
    expect([await run('', url), cli.stderr.text]).toEqual([1, expect.stringContaining('the server asks for a password, and there is none.\nSet PGPASSWORD') as unknown]);
    cli.environment = { PGPASSWORD: 'hunter2' };
    expect([await run('', url), cli.stderr.text]).toEqual([1, expect.stringContaining('password authentication failed') as unknown]);
    expect(cli.stderr.text).not.toContain('hunter2');
    cli.environment = { PGPASSWORD: server.password };
    expect(await run('', url)).toBe(0);
  });

  test('is told by --help, and wrong usage leads there', async () => {
    expect([await cli.run('migrate --help'), cli.stdout.text]).toEqual([0, expect.stringContaining('usage: cdk-jobworks migrate [status]') as unknown]);
    expect([await cli.run('migrate --dir x'), cli.stderr.text]).toEqual([2, expect.stringContaining('"cdk-jobworks migrate --help" tells more') as unknown]);
  });
});
