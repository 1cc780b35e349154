import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { BackupCopy, BackupReplicationOptions, BackupVaultCopyOptions } from './backup-copy';
import type { PostgresSettings } from './postgres-settings';
import type { Server } from './server';
import { acknowledge } from '../internal/acknowledge';

/** How long the snapshot that is copied stays here: the copies are what it is made for. */
const KEPT_HERE_DAYS = 2;

/** Copies backups to where the user wants them. */
export function copyBackups(scope: Construct, id: string, copy: BackupCopy, server: Server, settings: PostgresSettings, encryptionKey?: IKey): void {
  if (copy._replication && server.instance) {
    replicate(server.instance.node.defaultChild as CfnDBInstance, copy._replication, settings);
  }
  if (copy._vault) {
    copyDaily(new Construct(scope, id), copy._vault, server, settings, encryptionKey);
  }
}

function replicate(resource: CfnDBInstance, { region, encryptionKeyArn, retention }: BackupReplicationOptions, settings: PostgresSettings): void {
  resource.automaticBackupReplicationRegion = region;
  resource.automaticBackupReplicationKmsKeyId = encryptionKeyArn;
  resource.automaticBackupReplicationRetentionPeriod = (retention ?? settings.backupRetention).toDays();
}

function copyDaily(
  scope: Construct, { vaultArn, retention }: BackupVaultCopyOptions, server: Server, settings: PostgresSettings, encryptionKey?: IKey,
): void {
  const vault = new BackupVault(scope, 'Vault', {
    encryptionKey,
    removalPolicy: settings.removalPolicy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  const plan = new BackupPlan(scope, 'Plan', {
    backupPlanRules: [new BackupPlanRule({
      ruleName: 'Daily',
      backupVault: vault,
      scheduleExpression: Schedule.cron({ hour: '5', minute: '0' }),
      deleteAfter: Duration.days(KEPT_HERE_DAYS),
      copyActions: [{
        destinationBackupVault: BackupVault.fromBackupVaultArn(scope, 'Elsewhere', vaultArn),
        deleteAfter: retention ?? Duration.days(35),
      }],
    })],
  });
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('backup.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForBackup')],
  });
  acknowledge(role, {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
    reason: 'what AWS Backup needs for a snapshot and its copy changes with the service, which keeps its own policy',
  });
  plan.addSelection('Selection', {
    role,
    disableDefaultBackupPolicy: true,
    resources: [server.instance ? BackupResource.fromRdsDatabaseInstance(server.instance) : BackupResource.fromRdsDatabaseCluster(server.cluster!)],
  });
}
