import type { IAlarm, IMetric, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';

/**
 * Something that can be watched: it says what it alarms on, how it is shown, where it logs and what it costs. Pipelines, workers, databases and
 * networks of this library are; constructs of your own may be.
 */
export interface IMonitored {
  /**
   * What there is to watch. Asked for once by each dashboard that has it.
   *
   * @returns its alarms, its rows of the page and the rest
   */
  monitor(): Monitoring;
}

/** How urgent an alarm is. */
export enum AlarmSeverity {
  /** Somebody is woken: jobs are lost, late or refused until a person does something. */
  PAGE = 'PAGE',
  /** Somebody looks at it in working hours. */
  TICKET = 'TICKET',
}

/** What of something is watched. Only `title` is required; whatever is left out is not shown. */
export interface Monitoring {
  /** What it is called on the page and in notifications, such as a pipeline's name. */
  readonly title: string;

  /**
   * Its alarms.
   *
   * @default - none
   */
  readonly alarms?: MonitoredAlarm[];

  /**
   * Rows of the page, in the order in which they shall stand within their section.
   *
   * @default - none
   */
  readonly rows?: DashboardRow[];

  /**
   * The few numbers by which one sees whether it works. They are what is left of it where a page has too many things for all their rows.
   *
   * @default - none
   */
  readonly verdict?: VerdictMetrics;

  /**
   * Where it logs.
   *
   * @default - nowhere
   */
  readonly logs?: MonitoredLogs[];

  /**
   * Logs Insights queries of its own, to be saved beside those that every log group of its kind has.
   *
   * @default - none
   */
  readonly queries?: LogQuery[];

  /**
   * What it costs, estimated from its use.
   *
   * @default - not estimated
   */
  readonly costs?: CostMetric[];

  /**
   * What it cannot work without. While an alarm of that with `AlarmSeverity.PAGE` rings, this one's wake nobody: the cause is known.
   *
   * @default - nothing that is watched
   */
  readonly dependsOn?: IMonitored[];
}

/** An alarm, and what its reader needs. */
export interface MonitoredAlarm {
  /** The alarm. */
  readonly alarm: IAlarm;
  /** How urgent it is. */
  readonly severity: AlarmSeverity;
  /** What it is called on the page, such as `failure rate`. */
  readonly label: string;
  /** What to do when it rings, in a sentence or two of Markdown. */
  readonly action: string;

  /**
   * The page that says more: its name below the dashboard's `runbooks`, such as `pipeline-failure-rate`, or an address with `https://`.
   *
   * @default - none
   */
  readonly runbook?: string;
}

/** The part of the page that a row belongs to. They stand in this order, as one would look for a cause. */
export enum DashboardSection {
  /** What comes in, what goes out, what waits. */
  FLOW = 'FLOW',
  /** How long it takes. */
  LATENCY = 'LATENCY',
  /** What callers see. */
  API = 'API',
  /** Functions and state machines. */
  WORKERS = 'WORKERS',
  /** Tables and databases. */
  DATABASE = 'DATABASE',
  /** NAT gateways, endpoints. */
  NETWORK = 'NETWORK',
  /** What is shown of costs beside the estimates. */
  COST = 'COST',
  /** What the logs say. */
  LOGS = 'LOGS',
}

/** Widgets side by side. */
export interface DashboardRow {
  /** Where it belongs. */
  readonly section: DashboardSection;
  /** The widgets, 24 units wide together at most. */
  readonly widgets: IWidget[];
}

/** The numbers of the verdict row, each over the period of the page. */
export interface VerdictMetrics {
  /**
   * What came in: jobs, messages, calls; a sum.
   *
   * @default - not shown
   */
  readonly arrived?: IMetric;

  /**
   * What was done; a sum.
   *
   * @default - not shown
   */
  readonly finished?: IMetric;

  /**
   * What failed; a sum.
   *
   * @default - not shown
   */
  readonly failed?: IMetric;

  /**
   * What waits now.
   *
   * @default - not shown
   */
  readonly waiting?: IMetric;

  /**
   * How long the oldest of it has waited, in seconds.
   *
   * @default - not shown
   */
  readonly oldest?: IMetric;
}

/** What a log group holds, and so which queries make sense of it. */
export enum LogKind {
  /** Lines of functions that run jobs or work for a pipeline: JSON with `level`, `message`, `job_id`, `correlation_id`. */
  JOBS = 'JOBS',
  /** Access logs of an API: JSON with `path`, `status`, `correlation_id`. */
  API = 'API',
  /** The log of a database. */
  DATABASE = 'DATABASE',
  /** Anything else. */
  OTHER = 'OTHER',
}

/** A log group, and what it holds. */
export interface MonitoredLogs {
  /** The log group. */
  readonly logGroup: ILogGroup;
  /** What it holds. */
  readonly kind: LogKind;
}

/** A query of CloudWatch Logs Insights. */
export interface LogQuery {
  /** What it is called in the console, without slashes. */
  readonly title: string;
  /** The query, its lines divided by `|` or line ends. */
  readonly query: string;

  /**
   * The log groups that it is asked of.
   *
   * @default - those of `logs`
   */
  readonly logGroups?: ILogGroup[];
}

/** What a service costs, estimated from its use. */
export interface CostMetric {
  /** The service, such as `AWS Lambda`. */
  readonly service: string;
  /** US dollars for the use in one period of the metric. */
  readonly metric: IMetric;
}
