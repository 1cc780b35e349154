import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { createMasterFunction, type MasterTarget } from './master-function';
import { hashOf, historiesOf, withMigrationCode } from './migration-files';
import { createMigrationProvider } from './migration-provider';
import { PostgresRole } from './postgres-role';
import type { SqlMigrations } from './sql-migrations';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { LIBRARY_TABLES, MIGRATION_PROPERTIES, MIGRATION_ROLE } from '../runtime/wire/migrations';

/** What Lambda gives a call at most: a file may take 14 minutes of it. */
const CALL_MINUTES = 15;

/** What the step is made with. */
export interface MigrationStepOptions extends MasterTarget {
  readonly migrations: SqlMigrations;
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
  const { secret } = options;
  const histories = historiesOf(options.migrations);
  const { fn, way } = withMigrationCode(scope, histories, (code) => createMasterFunction(scope, 'Function', options, {
    entry: 'migrate',
    code,
    description: 'Applies the migrations of a database',
    timeout: Duration.minutes(CALL_MINUTES),
    losesNothing: 'the provider of the custom resource calls the function and waits for its answer',
    ruleDescription: 'The migrations',
    environment: { [ENVIRONMENT.databaseSecretArn]: secret.secretArn },
  }));
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
