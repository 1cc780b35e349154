import {
  DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, ResourceNotFoundException, UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** Where a version of a secret stands. */
export const STAGE = { current: 'AWSCURRENT', pending: 'AWSPENDING', previous: 'AWSPREVIOUS' } as const;
export type Stage = typeof STAGE[keyof typeof STAGE];

/** What is in the secret: name and password, and whatever else is there, which stays. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The versions of one secret. */
export interface SecretVersions {
  /** The stages of each version. */
  stages(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** What a version holds; nothing where there is none. */
  read(stage: Stage, version?: string): Promise<Credentials | undefined>;
  /** A new pending version. The same once more is no error. */
  put(version: string, credentials: Credentials): Promise<void>;
  /** Makes a version the current one. */
  promote(version: string, from: string): Promise<void>;
}

/** A secret of Secrets Manager. */
export class StoredSecretVersions implements SecretVersions {
  constructor(private readonly client: SecretsManagerClient, private readonly id: string) {}

  async stages(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { VersionIdsToStages: versions = {} } = await this.client.send(new DescribeSecretCommand({ SecretId: this.id }));
    return new Map(Object.entries(versions));
  }

  async read(stage: Stage, version?: string): Promise<Credentials | undefined> {
    try {
      const wanted = { SecretId: this.id, VersionStage: stage, VersionId: version };
      return credentials((await this.client.send(new GetSecretValueCommand(wanted))).SecretString);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  async put(version: string, value: Credentials): Promise<void> {
    await this.client.send(new PutSecretValueCommand({
      SecretId: this.id, ClientRequestToken: version, SecretString: JSON.stringify(value), VersionStages: [STAGE.pending],
    }));
  }

  async promote(version: string, from: string): Promise<void> {
    await this.client.send(new UpdateSecretVersionStageCommand({
      SecretId: this.id, VersionStage: STAGE.current, MoveToVersionId: version, RemoveFromVersionId: from,
    }));
  }
}

/** What is wrong with a secret is said without what is in it. */
function credentials(text: string | undefined): Credentials {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw new Error('the secret holds no JSON');
  }
  const { username, password } = Object(value) as Partial<Credentials>;
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new Error('the secret must have a username and a password');
  }
  return value as Credentials;
}
