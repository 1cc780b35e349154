import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilesError } from '../../../src/runtime/migrations/errors';
import { checkedHistories, type MigrationFile } from '../../../src/runtime/migrations/files';
import { readFolder } from '../../../src/runtime/migrations/folder';

const file = (name: string, text = 'SELECT 1;'): MigrationFile => ({ name, text });
const problems = (...files: MigrationFile[]): readonly string[] => {
  try {
    checkedHistories([{ name: 'app', files }]);
    return [];
  } catch (error) {
    return (error as FilesError).problems;
  }
};
const only = (text: string) => checkedHistories([{ name: 'app', files: [file('0001_a.sql', text)] }])[0].migrations[0];

test('files stand by their numbers', () => {
  const [{ migrations }] = checkedHistories([{ name: 'app', files: [file('0003_c.sql'), file('0001_a.sql'), file('0002_b-b.v2.sql')] }]);
  expect(migrations.map(({ number, name }) => [number, name])).toEqual([[1, '0001_a.sql'], [2, '0002_b-b.v2.sql'], [3, '0003_c.sql']]);
});

test.each(['1_a.sql', '00001_a.sql', '0001-a.sql', '0001_.sql', '0001_a', '0001_a.SQL', '0001_a b.sql', '0001_ä.sql', '0001_a.sql.bak', 'a.sql', 'backup'])('%s is no name', (name) => {
  expect(problems(file(name))).toEqual([expect.stringMatching(new RegExp(`^${name.replaceAll('.', '\\.')} has no name like 0001_`))]);
});

test.each([
  [['0001_a.sql', '0003_c.sql'], '0003_c.sql follows 0001_a.sql: 0002 is missing'],
  [['0001_a.sql', '0005_c.sql'], '0002 to 0004 are missing'],
  [['0002_a.sql'], '0002_a.sql follows nothing: 0001 is missing'],
  [['0000_a.sql'], '0000_a.sql: numbers begin at 0001'],
  [['0001_a.sql', '0002_c.sql', '0002_b.sql'], '0002_b.sql and 0002_c.sql have the same number'],
])('%j is not in order', (names, told) => {
  expect(problems(...names.map(name => file(name)))).toEqual([expect.stringContaining(told)]);
});

test.each([
  ['', 'is empty'],
  ['\uFEFF \r\n', 'is empty'],
  ['-- nothing\n/* here */ ;', 'is empty'],
  ['SELECT 1;\nSELECT \'a', 'does not close a string (\') that begins in line 2'],
  ['SELECT \'\u0000\'', 'has a character U+0000 (line 1)'],
  ['SELECT 1;\nCOMMIT;', 'begins or ends a transaction (line 2)'],
  ...['BEGIN', 'begin transaction', 'START TRANSACTION', 'END', 'ABORT', 'ROLLBACK', 'ROLLBACK WORK', 'PREPARE TRANSACTION \'x\'', 'COMMIT AND CHAIN']
    .map(text => [`${text}; SELECT 1`, 'begins or ends a transaction (line 1)']),
  ['SELECT 1;\ncreate index /* now */ concurrently i ON a (id)', 'has CREATE INDEX CONCURRENTLY (line 2), which cannot be in a transaction. Fix: begin the file with "-- jobworks: no-transaction"'],
  ['CREATE UNIQUE INDEX CONCURRENTLY i ON a (id)', 'has CREATE UNIQUE INDEX CONCURRENTLY (line 1)'],
  ['DROP INDEX CONCURRENTLY IF EXISTS i', 'has DROP INDEX CONCURRENTLY (line 1)'],
  ['SELECT 1;\n\\d', 'has a command of psql, which begins with a backslash (line 2). Fix: leave it out'],
  ['\\restrict x\nSELECT 1', 'has a command of psql, which begins with a backslash (line 1)'],
  ['SELECT 1 \\gexec', 'has a command of psql, which begins with a backslash (line 1)'],
  ['SELECT 1;\nCOPY a (b, c, d, e, f) FROM stdin;\n1\tit\'s\n\\.\nCOMMIT;', 'has COPY … FROM stdin (line 2), whose rows only psql sends. Fix: write them as INSERT'],
  ['COPY public.a FROM STDIN WITH (FORMAT csv);', 'has COPY … FROM stdin (line 1)'],
  ['-- jobworks: no-transactions\nSELECT 1', 'has "-- jobworks: no-transactions" in line 1'],
  ['-- why\n-- jobworks: no-transaction\nSELECT 1', 'in line 2: all that may stand there'],
  ['-- jobworks: no-transaction\nBEGIN; SELECT 1', 'begins or ends a transaction (line 2)'],
])('%j is refused', (text, told) => {
  expect(problems(file('0001_a.sql', text))).toEqual([expect.stringContaining(`0001_a.sql ${told.startsWith('in line') ? 'has' : told}`)]);
  expect(problems(file('0001_a.sql', text))[0]).toContain(told);
});

test.each(['SAVEPOINT a; ROLLBACK TO a; RELEASE a', 'ROLLBACK WORK TO SAVEPOINT a', 'PREPARE p AS SELECT 1', 'DO $$ BEGIN COMMIT; END $$', 'CREATE TABLE "begin" (a int)'])(
  '%s is within a transaction', (text) => {
    expect(problems(file('0001_a.sql', text))).toEqual([]);
  });

test.each([
  '-- jobworks: no-transaction\nCREATE INDEX CONCURRENTLY i ON a (id); DROP INDEX CONCURRENTLY i',
  'CREATE INDEX "concurrently" ON a (id)',
  'SELECT \'\\d\', E\'\\\\\', "a\\b", $$\\d$$ -- \\d\n/* \\d */',
  'COPY (SELECT 1 FROM stdin) TO \'/tmp/x\'; SELECT * FROM stdin; COPY a FROM \'/tmp/x\'',
])('%s is SQL', (text) => {
  expect(problems(file('0001_a.sql', text))).toEqual([]);
});

test('everything that is wrong is told at once, of all histories', () => {
  const histories = [{ name: 'jobworks', files: [file('0002_x.sql')] }, { name: 'app', files: [file('x.sql'), { ...file('0001_a.sql', ''), problem: 'is not UTF-8' }, file('0003_b.sql', 'COMMIT')] }];
  expect(() => checkedHistories(histories)).toThrow(/nothing was applied:\n- jobworks\/0002_x\.sql follows nothing.*\n- x\.sql has no name.*\n- 0003_b.*\n- 0001_a\.sql is not UTF-8\n- 0003_b\.sql begins or ends/);
});

test('neither a byte order mark nor the ends of lines make another file', () => {
  const { checksum, text } = only('SELECT 1;\nSELECT \'a\nb\';\n');
  for (const same of ['\uFEFFSELECT 1;\nSELECT \'a\nb\';\n', 'SELECT 1;\r\nSELECT \'a\r\nb\';\r\n', 'SELECT 1;\rSELECT \'a\rb\';\r']) {
    expect(only(same)).toMatchObject({ checksum, text });
  }
  expect(only('SELECT 1;\nSELECT \'a\nb\';').checksum).not.toBe(checksum);
});

test.each([['-- jobworks: no-transaction\nSELECT 1', false], ['--jobworks:no-transaction  \r\nSELECT 1', false], ['\uFEFF-- jobworks: no-transaction\nSELECT 1', false], ['SELECT 1', true]])(
  '%j is in a transaction: %s', (text, transaction) => {
    expect(only(text).transaction).toBe(transaction);
  });

describe('a folder', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'migrations-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('may have hidden files and explanations beside its migrations', () => {
    for (const name of ['0001_a.sql', '.gitkeep', 'README.md']) writeFileSync(join(folder, name), 'SELECT 1');
    expect(readFolder(folder)).toEqual([{ name: '0001_a.sql', text: 'SELECT 1' }]);
  });

  test('tells what cannot be read with whatever else is wrong', () => {
    writeFileSync(join(folder, '0001_a.sql'), Buffer.from([0x53, 0xe4]));
    writeFileSync(join(folder, '0002_b.sql'), Buffer.from('\uFEFFSELECT 1', 'utf16le'));
    writeFileSync(join(folder, '0003_c.sql'), '');
    mkdirSync(join(folder, '0004_d.sql'));
    expect(problems(...readFolder(folder))).toEqual([
      '0001_a.sql is not UTF-8: save it as UTF-8',
      '0002_b.sql is not UTF-8 but UTF-16: save it as UTF-8',
      '0003_c.sql is empty: it has no statement',
      '0004_d.sql is a folder',
    ]);
  });

  test('must be there', () => {
    expect(() => readFolder(join(folder, 'none'))).toThrow(/cannot be read: ENOENT.*none/);
  });
});
