import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measure } from './measure';
import type { PostgresServer } from '../../test/support/postgres/server';
import { alternate, type Candidate } from '../alternate';
import { ROOT, SCRATCH } from '../child';
import { withServer } from '../postgres';
import { waitedRatio } from '../row';

const FILES = 500;
/** A loop of five hundred processes takes seconds: so many rounds are enough for an interval. */
const MOST_ROUNDS = 6;
/** Processes of Node.js take minutes. */
const MOST_ROUNDS_OF_NODE = 1;
const LIMIT_MS = 120_000;

const CLI = join(ROOT, 'assets', 'cli', 'cdk-jobworks.js');
const run = promisify(execFile);

/** How somebody without a runner applies files: each command after the other. */
interface Other {
  readonly goal?: number;
  commands(url: string, files: readonly string[]): string[][];
}

export const migrations: Measure = {
  title: 'Migrations',
  how: `${FILES} SQL files, each with a small table, on an empty database of a real server, by the clock: \`npx cdk-jobworks migrate\` (without npx), which checks all files first, `
    + 'takes a lock and remembers each file with its checksum; and a loop of psql, a process a file, or one psql with all files, which do none of that. All connect over TLS and '
    + 'verify the certificate. Where there is no psql on the path, it is a loop of processes of Node.js with pg.',
  run: async ({ rounds, progress }) => withServer('migrations', progress, async server => {
    const folder = writeFiles();
    const files = readdirSync(folder).sort().map(file => join(folder, file));
    const { others, mostRounds } = whatThereIs();
    const most = Math.min(rounds, mostRounds);
    const { ours, ...theirs } = await alternate<string, number>(most, {
      ours: timed(server, url => [[process.execPath, CLI, 'migrate', '--url', url, '--dir', folder]]),
      ...Object.fromEntries(Object.entries(others).map(([name, { commands }]) => [name, timed(server, url => commands(url, files))])),
    }, round => progress.at('migrations', round, most));
    return Object.entries(others).map(([name, { goal }]) => waitedRatio({ metric: `${FILES} migrations`, unit: 's', goal }, ours, { name, values: theirs[name] }));
  }),
};

function whatThereIs(): { readonly others: Readonly<Record<string, Other>>; readonly mostRounds: number } {
  const psql = [...debians(), ...(process.env.PATH ?? '').split(':').map(folder => join(folder, 'psql'))].find(existsSync);
  if (psql === undefined) {
    const apply = join(SCRATCH, 'apply-file.cjs');
    const commands: Other['commands'] = (url, files) => files.map(file => [process.execPath, apply, url, file]);
    return { others: { 'a loop of Node.js with pg': { commands, goal: 1 } }, mostRounds: MOST_ROUNDS_OF_NODE };
  }
  const quiet = [psql, '-X', '-q', '-v', 'ON_ERROR_STOP=1'];
  return {
    mostRounds: MOST_ROUNDS,
    others: {
      'a loop of psql': { commands: (url, files) => files.map(file => [...quiet, '-1', '-f', file, url]), goal: 1 },
      'one psql for all files': { commands: (url, files) => [[...quiet, ...files.flatMap(file => ['-f', file]), url]] },
    },
  };
}

/** On Debian the psql of the path is a script that looks for the right one, which takes longer than the right one itself. */
function debians(): string[] {
  const versions = '/usr/lib/postgresql';
  return existsSync(versions) ? readdirSync(versions).map(version => join(versions, version, 'bin', 'psql')) : [];
}

/** Seconds of one command after the other, on a database that nobody has used. */
function timed(server: PostgresServer, commands: (url: string) => string[][]): Candidate<number> {
  return async () => {
    const database = await server.createDatabase();
    const began = performance.now();
    for (const [program, ...args] of commands(server.url(database))) await run(program, args, { timeout: LIMIT_MS });
    const seconds = (performance.now() - began) / 1000;
    const made = await server.asMaster(database, async client => client.query('SELECT FROM pg_tables WHERE schemaname = \'public\''));
    if (made.rowCount !== FILES) throw new Error(`${made.rowCount} of ${FILES} tables were made`);
    await server.asMaster('postgres', async client => client.query(`DROP DATABASE ${database}`));
    return seconds;
  };
}

function writeFiles(): string {
  const folder = join(SCRATCH, 'migrations');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= FILES; number++) {
    const table = `invoices_${number}`;
    writeFileSync(join(folder, `${String(number).padStart(4, '0')}_${table}.sql`),
      `CREATE TABLE ${table} (\n  id bigint PRIMARY KEY,\n  vendor text NOT NULL,\n  total numeric(12, 2)\n);\nINSERT INTO ${table} VALUES (1, 'ACME', 12.50);\n`);
  }
  return folder;
}
