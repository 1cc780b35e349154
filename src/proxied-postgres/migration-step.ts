import { CustomResource, Duration } from 'aws-cdk-lib';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { openMastersWay } from './masters-way';
import { hashOf, historiesOf, withMigrationCode } from './migration-files';
import { createMigrationProvider } from './migration-provider';
import { CA_FILE, postgresLayer } from './postgres-layer';
import { PostgresRole } from './postgres-role';
import { PORT } from './server';
import type { SqlMigrations } from './sql-migrations';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { jobFunction } from '../job-functions/job-function';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { LIBRARY_TABLES, MIGRATION_PROPERTIES, MIGRATION_ROLE } from '../runtime/wire/migrations';
import type { SecureNetwork } from '../secure-network/secure-network';

/** What Lambda gives a call at most: a file may take 14 minutes of it. */
const CALL_MINUTES = 15;

/** What the step is made with. */
export interface MigrationStepOptions {
  readonly profile: EnvironmentProfile;
  readonly migrations: SqlMigrations;
  readonly network: SecureNetwork;
  readonly encryptionKey?: IKey;
  /** The secret with its server in it. */
  readonly secret: ISecret;
  /** Of the writer. */
  readonly host: string;
  readonly databaseName: string;
  /** Of the migrating function. */
  readonly securityGroup: SecurityGroup;
  /** Of the database. */
  readonly databaseSecurityGroup: SecurityGroup;
  /** A server that answers. */
  readonly server: Construct;
}

/**
 * Applies migrations at deployment, and makes the roles that functions come as: whenever the files, the extensions or the roles are others than
 * before. It comes to the writer as its master, past the proxy. What it has made stays when it goes.
 *
 * @returns what to wait for
 */
export function createMigrationStep(scope: Construct, options: MigrationStepOptions): CustomResource {
  const { network, secret, securityGroup, databaseSecurityGroup } = options;
  const histories = historiesOf(options.migrations);
  const fn = withMigrationCode(scope, histories, (code) => jobFunction(scope, 'Function', {
    entry: 'migrate',
    code,
    description: 'Applies the migrations of a database',
    profile: options.profile,
    encryptionKey: options.encryptionKey,
    timeout: Duration.minutes(CALL_MINUTES),
    losesNothing: 'the provider of the custom resource calls the function and waits for its answer',
    network: { vpc: network.vpc, vpcSubnets: network.functionSubnets, securityGroups: [securityGroup] },
    environment: {
      [ENVIRONMENT.databaseHost]: options.host,
      [ENVIRONMENT.databasePort]: String(PORT),
      [ENVIRONMENT.databaseName]: options.databaseName,
      [ENVIRONMENT.databaseCa]: CA_FILE,
      [ENVIRONMENT.databaseSecretArn]: secret.secretArn,
    },
  }));
  fn.addLayers(postgresLayer(fn));
  const way = openMastersWay(fn, { network, securityGroup, databaseSecurityGroup, description: 'The migrations' });
  allowMaster(fn, options);

  const step = new CustomResource(scope, 'Resource', {
    resourceType: 'Custom::JobWorksMigrations',
    serviceToken: createMigrationProvider(scope, 'Provider', { fn, profile: options.profile, encryptionKey: options.encryptionKey }).serviceToken,
    properties: {
      [MIGRATION_PROPERTIES.files]: hashOf(histories),
      [MIGRATION_PROPERTIES.extensions]: options.migrations.extensions,
      [MIGRATION_PROPERTIES.roles]: ROLES,
    },
  });
  step.node.addDependency(options.server, secret, ...way);
  return step;
}

const ROLES = [
  { [MIGRATION_ROLE.name]: PostgresRole.APP, [MIGRATION_ROLE.access]: 'write', [MIGRATION_ROLE.libraryTables]: LIBRARY_TABLES },
  { [MIGRATION_ROLE.name]: PostgresRole.READONLY, [MIGRATION_ROLE.access]: 'read', [MIGRATION_ROLE.libraryTables]: [] },
];

/** Name and password of the master, and nothing else. */
function allowMaster(fn: LambdaFunction, { secret, encryptionKey }: MigrationStepOptions): void {
  fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }));
  encryptionKey?.grant(fn, 'kms:Decrypt');
}
