import {
  GraphWidget, LogQueryVisualizationType, LogQueryWidget, SingleValueWidget,
  type HorizontalAnnotation, type IMetric, type IWidget, type MetricOptions,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { PERCENTILES } from './colors';
import type { DashboardRow, DashboardSection } from './monitored';
import { withOwnIds } from '../internal/metric-ids';

/** So many units wide is a page. */
const PAGE_WIDTH = 24;
const HEIGHT = 6;

/** A widget that is told how wide it is. */
export type Part = (width: number) => IWidget;

/** A line at a value, such as that of an alarm or a limit. */
export interface Line {
  readonly label: string;
  /** No line where it is not known. */
  readonly value: number | undefined;
}

/** What a graph shows. */
export interface GraphOptions {
  /** What is not there is left out. */
  readonly left: readonly (IMetric | undefined)[];
  /** What the values are, such as `ms`. */
  readonly unit?: string;
  readonly right?: readonly (IMetric | undefined)[];
  readonly rightUnit?: string;
  /** Of the left axis. */
  readonly lines?: readonly Line[];
  readonly stacked?: boolean;
}

/** Metrics over time. They begin at 0, so that a flat line looks flat. */
export function graph(title: string, { left, right = [], unit, rightUnit, lines = [], stacked }: GraphOptions): Part {
  return (width) => new GraphWidget({
    title,
    width,
    height: HEIGHT,
    left: distinct(left.filter(isThere), 'l'),
    leftYAxis: { min: 0, ...(unit === undefined ? { showUnits: false } : { label: unit, showUnits: false }) },
    ...(right.some(isThere) && { right: distinct(right.filter(isThere), 'r'), rightYAxis: { min: 0, label: rightUnit, showUnits: false } }),
    leftAnnotations: lines.flatMap(({ label, value }): HorizontalAnnotation[] => (value === undefined ? [] : [{ label, value }])),
    stacked,
  });
}

/** A measure of time at p50, p90 and p99. */
export function percentiles(metric: (options: MetricOptions) => IMetric): IMetric[] {
  return Object.entries(PERCENTILES).map(([statistic, color]) => metric({ statistic, label: statistic, color }));
}

/** Metrics as numbers. */
export function numbers(title: string, metrics: readonly (IMetric | undefined)[]): Part {
  return (width) => new SingleValueWidget({ title, width, height: HEIGHT, metrics: metrics.filter(isThere), setPeriodToTimeRange: true });
}

/** What a query finds, as a table or over time. */
export function logs(title: string, logGroups: readonly ILogGroup[], queryLines: readonly string[], view: 'TABLE' | 'LINE' = 'TABLE'): Part {
  return (width) => new LogQueryWidget({
    title,
    width,
    height: HEIGHT,
    logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
    queryLines: [...queryLines],
    view: LogQueryVisualizationType[view],
  });
}

/** Widgets side by side, all of one width; those that are not there leave their room to the others. No row without any. */
export function rows(section: DashboardSection, ...parts: readonly (Part | undefined)[]): DashboardRow[] {
  const there = parts.filter(isThere);
  return there.length === 0 ? [] : [{ section, widgets: there.map((part) => part(Math.floor(PAGE_WIDTH / there.length))) }];
}

/** Ids of metric math are those of the whole widget, and two expressions may have the same for different things. */
function distinct(metrics: readonly IMetric[], prefix: string): IMetric[] {
  return metrics.map((metric, index) => (metric.toMetricConfig().mathExpression ? withOwnIds(metric, `${prefix}${index + 1}`) : metric));
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
