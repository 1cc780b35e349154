import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { SdkAws } from './aws';
import { runCli } from './cli';

/** Of the package that this file lies in, as a source and as a bundle. */
function version(): string {
  return (JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { readonly version: string }).version;
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** Whoever reads us (`| head`) may have seen enough. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

void runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
  now: Date.now,
  wait: async (ms) => wait(ms),
}, {
  connect: (place) => SdkAws.from(place, process.env),
  version,
  jobTables: join(__dirname, '../../assets/migrations/jobworks'), // from a source and from a bundle
  migrator: async () => import('./commands/migrate-database.js'),
}).then((code) => {
  process.exitCode = code;
});
