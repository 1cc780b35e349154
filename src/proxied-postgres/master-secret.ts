import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { DatabaseSecret } from 'aws-cdk-lib/aws-rds';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { createMasterFunction, type MasterTarget } from './master-function';
import { acknowledge } from '../internal/acknowledge';

/** Not `postgres`, nor any other word that RDS keeps for itself. */
export const MASTER_USER = 'jobworks_master';

/** What breaks addresses and command lines when it is in a password. */
const EXCLUDED = ' %+~`#$&*()|[]{}:;<>?!\'/@"\\';

/** The master's password, which nobody chooses and the migration alone uses. */
export function createMasterSecret(scope: Construct, id: string, databaseName: string, encryptionKey: IKey | undefined): DatabaseSecret {
  const secret = new DatabaseSecret(scope, id, {
    username: MASTER_USER,
    dbname: databaseName,
    encryptionKey,
    excludeCharacters: EXCLUDED,
  });
  secret.applyRemovalPolicy(RemovalPolicy.DESTROY); // Secrets Manager keeps what is deleted for a month
  return secret;
}

/** Says why a secret that is not rotated is fine. */
export function acknowledgeNoRotation(secret: DatabaseSecret): void {
  acknowledge(secret, { id: 'AwsSolutions-SMG4', reason: 'the user has switched rotation off' });
}

/** What a rotation is made with. */
export interface RotationOptions extends MasterTarget {
  readonly interval: Duration;
}

/**
 * Changes the master's password now and then. Connections that are open stay, and the proxy has no password that could change.
 *
 * Not by the secret's own method: it would let the function be called for any secret, and call what it does not.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export function createRotation(scope: Construct, id: string, options: RotationOptions): LambdaFunction {
  const { secret } = options;
  const { fn, way } = createMasterFunction(scope, id, options, {
    entry: 'rotate',
    description: 'Changes the password of the master user of a database',
    timeout: Duration.minutes(1),
    losesNothing: 'Secrets Manager calls the function, waits for its answer and tries again',
    ruleDescription: 'The rotation of the password',
  });
  allowRotation(fn, options);

  const schedule = new CfnRotationSchedule(scope, `${id}Schedule`, {
    secretId: secret.secretArn,
    rotationLambdaArn: fn.functionArn,
    rotationRules: { automaticallyAfterDays: options.interval.toDays() },
    rotateImmediatelyOnUpdate: false, // migrations run at the same time; that the function can connect is tried all the same
  });
  schedule.node.addDependency(fn, secret, ...way); // it is tried at once
  return fn;
}

function allowRotation(fn: LambdaFunction, { secret, encryptionKey }: RotationOptions): void {
  fn.addToRolePolicy(new PolicyStatement({
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
    resources: [secret.secretArn],
  }));
  encryptionKey?.grant(fn, 'kms:Decrypt', 'kms:GenerateDataKey');
  fn.addPermission('SecretsManager', {
    principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
    sourceArn: secret.secretArn,
    sourceAccount: Stack.of(fn).account,
  });
}
