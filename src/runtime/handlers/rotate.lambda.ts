import { readFileSync } from 'node:fs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PostgresLogin } from './rotate/master-login';
import { rotate, type RotationEvent } from './rotate/rotate';
import { StoredSecretVersions } from './rotate/secret-versions';
import { clientSettings, WORKER_LIMITS } from '../store/aws-clients';
import { integer, text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { ENVIRONMENT } from '../wire/environment';

const client = new SecretsManagerClient(clientSettings(WORKER_LIMITS));
const log = powertoolsLog('rotation');
const login = new PostgresLogin({
  host: text(process.env, ENVIRONMENT.databaseHost),
  port: integer(process.env, ENVIRONMENT.databasePort, 1),
  database: text(process.env, ENVIRONMENT.databaseName),
  ssl: { ca: readFileSync(text(process.env, ENVIRONMENT.databaseCa), 'utf8'), rejectUnauthorized: true, minVersion: 'TLSv1.2' },
});

/** Called by Secrets Manager, four times for each rotation. */
export async function handler(event: RotationEvent): Promise<void> {
  const about = log.with({ step: event.Step, version: event.ClientRequestToken });
  try {
    await rotate(event, { versions: new StoredSecretVersions(client, event.SecretId), login });
    about.info('step done');
  } catch (error) {
    about.error('step failed', error instanceof Error ? error : { reason: String(error) });
    throw error;
  }
}
