import { unitOf, type Unit } from './units';
import type { MetricSource } from '../../metric-math/metric-data';
import { runQueries, type MetricQuery } from '../../metric-math/queries';
import type { TimeSeries } from '../../metric-math/series';
import { DEFAULT_PERIOD, type MetricProperties } from '../body/body';
import { metricRows, type MetricRow } from '../body/metric-rows';

/** A line of a widget. */
export interface Drawn {
  readonly label: string;
  readonly axis: 'left' | 'right';
  readonly unit: Unit;
  readonly color?: string;
  /** One for each period, the oldest first; nothing where there is no value. Times in milliseconds. */
  readonly points: readonly (readonly [time: number, value: number | undefined])[];
  /** What stands for it where there is room for one number: the value over all of the time if the widget says so, otherwise the newest. */
  readonly value: number | undefined;
}

/** What of a widget can be drawn, and what cannot, with the reason. */
export interface WidgetData {
  readonly lines: readonly Drawn[];
  readonly faults: readonly string[];
}

/** What is looked at, in milliseconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The values of all that a widget shows. */
export function widgetData(properties: MetricProperties, source: MetricSource, range: Range): WidgetData {
  const rows = metricRows(properties.metrics ?? []);
  const queries = withInsights(rows.map((row, i) => queryOf(row, i, properties)));
  const shared = sharedName(rows);
  const lines: Drawn[] = [];
  const faults: string[] = [];
  rows.forEach((row, i) => {
    if (row.options.visible === false) return;
    const alone = queries.map((query, j) => ({ ...query, returned: i === j }));
    try {
      lines.push(...linesOf(row, alone, { properties, source, range, shared }));
    } catch (error) {
      faults.push(`${row.kind === 'expression' ? row.expression : row.metricName}: ${(error as Error).message}`);
    }
  });
  return { lines, faults };
}

interface Context {
  readonly properties: MetricProperties;
  readonly source: MetricSource;
  readonly range: Range;
  /** Whether all metrics have the same name, so that their dimensions tell them apart. */
  readonly shared: boolean;
}

function linesOf(row: MetricRow, queries: readonly MetricQuery[], { properties, source, range, shared }: Context): Drawn[] {
  const period = row.options.period ?? properties.period ?? DEFAULT_PERIOD;
  const found = seriesOver(queries, source, range, period);
  const whole = properties.setPeriodToTimeRange ? seriesOver(ofTheWhole(queries), source, range, (range.end - range.start) / 1000) : [];
  const differing = withoutCommonWords(found.map(({ label }) => label));
  return found.map((series, i) => {
    const points = pointsOf(series, range);
    const newest = points.flatMap(([, known]) => known ?? []).at(-1);
    const value = properties.setPeriodToTimeRange ? [...whole[i]?.values.values() ?? []].at(-1) : newest;
    const side = row.options.yAxis ?? 'left';
    const given = row.options.label === (row.kind === 'expression' ? row.expression : undefined) ? undefined : row.options.label;
    const own = found.length > 1 ? differing[i] : row.kind === 'metric' ? defaultLabel(row, shared) : row.expression;
    return {
      label: labelOf({ given, own, several: found.length > 1, points }),
      axis: side,
      unit: unitOf({
        words: [properties.yAxis?.[side]?.label, given, row.kind === 'expression' ? properties.title : undefined].filter(Boolean).join(' '),
        metricName: row.kind === 'metric' ? row.metricName : namesIn(row.expression),
      }),
      color: row.options.color,
      points,
      value,
    };
  });
}

function queryOf(row: MetricRow, i: number, { stat = 'Average', period }: MetricProperties): MetricQuery {
  const id = row.options.id ?? `row${i}`;
  if (row.kind === 'expression') return { id, expression: row.expression, returned: false };
  const { namespace, metricName, dimensions, options } = row;
  return {
    id,
    returned: false,
    metric: { namespace, metricName, dimensions: Object.fromEntries(dimensions), stat: options.stat ?? stat, period: options.period ?? period },
  };
}

const INSIGHT = /INSIGHT_RULE_METRIC\(\s*["']([^"']*)["']\s*,\s*["']?(\w+)["']?\s*\)/g;

/** What a rule of Contributor Insights counts is a metric to us, of which its name and the function are the identity. */
function withInsights(queries: readonly MetricQuery[]): MetricQuery[] {
  const rules = new Map<string, MetricQuery>();
  const replaced = queries.map((query) => ({
    ...query,
    expression: query.expression?.replace(INSIGHT, (whole, Rule: string, metricName: string) => {
      const known = rules.get(whole) ?? { id: `rule${rules.size}`, returned: false, metric: { namespace: 'InsightRules', metricName, dimensions: { Rule }, stat: 'Sum' } };
      rules.set(whole, { ...known, metric: { ...known.metric!, stat: metricName === 'UniqueContributors' ? 'Maximum' : 'Sum' } });
      return known.id;
    }),
  }));
  return [...replaced, ...rules.values()];
}

/** Over one period as long as what is looked at. */
function ofTheWhole(queries: readonly MetricQuery[]): MetricQuery[] {
  return queries.map(({ metric, ...query }) => metric ? { ...query, metric: { ...metric, period: undefined } } : query);
}

function seriesOver(queries: readonly MetricQuery[], source: MetricSource, { start, end }: Range, period: number): readonly TimeSeries[] {
  const from = Math.floor(start / 1000 / period) * period;
  const whole = period >= (end - start) / 1000;
  return runQueries(queries, source, { start: whole ? start / 1000 : from, end: end / 1000, period }).flatMap(({ series }) => series);
}

function pointsOf({ values, period }: TimeSeries, { start, end }: Range): Drawn['points'] {
  const first = Math.floor(start / 1000 / period) * period;
  const count = Math.max(1, Math.ceil((end / 1000 - first) / period));
  const beginning = values.has(first) || values.size === 0 ? first : Math.min(...values.keys());
  return Array.from({ length: count }, (_, n) => beginning + n * period).map((time) => [Math.max(start, time * 1000), values.get(time)] as const);
}

function sharedName(rows: readonly MetricRow[]): boolean {
  const names = rows.flatMap((row) => row.kind === 'metric' && row.options.visible !== false ? [row.metricName] : []);
  return names.length > 1 && new Set(names).size === 1;
}

function defaultLabel({ metricName, dimensions, options: { stat } }: Extract<MetricRow, { kind: 'metric' }>, shared: boolean): string {
  const last = dimensions.at(-1)?.[1];
  return shared && last ? `${last}${stat ? ` ${stat}` : ''}` : metricName;
}

/** Names of metrics in an expression that finds them by itself. */
function namesIn(expression: string): string {
  return /MetricName="([^"]*)"/.exec(expression)?.[1] ?? '';
}

/** Words that all have say nothing. */
function withoutCommonWords(labels: readonly string[]): string[] {
  const split = labels.map((label) => label.split(' '));
  return split.map((words, i) => words.filter((word) => !split.every((other) => other.includes(word))).join(' ') || labels[i]);
}

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  AVG: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  SUM: (values) => values.reduce((a, b) => a + b, 0),
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  LAST: (values) => values.at(-1)!,
  FIRST: (values) => values[0],
};

/** Dynamic labels: `\${MAX}` is a number of the line, `\${LABEL}` and `\${PROP(…)}` what it would be called otherwise. */
function labelOf({ given, own, several, points }: { given?: string; own: string; several: boolean; points: Drawn['points'] }): string {
  if (given === undefined || given === '') return own;
  if (!given.includes('${')) return several ? `${given} ${own}` : given;
  const values = points.flatMap(([, value]) => value ?? []);
  return given.replace(/\$\{(\w+)(?:\([^}]*\))?\}/g, (whole, word: string) => {
    if (word === 'LABEL' || word === 'PROP') return own;
    return word in STATISTICS ? values.length === 0 ? '–' : Number(STATISTICS[word](values).toPrecision(3)).toLocaleString('en-US') : whole;
  });
}
