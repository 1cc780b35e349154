import { Metric, Stats, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IDatabaseProxy } from 'aws-cdk-lib/aws-rds';
import type { PostgresMeasures, ProxiedPostgresAlarms } from './postgres-alarms';
import type { PostgresSettings } from './postgres-settings';
import type { Server } from './server';
import { monitoredAlarms, thresholdOf } from '../internal/alarm-factory';
import { costMetric, lambdaUses, logUses, type Use } from '../monitoring/cost-metrics';
import { factsOf } from '../monitoring/function-facts';
import { DashboardSection, LogKind, type CostMetric, type DashboardRow, type MonitoredLogs, type Monitoring } from '../monitoring/monitored';
import { graph, rows } from '../monitoring/widgets';
import { INSTANCE_CPUS, INSTANCE_HOURS, PRICES } from '../pricing/prices';

/** What a database is shown by. */
export interface WatchedPostgres {
  readonly title: string;
  readonly settings: PostgresSettings;
  readonly server: Server;
  readonly measures: PostgresMeasures;
  readonly alarms: ProxiedPostgresAlarms;
  readonly proxy?: IDatabaseProxy;
  readonly logGroups: readonly ILogGroup[];
  readonly rotation?: IFunction;
}

/** A proxy in front of a serverless cluster is billed by so many ACU at least. */
const LEAST_PROXY_UNITS = 8;
const GIGABYTE = 1e9;

/** What there is to watch of a database. */
export function monitorPostgres(database: WatchedPostgres): Monitoring {
  const { title, measures, alarms, proxy } = database;
  return {
    title,
    alarms: monitoredAlarms(alarms),
    rows: [...connectionRows(database), ...serverRows(database)],
    verdict: {
      ...(proxy && { arrived: ofProxy(proxy, 'QueryRequests', { statistic: Stats.SUM }) }),
      failed: measures.deadlocks({}),
    },
    logs: logsOf(database),
    costs: costs(database),
  };
}

function connectionRows({ title, server, settings, measures, alarms, proxy }: WatchedPostgres): DashboardRow[] {
  const limit = server.connectionLimit;
  return rows(DashboardSection.DATABASE,
    graph(`${title}: connections`, {
      left: [measures.connections({ label: 'of the engine' }), proxy && ofProxy(proxy, 'ClientConnections', { statistic: Stats.MAXIMUM, label: 'of the proxy' })],
      lines: [
        { label: 'the engine takes, about', value: limit },
        { label: 'share of the proxy', value: limit !== undefined && settings.proxy ? Math.floor(limit * settings.proxy.maxConnectionsPercent / 100) : undefined },
        { label: 'alarm', value: thresholdOf(alarms.connections) },
      ],
    }),
    measures.borrowLatency && graph(`${title}: time until a connection`, {
      left: [measures.borrowLatency({})],
      unit: 'ms',
      lines: [{ label: 'alarm', value: thresholdOf(alarms.borrowLatency) }],
    }),
    graph(`${title}: time of reads and writes`, {
      left: [
        ofServer(server, 'ReadLatency', { statistic: Stats.AVERAGE, label: 'read' }), ofServer(server, 'WriteLatency', { statistic: Stats.AVERAGE, label: 'write' }),
      ],
      unit: 's',
    }),
  );
}

function serverRows({ title, server, settings, measures, alarms }: WatchedPostgres): DashboardRow[] {
  const { cluster } = server;
  return [
    ...rows(DashboardSection.DATABASE,
      graph(`${title}: processor`, { left: [measures.cpu({ label: 'CPU' })], unit: '%', lines: [{ label: 'alarm', value: thresholdOf(alarms.cpu) }] }),
      cluster && graph(`${title}: capacity`, {
        left: [ofServer(server, 'ServerlessDatabaseCapacity', { statistic: Stats.MAXIMUM, label: 'ACU' })],
        unit: 'ACU',
        lines: [{ label: 'largest', value: settings.aurora?.maxCapacity }],
        right: [measures.capacity?.({ label: '% of the largest' })],
        rightUnit: '%',
      }),
      measures.freeStorage && graph(`${title}: free storage`, {
        left: [measures.freeStorage({})],
        unit: 'GiB',
        lines: [{ label: 'alarm', value: thresholdOf(alarms.freeStorage) }],
      }),
      graph(`${title}: free memory`, { left: [ofServer(server, 'FreeableMemory', { statistic: Stats.MINIMUM, label: 'free' })], unit: 'bytes' }),
    ),
    ...rows(DashboardSection.DATABASE,
      graph(`${title}: deadlocks`, { left: [measures.deadlocks({})], lines: [{ label: 'alarm', value: thresholdOf(alarms.deadlocks) }] }),
      measures.replicaLag && graph(`${title}: readers behind`, {
        left: [measures.replicaLag({})],
        unit: 's',
        lines: [{ label: 'alarm', value: thresholdOf(alarms.replicaLag) }],
      }),
      measures.rotation && graph(`${title}: rotation failed`, { left: [measures.rotation({})] }),
    ),
  ];
}

function logsOf({ logGroups, rotation }: WatchedPostgres): MonitoredLogs[] {
  const ofRotation = rotation && factsOf(rotation).logGroup;
  return [
    ...logGroups.map((logGroup) => ({ logGroup, kind: LogKind.DATABASE })),
    ...(ofRotation ? [{ logGroup: ofRotation, kind: LogKind.OTHER }] : []),
  ];
}

/** Servers, storage and proxy. Classes that the price list does not have are left out, and so are backups beyond the size of the database. */
function costs(database: WatchedPostgres): CostMetric[] {
  const { settings, server, alarms, rotation } = database;
  const { uses, monthly } = settings.instance ? instanceCosts(database) : clusterCosts(settings, server);
  return [
    ...costMetric('Amazon RDS', uses, monthly),
    ...costMetric('AWS Lambda', rotation ? lambdaUses([rotation]) : []),
    ...costMetric('Amazon CloudWatch', logUses(logsOf(database).map(({ logGroup }) => logGroup)), monitoredAlarms(alarms).length * PRICES.alarmMetric),
  ];
}

function instanceCosts({ settings, server }: WatchedPostgres): { readonly uses: Use[]; readonly monthly: number } {
  const { instanceType, storage, multiAz, readers } = settings.instance!;
  const type = instanceType.toString();
  const copies = (multiAz ? 2 : 1) + readers;
  const hourly = (INSTANCE_HOURS[type] ?? 0) * copies + (settings.proxy ? (INSTANCE_CPUS[type] ?? 0) * PRICES.databaseProxyHour : 0);
  return {
    uses: [{ metric: ofServer(server, 'DatabaseConnections', { statistic: Stats.MAXIMUM }), price: 0 }], // is there as long as the server is
    monthly: hourly * PRICES.hoursPerMonth + storage.toGibibytes() * PRICES.rdsGigabyte * copies,
  };
}

function clusterCosts({ aurora, proxy }: PostgresSettings, server: Server): { readonly uses: Use[]; readonly monthly: number } {
  const servers = 1 + aurora!.readers;
  const sum = { statistic: Stats.SUM };
  return {
    uses: [
      { metric: ofServer(server, 'ServerlessDatabaseCapacity', { statistic: Stats.AVERAGE }), price: servers * PRICES.auroraCapacityUnitHour, anHour: true },
      { metric: ofServer(server, 'VolumeBytesUsed', { statistic: Stats.AVERAGE }), price: PRICES.auroraGigabyte / GIGABYTE / PRICES.hoursPerMonth, anHour: true },
      { metric: ofServer(server, 'VolumeReadIOPs', sum), price: PRICES.auroraRequest },
      { metric: ofServer(server, 'VolumeWriteIOPs', sum), price: PRICES.auroraRequest },
    ],
    monthly: proxy ? LEAST_PROXY_UNITS * PRICES.databaseProxyHour * PRICES.hoursPerMonth : 0,
  };
}

function ofServer({ instance, cluster }: Server, metricName: string, options: MetricOptions): Metric {
  return instance?.metric(metricName, options) ?? cluster!.metric(metricName, options);
}

function ofProxy({ dbProxyName }: IDatabaseProxy, metricName: string, options: MetricOptions): Metric {
  return new Metric({ namespace: 'AWS/RDS', metricName, dimensionsMap: { ProxyName: dbProxyName }, ...options });
}
