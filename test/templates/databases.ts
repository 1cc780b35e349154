import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { BackupCopy } from '../../src/proxied-postgres/backup-copy';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresRole } from '../../src/proxied-postgres/postgres-role';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import type { ProxiedPostgresProps } from '../../src/proxied-postgres/proxied-postgres-props';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import { userFunction } from '../job-processing-pipeline/fixture';

const { dev, staging, prod } = EnvironmentProfile;
const aurora = PostgresEngine.auroraServerlessV2;

/** A kind of database, as props. */
const databases = {
  'instance, dev': () => ({ profile: dev() }),
  'instance, staging': () => ({ profile: staging() }),
  'instance, prod': () => ({ profile: prod() }),
  'Aurora, dev': () => ({ profile: dev(), engine: aurora() }),
  'Aurora, staging': () => ({ profile: staging(), engine: aurora() }),
  'Aurora, prod': () => ({ profile: prod(), engine: aurora() }),
  'instance, maximal': () => ({
    profile: prod(),
    engine: PostgresEngine.instance({ readers: 2 }),
    parameters: { log_min_duration_statement: '1000' },
    backupCopy: BackupCopy.replication({ region: 'eu-central-1', encryptionKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/1234' }),
  }),
  'Aurora, maximal': () => ({
    profile: prod(),
    engine: aurora({ readers: 2 }),
    backupCopy: BackupCopy.dailyToVault({ vaultArn: 'arn:aws:backup:eu-central-1:123456789012:backup-vault:theirs' }),
  }),
} satisfies Record<string, () => Omit<ProxiedPostgresProps, 'network'>>;

/** A kind of database, by what is said of it. */
export type DatabaseKind = keyof typeof databases;

/** Every kind of database whose template is judged: both engines in each environment, and the most there is. */
export const DATABASES = Object.keys(databases) as DatabaseKind[];

/** An app with a network, one database of a kind, and functions that connect to it: one that is placed, one that reads, where there are readers. */
export function databaseOf(kind: DatabaseKind): App {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  const props: Omit<ProxiedPostgresProps, 'network'> = databases[kind]();
  const network = new SecureNetwork(stack, 'Network', { profile: props.profile });
  const database = new ProxiedPostgres(stack, 'Database', { ...props, network });
  const given = new Construct(stack, 'Given');
  database.grantConnect(userFunction(given, 'Worker'), { role: PostgresRole.APP, concurrency: 5 });
  if (kind.endsWith('maximal')) {
    database.allowSessionManagerAccess();
    database.grantConnect(userFunction(given, 'Reports'), { role: PostgresRole.READONLY, concurrency: 5, toReaders: true });
  }
  return app;
}
