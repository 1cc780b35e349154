import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { GIVEN } from './kinds';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { BackupCopy } from '../../src/proxied-postgres/backup-copy';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';
import { PostgresRole } from '../../src/proxied-postgres/postgres-role';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import type { ProxiedPostgresProps } from '../../src/proxied-postgres/proxied-postgres-props';
import { SqlMigrations } from '../../src/proxied-postgres/sql-migrations';
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
  'instance, dev, with a proxy': () => ({ profile: dev(), proxy: PostgresProxy.pooled() }),
  'Aurora, dev, that pauses': () => ({ profile: dev(), engine: aurora({ minCapacity: 0 }), rotateMasterSecret: false }),
  'instance, prod, without a proxy': () => ({ profile: prod(), proxy: PostgresProxy.none() }),
  'Aurora, prod, without a proxy': () => ({ profile: prod(), engine: aurora(), proxy: PostgresProxy.none() }),
  'instance, maximal': () => ({
    profile: prod(),
    engine: PostgresEngine.instance({ readers: 2 }),
    parameters: { log_min_duration_statement: '1000' },
    migrations: SqlMigrations.onlyExtensions('vector'),
    backupCopy: BackupCopy.replication({
      region: 'eu-central-1', encryptionKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/12345678-1234-1234-1234-123456789012',
    }),
  }),
  'Aurora, maximal': () => ({
    profile: prod(),
    engine: aurora({ readers: 2 }),
    backupCopy: BackupCopy.dailyToVault({ vaultArn: 'arn:aws:backup:eu-central-1:123456789012:backup-vault:theirs' }),
  }),
} satisfies Record<string, () => Omit<ProxiedPostgresProps, 'network'>>;

/** A kind of database, by what is said of it. */
export type DatabaseKind = keyof typeof databases;

/** Every kind of database whose template is judged: both engines in each environment, with a proxy and without, and the most there is. */
export const DATABASES = Object.keys(databases) as DatabaseKind[];

/** A database in an app of its own, with its network and functions that connect to it. */
export interface DatabaseFixture {
  readonly app: App;
  readonly stack: Stack;
  readonly network: SecureNetwork;
  readonly database: ProxiedPostgres;
}

/**
 * An app with a network, one database of a kind, and functions that connect to it: one that is placed, and in the largest one that reads from the
 * readers. Ids as given.
 */
export function databaseOf(kind: DatabaseKind, { stackId = 'Stack', ids = ['Database'] }: { readonly stackId?: string; readonly ids?: readonly string[] } = {}): DatabaseFixture {
  const app = new App();
  const stack = new Stack(app, stackId, { env: { account: '123456789012', region: 'eu-west-1' } });
  const scope = ids.slice(0, -1).reduce<Construct>((parent, id) => new Construct(parent, id), stack);
  const props: Omit<ProxiedPostgresProps, 'network'> = databases[kind]();
  const network = new SecureNetwork(stack, 'Network', { profile: props.profile });
  const database = new ProxiedPostgres(scope, ids[ids.length - 1], { ...props, network });
  const given = new Construct(stack, GIVEN);
  database.grantConnect(userFunction(given, 'Worker'), { role: PostgresRole.APP, concurrency: 5 });
  if (kind.endsWith('maximal')) {
    database.allowSessionManagerAccess();
    database.grantConnect(userFunction(given, 'Reports'), { role: PostgresRole.READONLY, concurrency: 5, toReaders: true });
  }
  return { app, stack, network, database };
}
