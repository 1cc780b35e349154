import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, GraphWidget, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { AlarmSeverity, DashboardSection, LogKind, type IMonitored, type Monitoring } from '../../src/monitoring/monitored';
import { ObservabilityDashboard } from '../../src/observability-dashboard/observability-dashboard';
import type { ObservabilityDashboardProps } from '../../src/observability-dashboard/observability-dashboard-props';

export function newStack(id = 'Stack', app = new App()): Stack {
  return new Stack(app, id);
}

/** Something to watch that says what it is told to say. */
export function thing(monitoring: Partial<Monitoring> & { readonly title: string }): IMonitored {
  return { monitor: () => monitoring };
}

/** A metric with a dimension of its own. */
export function metric(metricName: string, of: string): Metric {
  return new Metric({ namespace: 'Test', metricName, dimensionsMap: { Thing: of }, statistic: Stats.SUM });
}

/** As a queue's: the ids are the same in all of them. */
export function oldest(of: string): MathExpression {
  return new MathExpression({
    expression: 'IF(visible > 0, age, 0)',
    usingMetrics: { visible: metric('Visible', of), age: metric('Age', of) },
    label: 'Age',
  });
}

/** A construct that has everything there is to say. */
export class Everything extends Construct implements IMonitored {
  public readonly alarm: Alarm;
  public readonly second: Alarm;
  public readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, private readonly more: Partial<Monitoring> = {}) {
    super(scope, id);
    const alarm = (name: string) => new Alarm(this, name, { metric: metric(name, id), threshold: 1, evaluationPeriods: 1 });
    this.alarm = alarm('FailureRate');
    this.second = alarm('Throttles');
    this.logGroup = new LogGroup(this, 'Logs');
  }

  public monitor(): Monitoring {
    const { id } = this.node;
    return {
      title: id.toLowerCase(),
      alarms: [
        { alarm: this.alarm, severity: AlarmSeverity.PAGE, label: 'failure rate', action: 'See the **log**.', runbook: 'pipeline-failure-rate' },
        { alarm: this.second, severity: AlarmSeverity.TICKET, label: 'throttles', action: 'Raise a | b.' },
      ],
      rows: [
        { section: DashboardSection.WORKERS, widgets: [new GraphWidget({ title: `${id}: workers`, left: [metric('Concurrency', id)], width: 24 })] },
        { section: DashboardSection.FLOW, widgets: [0, 1].map((n) => new GraphWidget({ title: `${id}: flow ${n}`, left: [metric(`Flow${n}`, id)], width: 12 })) },
      ],
      verdict: {
        arrived: metric('Arrived', id), finished: metric('Finished', id), failed: metric('Failed', id), waiting: metric('Visible', id), oldest: oldest(id),
      },
      logs: [{ logGroup: this.logGroup, kind: LogKind.JOBS }],
      costs: [
        { service: 'AWS Lambda', metric: new MathExpression({ expression: 'spent * 0.5', usingMetrics: { spent: metric('Spent', id) } }) },
        { service: 'Amazon SQS', metric: new MathExpression({ expression: 'spent * 0.1', usingMetrics: { spent: metric('Sent', id) } }) },
      ],
      ...this.more,
    };
  }
}

/** A dashboard without keys, and what it becomes. */
export function dashboardOf(monitored: IMonitored[], props: ObservabilityDashboardProps = {}, stack = newStack()): ObservabilityDashboard {
  return new ObservabilityDashboard(stack, 'Operations', { monitored, profile: EnvironmentProfile.dev(), ...props });
}

/** A widget, as it is in the body of the page. */
export interface WidgetJson {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: unknown[];
    readonly metrics?: unknown[][];
    readonly query?: string;
    readonly region?: unknown;
    readonly accountId?: string;
    readonly setPeriodToTimeRange?: boolean;
    readonly stacked?: boolean;
  };
}

/** The page in a stack's template; what is known at deployment is said as `<LogicalId.Attribute>`. */
export function pageOf(stack: Stack): { readonly start: string; readonly widgets: WidgetJson[] } {
  return JSON.parse(bodyOf(stack)) as { start: string; widgets: WidgetJson[] };
}

/** The page as text. */
export function bodyOf(stack: Stack): string {
  const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard')) as Array<{ Properties: { DashboardBody: unknown } }>;
  return textOf(dashboard!.Properties.DashboardBody);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const [[name, given]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  return name === 'Fn::Join' ? (given as [string, unknown[]])[1].map(textOf).join('') : `<${[given].flat().join('.')}>`;
}

/** The titles of a page's widgets, and the first lines of its texts, from top to bottom. */
export function outlineOf(stack: Stack): string[] {
  return pageOf(stack).widgets.map(({ properties: { title, markdown } }) => title ?? markdown!.split('\n')[0]!);
}

export function widgetOf(stack: Stack, title: string): WidgetJson {
  return pageOf(stack).widgets.find(({ properties }) => properties.title === title)!;
}

/** The message with which something is refused. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was accepted.');
}

export const HOUR = () => Duration.hours(1);
