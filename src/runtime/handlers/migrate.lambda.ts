import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from 'aws-lambda';
import { masterIn } from './migrate/master';
import { migrateResource } from './migrate/migrate-resource';
import type { Begun, Progress, ResourceEvent } from './migrate/resource-event';
import { integer, text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { ENVIRONMENT } from '../wire/environment';
import { MIGRATIONS_FOLDER } from '../wire/migrations';

const { env } = process;
const root = env.LAMBDA_TASK_ROOT ?? __dirname;
const secretArn = text(env, ENVIRONMENT.databaseSecretArn);
const parts = {
  folder: resolve(root, env[ENVIRONMENT.migrationsFolder] ?? MIGRATIONS_FOLDER),
  writer: {
    host: text(env, ENVIRONMENT.databaseHost),
    port: integer(env, ENVIRONMENT.databasePort, 1),
    database: text(env, ENVIRONMENT.databaseName),
    ca: readFileSync(resolve(root, text(env, ENVIRONMENT.databaseCa)), 'utf8'),
  },
  readMaster: async () => masterIn(await (await import('./migrate/secrets-client.js')).readSecret(secretArn)),
  log: powertoolsLog('migrations'),
};

/** Both of what the CDK's provider asks of a custom resource: `onEvent` and `isComplete`. */
export async function handler(event: ResourceEvent, context: Context): Promise<Begun | Progress> {
  return migrateResource(event, { ...parts, remainingMs: () => context.getRemainingTimeInMillis() });
}
