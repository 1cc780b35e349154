import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats, type IMetric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { DatabaseProxy } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { PostgresMeasures } from './postgres-alarms';
import type { PostgresSettings } from './postgres-settings';
import type { Server } from './server';

const RDS = 'AWS/RDS';
const GIBIBYTE = 1024 ** 3;
/** Of what the engine takes, before somebody is told. */
const NEARLY_ALL_PERCENT = 80;

/** What the measures of a database are taken from. */
export interface MeasuredDatabase {
  readonly label: string;
  readonly identifier: string;
  readonly settings: PostgresSettings;
  readonly server: Server;
  readonly proxy?: DatabaseProxy;
  readonly rotation?: LambdaFunction;
  /** The log of the server. */
  readonly log: ILogGroup;
}

/** What the alarms of a database judge. */
export function measuresOf(scope: Construct, database: MeasuredDatabase): PostgresMeasures {
  const { label, settings, server, proxy, rotation } = database;
  const { instance, cluster } = server;
  const own = (metricName: string, statistic: string) => (options: MetricOptions) =>
    (instance?.metric(metricName, { statistic, ...options }) ?? cluster!.metric(metricName, { statistic, ...options })) as IMetric;
  return {
    label,
    connections: own('DatabaseConnections', Stats.MAXIMUM),
    connectionsThreshold: server.connectionLimit === undefined ? undefined : Math.floor(server.connectionLimit * nearlyAll(settings) / 100),
    cpu: own('CPUUtilization', Stats.AVERAGE),
    freeStorage: instance && in_(own('FreeStorageSpace', Stats.MINIMUM), `m / ${GIBIBYTE}`, 'GiB free'),
    freeStorageThreshold: settings.instance ? settings.instance.storage.toGibibytes() / 10 : 0,
    capacity: cluster && own('ACUUtilization', Stats.AVERAGE),
    replicaLag: replicaLag(database),
    replicaLagSeconds: cluster ? 1 : 60,
    deadlocks: cluster ? in_(own('Deadlocks', Stats.AVERAGE), 'm * PERIOD(m)', 'Deadlocks') : loggedDeadlocks(scope, database),
    borrowLatency: proxy && in_(
      (options) => new Metric({
        namespace: RDS, metricName: 'DatabaseConnectionsBorrowLatency', dimensionsMap: { ProxyName: proxy.dbProxyName }, statistic: Stats.AVERAGE, ...options,
      }),
      'm / 1000', 'Milliseconds until a connection',
    ),
    rotation: rotation && ((options) => rotation.metricErrors({ statistic: Stats.SUM, ...options })),
  };
}

/** A proxy fills its share by rights: what is over it is what migrations and people need. */
function nearlyAll({ proxy }: PostgresSettings): number {
  return proxy ? Math.min(98, Math.max(NEARLY_ALL_PERCENT, proxy.maxConnectionsPercent + 5)) : NEARLY_ALL_PERCENT;
}

/** A metric in another unit. */
function in_(metric: (options: MetricOptions) => IMetric, expression: string, label: string) {
  return (options: MetricOptions) => new MathExpression({ expression, usingMetrics: { m: metric(options) }, period: options.period, label });
}

/** The one that is furthest behind. */
function replicaLag({ server: { cluster, replicas, readers } }: MeasuredDatabase): PostgresMeasures['replicaLag'] {
  if (cluster) {
    return readers.length === 0 ? undefined : in_((options) => cluster.metric('AuroraReplicaLagMaximum', { statistic: Stats.MAXIMUM, ...options }), 'm / 1000', 'Seconds behind');
  }
  return replicas.length === 0 ? undefined : ({ period = Duration.minutes(5) }) => new MathExpression({
    expression: 'MAX(METRICS())',
    usingMetrics: Object.fromEntries(replicas.map((replica, index) => [`m${index + 1}`, new Metric({
      namespace: RDS, metricName: 'ReplicaLag', dimensionsMap: { DBInstanceIdentifier: replica }, statistic: Stats.MAXIMUM, period,
    })])),
    period,
    label: 'Seconds behind',
  });
}

/** CloudWatch has no metric of an instance's deadlocks, but PostgreSQL writes a line of each. */
function loggedDeadlocks(scope: Construct, { log, identifier }: MeasuredDatabase): PostgresMeasures['deadlocks'] {
  const metricNamespace = 'JobWorks';
  const metricName = `Deadlocks-${identifier}`;
  new MetricFilter(scope, 'DeadlocksLogged', { logGroup: log, metricNamespace, metricName, metricValue: '1', filterPattern: FilterPattern.literal('"deadlock detected"') });
  return (options) => new Metric({ namespace: metricNamespace, metricName, statistic: Stats.SUM, ...options });
}
