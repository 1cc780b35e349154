import { databaseWith } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { LogKind } from '../../src/monitoring/monitored';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';
import type { ProxiedPostgresProps } from '../../src/proxied-postgres/proxied-postgres-props';
import { pageOf } from '../monitoring/support';

const aurora = PostgresEngine.auroraServerlessV2;

function shown(props: Partial<ProxiedPostgresProps>) {
  const { database } = databaseWith(props);
  const monitoring = database.monitor();
  const { body } = pageOf(database, monitoring);
  const dollars = (service: string) => monitoring.costs!.find((cost) => cost.service === service)!.metric.toMetricConfig().mathExpression!.expression;
  return { monitoring, body, dollars };
}

test('connections are shown against what the engine takes, and the share of the proxy', () => {
  const { body } = shown({ profile: EnvironmentProfile.prod() });
  for (const line of ['the engine takes, about', 'share of the proxy', 'alarm']) {
    expect(body).toMatch(new RegExp(`\\\\"label\\\\":\\\\"${line}\\\\",\\\\"value\\\\":\\d+`));
  }
  expect(body).toContain('\\"DatabaseConnectionsBorrowLatency\\"');
  expect(body).toContain('\\"ClientConnections\\"');
});

test('without a proxy nothing is shown of one', () => {
  const { body, monitoring } = shown({ proxy: PostgresProxy.none() });
  expect(body).not.toContain('ProxyName');
  expect(monitoring.verdict).not.toHaveProperty('arrived');
});

test('an instance shows its storage, a cluster its capacity', () => {
  const instance = shown({}).body;
  const cluster = shown({ engine: aurora({ readers: 1, maxCapacity: 16 }) }).body;
  expect(instance).toContain('\\"FreeStorageSpace\\"');
  expect(instance).not.toContain('ServerlessDatabaseCapacity');
  expect(cluster).toMatch(/\\"label\\":\\"largest\\",\\"value\\":16/);
  expect(cluster).toContain('\\"AuroraReplicaLagMaximum\\"');
  expect(cluster).not.toContain('FreeStorageSpace');
});

test('its logs are those of the server, and of what rotates', () => {
  const { logs = [] } = shown({}).monitoring;
  expect(logs.filter(({ kind }) => kind === LogKind.DATABASE).length).toBeGreaterThan(0);
  expect(logs.filter(({ kind }) => kind === LogKind.OTHER).map(({ logGroup }) => logGroup.node.id)).toEqual(['RotationLogs']);
});

test('it costs its servers, storage and proxy: an instance by the hour, a cluster by its capacity', () => {
  // t4g.micro 0.016 an hour, 20 GiB at 0.115 a month: 13.98 a month
  const dev = shown({ profile: EnvironmentProfile.dev(), engine: PostgresEngine.instance(), proxy: PostgresProxy.none() });
  expect(dev.dollars('Amazon RDS')).toMatch(/^FILL\(u1, 0\) \* 0 \+ PERIOD\(u1\) \* 0\.00000531963\d*$/);
  // a writer and a reader at 0.12 for each ACU and hour
  const cluster = shown({ profile: EnvironmentProfile.prod(), engine: aurora({ readers: 1 }), proxy: PostgresProxy.none() });
  expect(cluster.dollars('Amazon RDS')).toMatch(/^FILL\(u1, 0\) \* 0\.0000666666\d* \* PERIOD\(u1\) \+ /);
});

test.each<[string, Partial<ProxiedPostgresProps>, string]>([
  ['storage of a cluster', { engine: aurora(), alarms: { freeStorage: { threshold: 5 } } }, 'alarms.freeStorage cannot be tuned without PostgresEngine.instance()'],
  ['capacity of an instance', { alarms: { capacity: { threshold: 5 } } }, 'alarms.capacity cannot be tuned without PostgresEngine.auroraServerlessV2()'],
  ['readers that there are none of', { alarms: { replicaLag: { threshold: 5 } } }, 'alarms.replicaLag cannot be tuned without readers'],
  ['a proxy that there is none of', { proxy: PostgresProxy.none(), alarms: { borrowLatency: { threshold: 5 } } }, 'alarms.borrowLatency cannot be tuned without a proxy'],
  ['a rotation that is off', { rotateMasterSecret: false, alarms: { rotation: { threshold: 5 } } }, 'alarms.rotation cannot be tuned without rotateMasterSecret'],
])('fails on an alarm of %s', (_, props, message) => {
  expect(() => databaseWith(props)).toThrow(message);
});
