import { evaluate, resultOf } from './evaluate';
import { seriesOf, type MetricIdentity, type MetricSource } from './metric-data';
import { calls, idsOf, parse } from './parse';
import type { Search } from './search';
import type { TimeSeries, Value, Window } from './series';
import { MetricMathError, type Expression } from './syntax';

/** One of the queries of an alarm, a graph or `GetMetricData`: a metric or an expression over the others. */
export interface MetricQuery {
  readonly id: string;
  readonly label?: string;
  readonly metric?: MetricIdentity & { readonly stat: string; readonly period?: number };
  readonly expression?: string;
  /** Whether it is a result and not only used by others. */
  readonly returned: boolean;
}

export interface QueryResult {
  readonly query: MetricQuery;
  readonly series: readonly TimeSeries[];
}

/**
 * The results of queries, in their order. A metric is computed over its own period where it has one, and over the window's otherwise.
 *
 * @throws MetricMathError on expressions that refer to themselves or to nothing, and whatever `evaluate` refuses
 */
export function runQueries(queries: readonly MetricQuery[], source: MetricSource, window: Window): readonly QueryResult[] {
  const run = new Run(queries, source, window);
  return queries.filter(({ returned }) => returned).map(query => ({
    query,
    series: resultOf(run.valueOf(query.id)).map(series => relabelled(series, query)),
  }));
}

function relabelled(series: TimeSeries, { id, label }: MetricQuery): TimeSeries {
  return { ...series, id, label: label ?? (series.label || id) };
}

class Run {
  private readonly values = new Map<string, Value>();
  private readonly begun = new Set<string>();
  private readonly parsed: ReadonlyMap<string, Expression>;

  constructor(private readonly queries: readonly MetricQuery[], private readonly source: MetricSource, private readonly window: Window) {
    const twice = queries.map(({ id }) => id).filter((id, n, ids) => ids.indexOf(id) !== n);
    if (twice.length > 0) throw new MetricMathError(`${twice.join(', ')} is the id of two queries.`);
    this.parsed = new Map(queries.flatMap(({ id, expression }) => expression === undefined ? [] : [[id, parse(expression)] as const]));
  }

  public valueOf(id: string): Value {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const query = this.queries.find(candidate => candidate.id === id);
    if (!query) throw new MetricMathError(`${id} is the id of no metric and of no expression.`);
    if (this.begun.has(id)) throw new MetricMathError(`${id} is computed from itself.`);
    this.begun.add(id);
    const value = query.metric ? this.metric(query) : this.expression(query);
    this.values.set(id, value);
    return value;
  }

  private metric({ id, label, metric }: MetricQuery): TimeSeries {
    const { stat, period = this.window.period, ...identity } = metric!;
    return seriesOf(this.source, identity, stat, { ...this.window, period }, { id, label });
  }

  private expression({ id }: MetricQuery): Value {
    const expression = this.parsed.get(id);
    if (!expression) throw new MetricMathError(`${id} is neither a metric nor an expression.`);
    const used = idsOf(expression);
    const usesAll = calls(expression, 'METRICS');
    const metrics = this.queries.filter(query => query.metric && (usesAll || used.includes(query.id)));
    return evaluate(expression, {
      window: this.window,
      metrics: metrics.map(query => this.valueOf(query.id) as TimeSeries),
      expressions: Object.fromEntries(used.filter(name => !metrics.some(query => query.id === name)).map(name => [name, this.valueOf(name)])),
      search: search => this.find(search),
    });
  }

  private find(search: Search): readonly TimeSeries[] {
    const window = { ...this.window, period: search.period ?? this.window.period };
    return this.source.find(search).map((metric, n) => seriesOf(this.source, metric, search.stat, window, {
      id: `search${n}`,
      label: Object.values(metric.dimensions).join(' ') || metric.metricName,
    }));
  }
}
