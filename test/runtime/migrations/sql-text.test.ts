import { offsetOf, placeOf, readSql } from '../../../src/runtime/migrations/sql-text';

const split = (text: string): string[] => readSql(text).statements.map(({ start, end }) => text.slice(start, end));
const BODY = 'CREATE OR REPLACE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE a WHEN 1 THEN 2 END; SELECT 3; END';

test.each<[string, string[]]>([
  ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['SELECT 1;;\n ; -- end;\n', ['SELECT 1']],
  ['-- a;\nSELECT 1 -- b;\n + 2;', ['SELECT 1 -- b;\n + 2']],
  ['/* a; /* b; */ c; */ SELECT /* ; */ 1; /**/ SELECT 2', ['SELECT /* ; */ 1', 'SELECT 2']],
  ["SELECT 'a;''b;'; SELECT 'it\\'; SELECT 3", ["SELECT 'a;''b;'", "SELECT 'it\\'", 'SELECT 3']],
  ["SELECT E'a\\';b'; SELECT e'\\\\'; SELECT 3", ["SELECT E'a\\';b'", "SELECT e'\\\\'", 'SELECT 3']],
  ["SELECT E'a'\n  -- on\n  'b\\';c'; SELECT 2", ["SELECT E'a'\n  -- on\n  'b\\';c'", 'SELECT 2']],
  ["SELECT E'a' 'b\\'; SELECT 2", ["SELECT E'a' 'b\\'", 'SELECT 2']],
  ["SELECT type'a\\'; SELECT U&'\\0041\\'; SELECT 2", ["SELECT type'a\\'", "SELECT U&'\\0041\\'", 'SELECT 2']],
  ['SELECT "a;""b;" FROM t; SELECT 2', ['SELECT "a;""b;" FROM t', 'SELECT 2']],
  ['DO $$ BEGIN; $a$; END $$; SELECT 2', ['DO $$ BEGIN; $a$; END $$', 'SELECT 2']],
  ['DO $tag$ ; $$ ; $TAG$ ; $tag$; SELECT 2', ['DO $tag$ ; $$ ; $TAG$ ; $tag$', 'SELECT 2']],
  ['DO $größe$;$größe$; SELECT 2', ['DO $größe$;$größe$', 'SELECT 2']],
  ['SELECT a$b$ FROM t; SELECT c$b$ FROM t', ['SELECT a$b$ FROM t', 'SELECT c$b$ FROM t']],
  ['PREPARE p AS SELECT $1, $2; SELECT 2', ['PREPARE p AS SELECT $1, $2', 'SELECT 2']],
  ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3', ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)', 'SELECT 3']],
  [`${BODY}; SELECT 4`, [BODY, 'SELECT 4']],
  ['CREATE TABLE begin_atomic (begin int); SELECT 1', ['CREATE TABLE begin_atomic (begin int)', 'SELECT 1']],
  ['SELECT 1--\n;SELECT 2', ['SELECT 1', 'SELECT 2']],
  ['SELECT 5 /*;*/', ['SELECT 5']],
  ['', []],
  ['-- nothing\n/* at all */;', []],
])('%s', (text, statements) => {
  expect(split(text)).toEqual(statements);
  expect(readSql(text).open).toBeUndefined();
});

test.each([
  ["SELECT 1; SELECT 'a", "a string (')", 17],
  ["SELECT E'a\\'", "a string (E')", 8],
  ['SELECT "a', 'a quoted name (")', 7],
  ['DO $x$ $$', 'a string ($x$)', 3],
  ['SELECT 1 /* /* */', 'a comment (/*)', 9],
])('%s is not closed', (text, what, at) => {
  expect(readSql(text).open).toEqual({ what, at });
});

test('knows the first words of a statement', () => {
  const words = readSql('ROLLBACK /* x */ TO "quoted" a; Create Index Concurrently i ON t (c)').statements.map(statement => statement.words);
  expect(words).toEqual([['rollback', 'to', 'a'], ['create', 'index', 'concurrently', 'i', 'on']]);
});

test('reads much text in little time', () => {
  const text = `INSERT INTO t VALUES ('${'x;'.repeat(500)}', $$${'y;'.repeat(500)}$$);\n`.repeat(1_000);
  const began = process.hrtime.bigint();
  expect(readSql(text).statements).toHaveLength(1_000);
  expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(2_000);
});

test('a place is counted in characters, as the server counts', () => {
  const text = 'SELECT \'🎉ü\';\n  🎉x';
  expect(offsetOf(text, 1)).toBe(0);
  const offset = offsetOf(text, [...text].indexOf('x') + 1);
  expect(text[offset]).toBe('x');
  expect(placeOf(text, offset)).toEqual({ line: 2, column: 4 });
});
