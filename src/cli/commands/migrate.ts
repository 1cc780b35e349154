import { parseArgs } from 'node:util';
import { DONE } from './command';
import { type Target, targetOf } from './migrate-url';
import { optionError } from '../command-line';
import { type Io, Refusal, UsageError } from '../io';

/** What is to be done to which database. */
export interface MigrateTask {
  readonly action: 'migrate' | 'plan' | 'status';
  readonly target: Target;
  /** Folder of the SQL files. */
  readonly folder: string;
  readonly extensions: readonly string[];
  readonly roles: readonly { readonly name: string; readonly access: 'write' | 'read'; readonly password?: string }[];
  /** Folder of the library's own migrations, where these come first. */
  readonly jobTables?: string;
  readonly json: boolean;
}

/** How it ended. What failed is told by its message, since errors of another bundle are of other classes. */
export type MigrateEnd = { readonly exit: number } | { readonly failed: { readonly code: string; readonly message: string } };

/** What knows databases: a file of its own, loaded for nothing else. */
export interface Migrator {
  migrateDatabase(task: MigrateTask, io: Io): Promise<MigrateEnd>;
}

const OPTIONS = {
  'url': { type: 'string' },
  'dir': { type: 'string' },
  'extensions': { type: 'string', multiple: true },
  'app-role': { type: 'string' },
  'readonly-role': { type: 'string' },
  'job-tables': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'json': { type: 'boolean' },
  'help': { type: 'boolean', short: 'h' },
} as const;

export const MIGRATE_USAGE = `usage: cdk-jobworks migrate [status] --url URL --dir FOLDER [options]

Applies SQL files (0001_name.sql, 0002_…) that a database has not had yet, in their order and each in a transaction,
as a deployment does. "migrate status" tells how each file stands, and changes nothing.

  --url URL             postgresql://USER@HOST:PORT/DATABASE; instead of DATABASE_URL. TLS verifies the server (verify-full)
                        unless it is on this machine; ?sslmode=… and ?sslrootcert=FILE as with psql
  --dir FOLDER          where the files are
  --extensions NAMES    created before the files, parted by commas: vector,pg_trgm
  --app-role NAME       makes a role that reads and writes tables; its password is JOBWORKS_APP_PASSWORD, if it has one
  --readonly-role NAME  makes a role that reads tables; its password is JOBWORKS_READONLY_PASSWORD, if it has one
  --job-tables          makes the library's own tables before the files, as a deployment does: for files that name jobworks.jobs
  --dry-run             tells what would be applied, and what would be refused; runs no SQL of the files
  --json                one JSON document on the standard output, and nothing else there
  -h, --help            this text

  cdk-jobworks migrate --url postgresql://postgres@localhost/invoices --dir sql --extensions vector
  cdk-jobworks migrate status --url postgresql://postgres@localhost/invoices --dir sql

A password stands in PGPASSWORD, where other users of the machine do not see it, or in the address.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage. "migrate status" ends with 1 if a file was changed.`;

/**
 * @param args those after "migrate"
 * @param jobTables folder of the library's own migrations
 */
export async function runMigrate(args: readonly string[], io: Io, migrator: () => Promise<Migrator>, jobTables: string): Promise<number> {
  const task = readMigrate(args, io.environment, jobTables);
  if (task === 'help') {
    io.stdout.write(`${MIGRATE_USAGE}\n`);
    return DONE;
  }
  if (task.target.warning !== undefined) {
    io.stderr.write(`warning: ${task.target.warning}\n`);
  }
  const end = await (await migrator()).migrateDatabase(task, io);
  if ('failed' in end) {
    throw new Refusal(end.failed.code, end.failed.message);
  }
  return end.exit;
}

/** @throws UsageError */
export function readMigrate(args: readonly string[], environment: Io['environment'], jobTables: string): MigrateTask | 'help' {
  const { values, positionals } = parse(args);
  if (values.help || positionals[0] === 'help') {
    return 'help';
  }
  if (positionals.length > 1 || (positionals.length === 1 && positionals[0] !== 'status')) {
    throw new UsageError(`"migrate" takes "status" or nothing beside its options, not "${positionals.join(' ')}"`);
  }
  const isStatus = positionals.length === 1;
  const useless = isStatus ? (['extensions', 'app-role', 'readonly-role', 'dry-run'] as const).filter(name => values[name] !== undefined) : [];
  if (useless.length > 0) {
    throw new UsageError(`"migrate status" changes nothing, and takes no ${useless.map(name => `--${name}`).join(', ')}`);
  }
  const url = values.url ?? environment.DATABASE_URL;
  if (!url) {
    throw new UsageError('--url is missing: postgresql://USER@HOST:PORT/DATABASE, or set DATABASE_URL');
  }
  if (!values.dir) {
    throw new UsageError('--dir is missing: the folder with the SQL files');
  }
  return {
    action: isStatus ? 'status' : values['dry-run'] ? 'plan' : 'migrate',
    target: targetOf(url, environment),
    folder: values.dir,
    extensions: (values.extensions ?? []).flatMap(names => names.split(',')).map(name => name.trim()).filter(name => name !== ''),
    roles: [
      ...roleOf(values['app-role'], 'write', environment.JOBWORKS_APP_PASSWORD),
      ...roleOf(values['readonly-role'], 'read', environment.JOBWORKS_READONLY_PASSWORD),
    ],
    ...(values['job-tables'] && { jobTables }),
    json: values.json ?? false,
  };
}

function roleOf(name: string | undefined, access: 'write' | 'read', password: string | undefined): MigrateTask['roles'] {
  return name === undefined ? [] : [{ name, access, ...(password && { password }) }];
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(optionError(error as NodeJS.ErrnoException, 'migrate', Object.keys(OPTIONS)));
  }
}
