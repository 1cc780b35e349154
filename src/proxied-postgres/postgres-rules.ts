import { Duration } from 'aws-cdk-lib';
import type { BackupCopy } from './backup-copy';
import { checkPostgresAlarms } from './postgres-alarms';
import { checkExtensions } from './postgres-extensions';
import type { AuroraSettings, InstanceSettings, PostgresSettings, ProxySettings } from './postgres-settings';
import type { ProxiedPostgresProps } from './proxied-postgres-props';
import { checkJudged } from '../internal/alarm-factory';
import { known, mebibytes, seconds, type PropRules } from '../internal/prop-rules';

const OLDEST_VERSION = 16;
const GIBIBYTE = 1024;
const LEAST_STORAGE = 20 * GIBIBYTE;
const MOST_STORAGE = 65_536 * GIBIBYTE;
const MOST_READERS = 15;
const MOST_CAPACITY = 256;
const MONITORING_SECONDS = [1, 5, 10, 15, 30, 60];
/** Databases that are there already, and what PostgreSQL keeps for itself. */
const TAKEN_NAMES = new Set(['postgres', 'rdsadmin', 'template0', 'template1']);
const SET_HERE = ['rds.force_ssl'];

/** Everything that can be wrong with the props of a database. */
export function checkPostgresProps(rules: PropRules, props: ProxiedPostgresProps, settings: PostgresSettings): void {
  const { instance, aurora, proxy } = settings;
  if (instance) checkInstance(rules, instance);
  if (aurora) checkAurora(rules, aurora);
  if (proxy) checkProxy(rules, proxy);

  rules.check(/^[A-Za-z]\w{0,62}$/.test(settings.databaseName) && !TAKEN_NAMES.has(settings.databaseName.toLowerCase()), {
    rule: 'databaseName must be a letter, then letters, digits and underscores, 63 in all, and none that the server has already',
    value: settings.databaseName,
    fix: "choose another, such as 'app'",
  });
  checkExtensions(rules, settings.migrations, settings);
  rules.duration('backupRetention', settings.backupRetention, Duration.days(1), Duration.days(35), 'what RDS keeps');
  rules.check((seconds(settings.backupRetention) ?? 0) % 86_400 === 0 || !rules.fine('backupRetention'), {
    rule: 'backupRetention must be whole days', value: settings.backupRetention, fix: 'write Duration.days(…)',
  });
  checkWindows(rules, settings);
  if (props.backupCopy) checkBackupCopy(rules, props.backupCopy, instance !== undefined, props);

  const interval = seconds(settings.monitoringInterval);
  rules.check(interval === undefined || MONITORING_SECONDS.includes(interval), {
    rule: `monitoringInterval must be one of ${MONITORING_SECONDS.join(', ')} seconds`, value: settings.monitoringInterval, fix: 'write Duration.minutes(1)',
  });
  rules.duration('rotationInterval', settings.rotationInterval, Duration.days(1), Duration.days(365), 'what Secrets Manager takes');
  if (props.rotateMasterSecret === false) {
    rules.absent({ rotationInterval: props.rotationInterval }, 'where rotateMasterSecret is false', 'remove rotateMasterSecret');
  }
  for (const name of SET_HERE) {
    rules.check(!(name in (props.parameters ?? {})), {
      rule: `parameters must not have ${name}: connections are encrypted always`, value: props.parameters?.[name], fix: 'remove it',
    });
  }
  checkPostgresAlarms(rules, props.alarms);
  checkAlarmsJudge(rules, props, settings);
}

/** Alarms that were tuned of parts that this database has not. */
function checkAlarmsJudge(rules: PropRules, props: ProxiedPostgresProps, { aurora, instance, proxy }: PostgresSettings): void {
  const missing = {
    freeStorage: instance ? undefined : 'PostgresEngine.instance()',
    capacity: aurora ? undefined : 'PostgresEngine.auroraServerlessV2()',
    replicaLag: ((instance ?? aurora)?.readers ?? 0) > 0 ? undefined : 'readers',
    borrowLatency: proxy ? undefined : 'a proxy',
    rotation: props.rotateMasterSecret === false ? 'rotateMasterSecret' : undefined,
  };
  for (const [name, what] of Object.entries(missing)) {
    checkJudged(rules, `alarms.${name}`, props.alarms?.[name as keyof typeof missing], what);
  }
}

function checkVersion(rules: PropRules, prop: string, major: string): void {
  const number = Number(major.split('.')[0]);
  rules.check(Number.isNaN(number) || number >= OLDEST_VERSION, {
    rule: `${prop} must be PostgreSQL ${OLDEST_VERSION} or newer: pgvector, IAM authentication and the proxy are all there`,
    value: major,
    fix: 'take version 17',
  });
}

function checkInstance(rules: PropRules, { version, storage, maximumStorage, readers }: InstanceSettings): void {
  checkVersion(rules, 'engine.version', version.postgresMajorVersion);
  rules.size('engine.storage', storage, LEAST_STORAGE, MOST_STORAGE, 'what gp3 takes');
  rules.size('engine.maximumStorage', maximumStorage, LEAST_STORAGE, MOST_STORAGE, 'what gp3 takes');
  const [from, to] = [mebibytes(storage), mebibytes(maximumStorage)];
  for (const [prop, size, value] of [['engine.storage', from, storage], ['engine.maximumStorage', to, maximumStorage]] as const) {
    rules.check(size === undefined || size % GIBIBYTE === 0 || !rules.fine(prop), { rule: `${prop} must be whole GiB`, value, fix: 'write Size.gibibytes(…)' });
  }
  rules.check(from === undefined || to === undefined || !rules.fine('engine.storage', 'engine.maximumStorage') || to >= 1.1 * from, {
    rule: 'engine.maximumStorage must be at least a tenth more than engine.storage',
    value: maximumStorage,
    fix: `give ${Math.ceil(1.1 * (from ?? 0) / GIBIBYTE)} GiB or more`,
  });
  rules.integer('engine.readers', readers, 0, MOST_READERS, 'as many as RDS takes');
}

function checkAurora(rules: PropRules, { version, minCapacity, maxCapacity, readers, autoPause }: AuroraSettings): void {
  checkVersion(rules, 'engine.version', version.auroraPostgresMajorVersion);
  checkCapacity(rules, 'engine.minCapacity', minCapacity, 0);
  checkCapacity(rules, 'engine.maxCapacity', maxCapacity, 1);
  const [min, max] = [known(minCapacity), known(maxCapacity)];
  rules.check(min === undefined || max === undefined || !rules.fine('engine.minCapacity', 'engine.maxCapacity') || min <= max, {
    rule: 'engine.minCapacity must be at most engine.maxCapacity', value: min, fix: `give ${max} or less`,
  });
  rules.integer('engine.readers', readers, 0, MOST_READERS, 'as many as a cluster takes');
  rules.duration('engine.autoPause', autoPause, Duration.minutes(5), Duration.days(1), 'what Aurora takes');
  rules.check(autoPause === undefined || min === undefined || min === 0, {
    rule: 'engine.autoPause cannot be given unless engine.minCapacity is 0', value: autoPause, fix: 'give a minCapacity of 0, or remove autoPause',
  });
}

function checkCapacity(rules: PropRules, prop: string, value: number, least: number): void {
  const capacity = known(value);
  rules.check(capacity === undefined || (capacity >= least && capacity <= MOST_CAPACITY && capacity * 2 % 1 === 0), {
    rule: `${prop} must be from ${least} to ${MOST_CAPACITY} ACU, in steps of a half`, value: capacity, fix: `give ${least === 0 ? 0.5 : 4}, or another in half steps`,
  });
}

function checkProxy(rules: PropRules, { maxConnectionsPercent, maxIdleConnectionsPercent, borrowTimeout, idleClientTimeout }: ProxySettings): void {
  rules.integer('proxy.maxConnectionsPercent', maxConnectionsPercent, 1, 100, 'a share');
  if (rules.fine('proxy.maxConnectionsPercent')) {
    rules.integer('proxy.maxIdleConnectionsPercent', maxIdleConnectionsPercent, 0, maxConnectionsPercent, 'as much as maxConnectionsPercent');
  }
  rules.duration('proxy.borrowTimeout', borrowTimeout, Duration.seconds(1), Duration.minutes(5), 'what RDS Proxy takes');
  rules.duration('proxy.idleClientTimeout', idleClientTimeout, Duration.seconds(1), Duration.hours(8), 'what RDS Proxy takes');
}

function checkWindows(rules: PropRules, { backupWindow, maintenanceWindow }: PostgresSettings): void {
  const backup = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(backupWindow);
  rules.check(backup !== null && minutesBetween(backup.slice(1).map(Number)) >= 30, {
    rule: 'backupWindow must be hh:mm-hh:mm in UTC, half an hour at least', value: backupWindow, fix: "write '02:00-03:00'",
  });
  const day = '(mon|tue|wed|thu|fri|sat|sun)';
  const maintenance = new RegExp(`^${day}:([01]\\d|2[0-3]):([0-5]\\d)-${day}:([01]\\d|2[0-3]):([0-5]\\d)$`, 'i').exec(maintenanceWindow);
  const times = maintenance && [2, 3, 5, 6].map((group) => Number(maintenance[group]));
  rules.check(times !== null && (maintenance![1] !== maintenance![4] || minutesBetween(times) >= 30), {
    rule: 'maintenanceWindow must be ddd:hh:mm-ddd:hh:mm in UTC, half an hour at least', value: maintenanceWindow, fix: "write 'sun:03:30-sun:04:30'",
  });
  if (!backup || !times) {
    return;
  }
  const [fromHour, fromMinute, toHour, toMinute] = backup.slice(1).map(Number) as [number, number, number, number];
  const [start, end] = [60 * fromHour + fromMinute, 60 * toHour + toMinute];
  const [from, to] = [60 * times[0] + times[1], 60 * times[2] + times[3]];
  rules.check(start > end || from > to || end <= from || start >= to, {
    rule: 'backupWindow must not be within maintenanceWindow', value: backupWindow, fix: `choose hours outside of ${maintenanceWindow}`,
  });
}

/** From one time of the day to another, over midnight where the second is earlier. */
function minutesBetween([fromHour, fromMinute, toHour, toMinute]: number[]): number {
  return (60 * toHour + toMinute - 60 * fromHour - fromMinute + 1440) % 1440;
}

function checkBackupCopy(rules: PropRules, { _replication, _vault }: BackupCopy, isInstance: boolean, props: ProxiedPostgresProps): void {
  rules.check(isInstance || !_replication, {
    rule: 'backupCopy cannot be a replication of a cluster: RDS replicates backups of instances alone', fix: 'use BackupCopy.dailyToVault()',
  });
  if (_replication) {
    rules.duration('backupCopy.retention', _replication.retention, Duration.days(1), Duration.days(35), 'what RDS keeps');
    const ownKey = props.encryptionKey !== undefined || props.profile.customerManagedKeys;
    rules.check(!ownKey || _replication.encryptionKeyArn !== undefined, {
      rule: 'backupCopy.encryptionKeyArn must be given: a key is of one region, and the database is encrypted with a key of this one',
      fix: `make a key in ${_replication.region} and give its ARN`,
    });
  }
  if (_vault) {
    rules.duration('backupCopy.retention', _vault.retention, Duration.days(1), Duration.days(36_500), 'what AWS Backup keeps');
  }
}
