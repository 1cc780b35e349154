import { Duration } from 'aws-cdk-lib';
import type { Alarm, IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmOptions } from '../alarms/alarm-options';
import { checkAlarmOptions, createAlarm, NOTHING_USUAL, type AlarmDefaults, type AlarmDefinition } from '../internal/alarm-factory';
import type { PropRules } from '../internal/prop-rules';

/** Tunes or removes the alarms of a `ProxiedPostgres`, one by one. */
export interface ProxiedPostgresAlarmOptions {
  /**
   * The engine has nearly as many connections as it takes. Threshold in connections.
   *
   * @default - from 80 % of what its memory allows (with a proxy, from 5 % over the proxy's share) over 5 minutes
   */
  readonly connections?: AlarmOptions;

  /**
   * The processor is busy. Threshold in percent.
   *
   * @default - from 80 % for 15 minutes
   */
  readonly cpu?: AlarmOptions;

  /**
   * The storage of an instance is nearly full, although it should have grown. Threshold in GiB that are free.
   *
   * @default - at a tenth of the storage it began with, or less, for 30 minutes
   */
  readonly freeStorage?: AlarmOptions;

  /**
   * An Aurora cluster has grown as far as it may. Threshold in percent of the largest capacity.
   *
   * @default - from 90 % for 15 minutes
   */
  readonly capacity?: AlarmOptions;

  /**
   * Readers are behind the writer. Threshold in seconds.
   *
   * @default - from 60 seconds with instances, 1 second with Aurora, for 15 minutes
   */
  readonly replicaLag?: AlarmOptions;

  /**
   * Transactions that waited for each other, of which PostgreSQL ended one. Threshold in deadlocks.
   *
   * @default - 1 or more over 5 minutes
   */
  readonly deadlocks?: AlarmOptions;

  /**
   * Functions wait for a connection of the proxy. Threshold in milliseconds, on average.
   *
   * @default - from 1,000 for 15 minutes
   */
  readonly borrowLatency?: AlarmOptions;

  /**
   * The password of the master user could not be changed. Threshold in failed calls of the function that does it.
   *
   * @default - 1 or more over 5 minutes
   */
  readonly rotation?: AlarmOptions;
}

/** The alarms of a `ProxiedPostgres`: those that were not removed and have something to judge. */
export interface ProxiedPostgresAlarms {
  /**
   * The engine has nearly as many connections as it takes.
   *
   * @default - removed, or what the engine takes is not known
   */
  readonly connections?: Alarm;

  /**
   * The processor is busy.
   *
   * @default - removed
   */
  readonly cpu?: Alarm;

  /**
   * The storage is nearly full.
   *
   * @default - removed, or Aurora, whose storage grows by itself
   */
  readonly freeStorage?: Alarm;

  /**
   * A cluster has grown as far as it may.
   *
   * @default - removed, or an instance
   */
  readonly capacity?: Alarm;

  /**
   * Readers are behind.
   *
   * @default - removed, or no readers
   */
  readonly replicaLag?: Alarm;

  /**
   * Deadlocks.
   *
   * @default - removed
   */
  readonly deadlocks?: Alarm;

  /**
   * Functions wait for a connection.
   *
   * @default - removed, or no proxy
   */
  readonly borrowLatency?: Alarm;

  /**
   * The rotation failed.
   *
   * @default - removed, or no rotation
   */
  readonly rotation?: Alarm;
}

type Metric = (options: MetricOptions) => IMetric;

/** What differs from alarm to alarm. */
type Definition = Omit<AlarmDefinition, 'metric' | 'id' | 'subject'>;

/** What the alarms of a database judge, and the limits that follow from its settings. */
export interface PostgresMeasures {
  /** What the database is called in the descriptions. */
  readonly label: string;
  readonly connections: Metric;
  /** From how many on it rings, where it is known what the engine takes. */
  readonly connectionsThreshold?: number;
  readonly cpu: Metric;
  /** In GiB; of an instance only. */
  readonly freeStorage?: Metric;
  readonly freeStorageThreshold: number;
  /** In percent; of a cluster only. */
  readonly capacity?: Metric;
  /** In seconds, where there are readers. */
  readonly replicaLag?: Metric;
  readonly replicaLagSeconds: number;
  readonly deadlocks: Metric;
  /** In milliseconds, where there is a proxy. */
  readonly borrowLatency?: Metric;
  readonly rotation?: Metric;
}

/** Over what time each alarm judges where that is not tuned; 5 minutes, once, where nothing is said. */
function alarmDefaults(): Record<keyof ProxiedPostgresAlarmOptions, AlarmDefaults> {
  const quarterHour: AlarmDefaults = { period: Duration.minutes(5), evaluationPeriods: 3 };
  return {
    connections: {},
    cpu: { ...quarterHour, percent: true },
    freeStorage: { period: Duration.minutes(5), evaluationPeriods: 6 },
    capacity: { ...quarterHour, percent: true },
    replicaLag: quarterHour,
    deadlocks: { noBand: NOTHING_USUAL },
    borrowLatency: quarterHour,
    rotation: { noBand: NOTHING_USUAL },
  };
}

/** Creates the alarms of a database inside a scope of their own. */
export function createPostgresAlarms(scope: Construct, measures: PostgresMeasures, options: ProxiedPostgresAlarmOptions = {}): ProxiedPostgresAlarms {
  const { label: subject } = measures;
  const defaults = alarmDefaults();
  const alarm = (id: string, name: keyof ProxiedPostgresAlarmOptions, metric: Metric | undefined, definition: Definition) =>
    metric && createAlarm(scope, id, { ...definition, ...defaults[name], metric, id: ['database', name], subject }, options[name]);

  return {
    connections: alarm('Connections', 'connections', measures.connectionsThreshold === undefined ? undefined : measures.connections, {
      threshold: measures.connectionsThreshold ?? 0,
      meaning: 'nearly as many connections as the engine takes',
      action: 'Lower the concurrency of functions, pool them by a proxy, or take a larger server.',
    }),
    cpu: alarm('Cpu', 'cpu', measures.cpu, {
      threshold: 80,
      meaning: 'the processor is busy, in percent',
      action: 'See Database Insights for the statements, or take a larger server.',
    }),
    freeStorage: alarm('FreeStorage', 'freeStorage', measures.freeStorage, {
      threshold: measures.freeStorageThreshold,
      below: true,
      meaning: 'little storage is free, in GiB, and it has not grown: it is at maximumStorage, or grew within the last 6 hours',
      action: 'Raise maximumStorage, or delete what nobody needs, before it is full and the database stops.',
    }),
    capacity: alarm('Capacity', 'capacity', measures.capacity, {
      threshold: 90,
      meaning: 'the cluster has grown as far as it may, in percent',
      action: 'Raise maxCapacity, or see Database Insights for the statements.',
    }),
    replicaLag: alarm('ReplicaLag', 'replicaLag', measures.replicaLag, {
      threshold: measures.replicaLagSeconds,
      meaning: 'readers are behind the writer, in seconds',
      action: 'Who reads there sees old rows. Look for long transactions on the readers, or many writes at once.',
    }),
    deadlocks: alarm('Deadlocks', 'deadlocks', measures.deadlocks, {
      threshold: 1,
      meaning: 'transactions waited for each other, and one was ended',
      action: 'See the log of the database for the statements.',
    }),
    borrowLatency: alarm('BorrowLatency', 'borrowLatency', measures.borrowLatency, {
      threshold: 1_000,
      meaning: 'functions wait for a connection of the proxy, in milliseconds',
      action: 'Transactions are too long, or connections too few: see Database Insights for what runs, and the concurrency of the functions.',
    }),
    rotation: alarm('Rotation', 'rotation', measures.rotation, {
      threshold: 1,
      meaning: 'the password of the master user could not be changed',
      action: 'See the log of the function that rotates.',
    }),
  };
}

/** The rules that tuned alarms may break. */
export function checkPostgresAlarms(rules: PropRules, options: ProxiedPostgresAlarmOptions = {}): void {
  for (const [name, defaults] of Object.entries(alarmDefaults())) {
    checkAlarmOptions(rules, `alarms.${name}`, options[name as keyof ProxiedPostgresAlarmOptions], defaults);
  }
}
