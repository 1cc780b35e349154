import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { databaseWith, only, templateOf, warningsOf } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { BackupCopy } from '../../src/proxied-postgres/backup-copy';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';

const PROFILES = { dev: EnvironmentProfile.dev, staging: EnvironmentProfile.staging, prod: EnvironmentProfile.prod };
const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';

describe('an instance', () => {
  test.each([
    ['dev', 'db.t4g.micro', false, false, 'Delete'],
    ['staging', 'db.t4g.small', false, true, 'Snapshot'],
    ['prod', 'db.m7g.large', true, true, 'Snapshot'],
  ] as const)('%s: %s, standby %s, protected %s, on deletion %s', (size, type, multiAz, isProtected, policy) => {
    const template = templateOf(databaseWith({ profile: PROFILES[size]() }));
    template.hasResource(INSTANCE, {
      DeletionPolicy: policy,
      UpdateReplacePolicy: policy,
      Properties: {
        DBInstanceClass: type, MultiAZ: multiAz, DeletionProtection: isProtected, Engine: 'postgres', EngineVersion: '17', StorageType: 'gp3', AllocatedStorage: '20', MaxAllocatedStorage: 1024,
      },
    });
  });

  test('is closed, encrypted, backed up, watched and kept current', () => {
    const template = templateOf(databaseWith());
    const [keyId] = Object.entries(template.findResources('AWS::KMS::Key')).find(([id]) => id.startsWith('DatabaseKey'))!;
    const key = { 'Fn::GetAtt': [keyId, 'Arn'] };
    expect(only(template, INSTANCE)).toMatchObject({
      PubliclyAccessible: false,
      EnableIAMDatabaseAuthentication: true,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      AutoMinorVersionUpgrade: true,
      AllowMajorVersionUpgrade: false,
      CopyTagsToSnapshot: true,
      StorageEncrypted: true,
      KmsKeyId: key,
      BackupRetentionPeriod: 7,
      PreferredBackupWindow: '02:00-03:00',
      PreferredMaintenanceWindow: 'sun:03:30-sun:04:30',
      MonitoringInterval: 60,
      EnablePerformanceInsights: true,
      PerformanceInsightsRetentionPeriod: 7,
      PerformanceInsightsKMSKeyId: key,
      DatabaseInsightsMode: 'standard',
      EnableCloudwatchLogsExports: ['postgresql', 'upgrade', 'iam-db-auth-error'],
    });
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Family: 'postgres17', Parameters: { 'rds.force_ssl': '1' } });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true, Description: 'Database Stack/Database' } });
  });

  test('is in the isolated subnets', () => {
    const template = templateOf(databaseWith());
    const [{ Properties: { SubnetIds } }] = Object.values(template.findResources('AWS::RDS::DBSubnetGroup')) as [{ Properties: { SubnetIds: { Ref: string }[] } }];
    expect(SubnetIds).toHaveLength(2);
    expect(SubnetIds.every(({ Ref }) => Ref.includes('IsolatedSubnet'))).toBe(true);
  });

  test.each([
    ['instance', PostgresEngine.instance(), INSTANCE],
    ['cluster', PostgresEngine.auroraServerlessV2(), CLUSTER],
  ] as const)('an %s finds its monitoring allowed, which RDS tries: also to make the group, whose ARN has an end in policies', (_, engine, type) => {
    const template = templateOf(databaseWith({ engine }));
    const policies = template.findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp('^DatabaseMonitoringRolePolicy') } });
    const [[id, { Properties }]] = Object.entries(policies) as [string, { Properties: { PolicyDocument: { Statement: { Resource: unknown }[] } } }][];
    expect(JSON.stringify(Properties.PolicyDocument.Statement[0].Resource)).toContain(':log-group:RDSOSMetrics:*"');
    template.hasResource(type, { DependsOn: Match.arrayWith([id]) });
  });

  test('finds its log groups made, with key and retention, under the name that RDS writes to', () => {
    const template = templateOf(databaseWith({ profile: EnvironmentProfile.staging() }));
    const identifier = only(template, INSTANCE).DBInstanceIdentifier as { 'Fn::Join': [string, [string, object]] };
    const [prefix, unique] = identifier['Fn::Join'][1];
    expect(prefix).toMatch(/^pg-database-[0-9a-f]{8}-$/);
    const groups = template.findResources('AWS::Logs::LogGroup', {
      Properties: { LogGroupName: Match.anyValue(), RetentionInDays: 14, KmsKeyId: Match.anyValue() },
    });
    const names = Object.values(groups).map(({ Properties }) => (Properties as { LogGroupName: unknown }).LogGroupName);
    for (const kind of ['postgresql', 'upgrade', 'iam-db-auth-error']) {
      expect(names).toContainEqual({ 'Fn::Join': ['', [`/aws/rds/instance/${prefix}`, unique, `/${kind}`]] });
    }
    const [{ DependsOn }] = Object.values(template.findResources(INSTANCE)) as [{ DependsOn: string[] }];
    expect(DependsOn.filter((id) => id.includes('Logs'))).toHaveLength(3);
  });

  test('takes what it is given', () => {
    const template = templateOf(databaseWith({
      engine: PostgresEngine.instance({
        version: rds.PostgresEngineVersion.VER_16,
        instanceType: ec2.InstanceType.of(ec2.InstanceClass.R7G, ec2.InstanceSize.XLARGE),
        storage: Size.gibibytes(100),
        maximumStorage: Size.gibibytes(400),
        multiAz: false,
        readers: 2,
      }),
      databaseName: 'invoices',
      parameters: { log_min_duration_statement: '1000' },
      backupRetention: Duration.days(35),
      deletionProtection: false,
      removalPolicy: RemovalPolicy.RETAIN,
      databaseInsights: rds.DatabaseInsightsMode.ADVANCED,
      monitoringInterval: Duration.seconds(15),
    }));
    template.resourceCountIs(INSTANCE, 3);
    template.hasResource(INSTANCE, {
      DeletionPolicy: 'Retain',
      Properties: {
        EngineVersion: '16',
        DBInstanceClass: 'db.r7g.xlarge',
        AllocatedStorage: '100',
        MaxAllocatedStorage: 400,
        MultiAZ: false,
        DBName: 'invoices',
        BackupRetentionPeriod: 35,
        DeletionProtection: false,
        DatabaseInsightsMode: 'advanced',
        PerformanceInsightsRetentionPeriod: 465,
        MonitoringInterval: 15,
      },
    });
    template.hasResource(INSTANCE, {
      DeletionPolicy: 'Delete', // a replica takes no final snapshot
      Properties: {
        SourceDBInstanceIdentifier: Match.anyValue(),
        AllocatedStorage: Match.absent(),
        StorageEncrypted: Match.absent(),
        EnableIAMDatabaseAuthentication: true,
        DeletionProtection: false,
      },
    });
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1', 'log_min_duration_statement': '1000' } });
  });

  test('has its backups replicated to another region', () => {
    const encryptionKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/1234';
    const template = templateOf(databaseWith({ backupCopy: BackupCopy.replication({ region: 'eu-central-1', encryptionKeyArn, retention: Duration.days(14) }) }));
    expect(only(template, INSTANCE)).toMatchObject({
      AutomaticBackupReplicationRegion: 'eu-central-1', AutomaticBackupReplicationKmsKeyId: encryptionKeyArn, AutomaticBackupReplicationRetentionPeriod: 14,
    });
  });
});

describe('an Aurora cluster', () => {
  const aurora = PostgresEngine.auroraServerlessV2;

  test.each([
    ['dev', 0.5, 2, 1],
    ['staging', 0.5, 4, 1],
    ['prod', 1, 8, 2],
  ] as const)('%s: %d to %d ACU, %d servers', (size, min, max, servers) => {
    const template = templateOf(databaseWith({ profile: PROFILES[size](), engine: aurora() }));
    expect(only(template, CLUSTER)).toMatchObject({ ServerlessV2ScalingConfiguration: { MinCapacity: min, MaxCapacity: max }, DeletionProtection: size !== 'dev' });
    template.resourceCountIs(INSTANCE, servers);
  });

  test('is closed, encrypted, backed up, watched and kept current', () => {
    const fixture = databaseWith({ engine: aurora() });
    const template = templateOf(fixture);
    expect(only(template, CLUSTER)).toMatchObject({
      Engine: 'aurora-postgresql',
      EngineVersion: '17.7',
      StorageEncrypted: true,
      EnableIAMDatabaseAuthentication: true,
      BackupRetentionPeriod: 7,
      CopyTagsToSnapshot: true,
      AutoMinorVersionUpgrade: true,
      MonitoringInterval: 60,
      PerformanceInsightsEnabled: true,
      DatabaseInsightsMode: 'standard',
      EnableCloudwatchLogsExports: ['postgresql'],
    });
    template.allResourcesProperties(INSTANCE, { PubliclyAccessible: false, CACertificateIdentifier: 'rds-ca-rsa2048-g1', DBInstanceClass: 'db.serverless', AutoMinorVersionUpgrade: true });
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
    expect(warningsOf(fixture.stack)).toEqual([]);
  });

  test('pauses where that is asked for, and says that a proxy keeps it awake', () => {
    const engine = aurora({ minCapacity: 0, autoPause: Duration.minutes(10) });
    const paused = databaseWith({ engine, proxy: PostgresProxy.none() });
    expect(only(templateOf(paused), CLUSTER)).toMatchObject({ ServerlessV2ScalingConfiguration: { MinCapacity: 0, SecondsUntilAutoPause: 600 } });
    expect(warningsOf(paused.stack)).toEqual([]);
    expect(warningsOf(databaseWith({ engine }).stack)).toEqual([expect.stringContaining('never pauses although engine.minCapacity is 0')]);
  });

  test('has a snapshot copied to a vault each day', () => {
    const vaultArn = 'arn:aws:backup:eu-central-1:123456789012:backup-vault:theirs';
    const template = templateOf(databaseWith({ engine: aurora(), backupCopy: BackupCopy.dailyToVault({ vaultArn, retention: Duration.days(90) }) }));
    template.hasResourceProperties('AWS::Backup::BackupPlan', {
      BackupPlan: {
        BackupPlanRule: [{
          CopyActions: [{ DestinationBackupVaultArn: vaultArn, Lifecycle: { DeleteAfterDays: 90 } }],
          Lifecycle: { DeleteAfterDays: 2 },
        }],
      },
    });
    template.resourceCountIs('AWS::Backup::BackupSelection', 1);
  });
});

test('a key that is given is the only one; in dev, AWS manages the keys', () => {
  expect(databaseWith({ profile: EnvironmentProfile.dev() }).database.encryptionKey).toBeUndefined();
  const encryptionKey = kms.Key.fromKeyArn(new Stack(), 'Theirs', 'arn:aws:kms:eu-west-1:123456789012:key/1');
  const template = templateOf(databaseWith({ profile: EnvironmentProfile.dev(), encryptionKey }));
  expect(only(template, INSTANCE)).toMatchObject({ StorageEncrypted: true, KmsKeyId: encryptionKey.keyArn });
  expect(only(template, 'AWS::SecretsManager::Secret').KmsKeyId).toBe(encryptionKey.keyArn);
  template.resourceCountIs('AWS::KMS::Key', 0);
});
