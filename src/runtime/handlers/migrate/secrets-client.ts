import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings, WORKER_LIMITS } from '../../store/aws-clients';

/** Loaded when a secret is read: a stack that is deleted reads none. */
export async function readSecret(arn: string): Promise<string | undefined> {
  const client = new SecretsManagerClient(clientSettings(WORKER_LIMITS));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  return SecretString;
}
