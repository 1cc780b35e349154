import { readFileSync } from 'node:fs';
import { Client, type ClientConfig } from 'pg';
import { type History } from '../../../src/runtime/migrations/files';
import { migrate, type MigrateOptions } from '../../../src/runtime/migrations/migrate';
import { PgConnection } from '../../../src/runtime/migrations/pg-connection';

/*
 * Migrates in a process of its own, that a test may kill. What happens is written line by line, as JSON.
 */

export interface Task {
  readonly config: ClientConfig;
  readonly caFile: string;
  readonly histories: readonly History[];
  readonly options: MigrateOptions;
}

const say = (said: object): void => { process.stdout.write(`${JSON.stringify(said)}\n`); };

async function main(): Promise<void> {
  const { config, caFile, histories, options } = JSON.parse(process.env.TASK!) as Task;
  const client = new Client({ ...config, ssl: { ca: readFileSync(caFile, 'utf8') }, application_name: 'migrating' });
  client.on('error', () => {});
  await client.connect();
  try {
    say(await migrate(new PgConnection(client), histories, { ...options, report: say }));
  } finally {
    await client.end().catch(() => {});
  }
}

main().catch((error: Error) => {
  say({ error: error.message });
  process.exitCode = 1;
});
