import { Duration, Size } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { databaseWith, failureOf } from './support';
import { BackupCopy } from '../../src/proxied-postgres/backup-copy';
import { auroraConnections, connectionsOf, instanceConnections, memoryOf } from '../../src/proxied-postgres/connection-limits';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';
import type { ProxiedPostgresProps } from '../../src/proxied-postgres/proxied-postgres-props';

const { instance, auroraServerlessV2: aurora } = PostgresEngine;
const vaultArn = 'arn:aws:backup:eu-central-1:123456789012:backup-vault:theirs';

test.each<[Partial<ProxiedPostgresProps>, string]>([
  [{ engine: instance({ version: rds.PostgresEngineVersion.VER_15 }) }, 'engine.version must be PostgreSQL 16 or newer'],
  [{ engine: instance({ storage: Size.gibibytes(19) }) }, 'engine.storage must be from 20,480 to 67,108,864 MiB'],
  [{ engine: instance({ storage: Size.mebibytes(20_481) }) }, 'engine.storage must be whole GiB'],
  [{ engine: instance({ storage: Size.gibibytes(100), maximumStorage: Size.gibibytes(109) }) }, 'engine.maximumStorage must be at least a tenth more than engine.storage'],
  [{ engine: instance({ readers: 16 }) }, 'engine.readers must be a whole number from 0 to 15'],
  [{ engine: aurora({ version: rds.AuroraPostgresEngineVersion.of('15.4', '15') }) }, 'engine.version must be PostgreSQL 16 or newer'],
  [{ engine: aurora({ minCapacity: 0.25 }) }, 'engine.minCapacity must be from 0 to 256 ACU, in steps of a half'],
  [{ engine: aurora({ maxCapacity: 0.5 }) }, 'engine.maxCapacity must be from 1 to 256 ACU'],
  [{ engine: aurora({ maxCapacity: 257 }) }, 'engine.maxCapacity must be from 1 to 256 ACU'],
  [{ engine: aurora({ minCapacity: 4, maxCapacity: 2 }) }, 'engine.minCapacity must be at most engine.maxCapacity'],
  [{ engine: aurora({ autoPause: Duration.minutes(5) }) }, 'engine.autoPause cannot be given unless engine.minCapacity is 0'],
  [{ engine: aurora({ minCapacity: 0, autoPause: Duration.minutes(4) }) }, 'engine.autoPause must be from 5 minutes to 1 day'],
  [{ engine: aurora({ readers: -1 }) }, 'engine.readers must be a whole number from 0 to 15'],
  [{ proxy: PostgresProxy.pooled({ maxConnectionsPercent: 101 }) }, 'proxy.maxConnectionsPercent must be a whole number from 1 to 100'],
  [{ proxy: PostgresProxy.pooled({ maxConnectionsPercent: 50, maxIdleConnectionsPercent: 51 }) }, 'proxy.maxIdleConnectionsPercent must be a whole number from 0 to 50'],
  [{ proxy: PostgresProxy.pooled({ borrowTimeout: Duration.minutes(6) }) }, 'proxy.borrowTimeout must be from 1 second to 5 minutes'],
  [{ proxy: PostgresProxy.pooled({ idleClientTimeout: Duration.hours(9) }) }, 'proxy.idleClientTimeout must be from 1 second to 8 hours'],
  [{ databaseName: '1st' }, 'databaseName must be a letter, then letters, digits and underscores'],
  [{ databaseName: 'postgres' }, 'and none that the server has already'],
  [{ backupRetention: Duration.days(0) }, 'backupRetention must be from 1 day to 35 days'],
  [{ backupRetention: Duration.days(36) }, 'backupRetention must be from 1 day to 35 days'],
  [{ backupRetention: Duration.hours(36) }, 'backupRetention must be whole days'],
  [{ backupWindow: '2:00-3:00' }, 'backupWindow must be hh:mm-hh:mm in UTC'],
  [{ backupWindow: '02:00-02:20' }, 'half an hour at least'],
  [{ backupWindow: '03:00-04:00' }, 'backupWindow must not be within maintenanceWindow'],
  [{ maintenanceWindow: 'sunday:03:00-04:00' }, 'maintenanceWindow must be ddd:hh:mm-ddd:hh:mm in UTC'],
  [{ maintenanceWindow: 'sun:05:00-sun:05:15' }, 'half an hour at least'],
  [{ monitoringInterval: Duration.seconds(20) }, 'monitoringInterval must be one of 1, 5, 10, 15, 30, 60 seconds'],
  [{ rotationInterval: Duration.days(366) }, 'rotationInterval must be from 1 day to 365 days'],
  [{ rotateMasterSecret: false, rotationInterval: Duration.days(7) }, 'rotationInterval cannot be given where rotateMasterSecret is false'],
  [{ parameters: { 'rds.force_ssl': '0' } }, 'parameters must not have rds.force_ssl'],
  [{ engine: aurora(), backupCopy: BackupCopy.replication({ region: 'eu-central-1' }) }, 'backupCopy cannot be a replication of a cluster'],
  [{ backupCopy: BackupCopy.replication({ region: 'eu-central-1' }) }, 'backupCopy.encryptionKeyArn must be given'],
  [{ backupCopy: BackupCopy.dailyToVault({ vaultArn, retention: Duration.hours(1) }) }, 'backupCopy.retention must be from 1 day'],
  [{ alarms: { cpu: { threshold: 101 } } }, 'alarms.cpu.threshold must be from 0 to 100'],
  [{ alarms: { replicaLag: { period: Duration.seconds(90) } } }, 'alarms.replicaLag.period must be a multiple of one minute'],
  [{ engine: instance({ readers: '2' as unknown as number }) }, "engine.readers must be a number. Given: '2'. Fix: write readers: 2"],
  [{ network: {} as never }, 'network must be a SecureNetwork'],
])('%j is refused', (props, message) => {
  expect(failureOf(() => databaseWith(props))).toContain(message);
});

test('everything that is wrong is said at once', () => {
  expect(failureOf(() => databaseWith({ databaseName: '', backupRetention: Duration.days(36), engine: aurora({ minCapacity: 300 }) }))).toContain('3 rules are broken');
});

test.each([
  [1, 189], [4, 823], [8, 1_669], [16, 3_360], [32, 5_000], [256, 5_000],
])('a server of up to %d ACU takes %d connections, within a percent of what AWS says', (capacity, connections) => {
  expect(Math.abs(auroraConnections(1, capacity) - connections) / connections).toBeLessThan(0.01);
});

test('a cluster that may become small takes 2,000 at most', () => {
  expect(auroraConnections(0.5, 64)).toBe(2_000);
  expect(auroraConnections(0, 1)).toBe(connectionsOf(2));
});

test.each([
  ['t4g.micro', 1], ['t4g.small', 2], ['t4g.medium', 4], ['t3.large', 8], ['t3.2xlarge', 32], ['m7g.large', 8], ['m6gd.4xlarge', 64], ['r7g.xlarge', 32], ['r6i.16xlarge', 512],
  ['x2g.large', undefined], ['m7g.metal', undefined],
])('%s has %s GiB', (type, memory) => {
  expect(memoryOf(new ec2.InstanceType(type))).toBe(memory);
  expect(instanceConnections(new ec2.InstanceType(type)) === undefined).toBe(memory === undefined);
});
