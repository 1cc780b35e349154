import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATE_USAGE, readMigrate } from '../../src/cli/commands/migrate';
import { checkedHistories } from '../../src/runtime/migrations/files';
import { FILE_SECONDS, LOCK_WAIT_SECONDS } from '../../src/runtime/migrations/migrate';
import { LOCK_TIMEOUT_SECONDS } from '../../src/runtime/migrations/session';

const DOC = readFileSync(join(__dirname, '../../docs/migrations.md'), 'utf8');
const COMMANDS = [...`${DOC}\n${MIGRATE_USAGE}`.matchAll(/^(?: {2}|npx )cdk-jobworks migrate (.*--url .*)$/gm)].map(([, args]) => args);

test.each(COMMANDS)('migrate %s is a command', (args) => {
  expect(readMigrate(args.split(' '), {}, 'assets')).toMatchObject({ target: { host: 'localhost', database: 'invoices' }, folder: 'sql' });
});

test('there are commands in the page and in the help', () => {
  expect(COMMANDS).toHaveLength(4);
});

test('every option is told in both', () => {
  const options = [...MIGRATE_USAGE.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name);
  expect(options).toHaveLength(8);
  expect(options.filter((name) => !DOC.includes(`\`--${name}`))).toEqual([]);
});

test('limits are those there are', () => {
  expect(DOC).toContain(`| a file | ${FILE_SECONDS / 60} minutes |`);
  expect(DOC).toContain(`| \`lock_timeout\` | ${LOCK_TIMEOUT_SECONDS} s,`);
  expect(DOC).toContain(`wait for up to ${LOCK_WAIT_SECONDS / 60} minutes`);
});

test('the file outside a transaction is one', () => {
  const [, text] = /```sql\n([^]*?)```/.exec(DOC)!;
  const [{ migrations: [migration] }] = checkedHistories([{ name: 'app', files: [{ name: '0001_a.sql', text }] }]);
  expect([migration.transaction, migration.statements.length]).toEqual([false, 2]);
});
