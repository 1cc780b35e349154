import { DOCUMENTED_METRICS, isDocumented, NAMED_BY } from './documented-metrics';
import { keyOf, type MetricData, type MetricIdentity } from '../../metric-math/metric-data';
import { calls, parse } from '../../metric-math/parse';
import { runQueries, type MetricQuery } from '../../metric-math/queries';
import { metricRows, type MetricRow } from '../../preview/body/metric-rows';
import { METRICS_NAMESPACE, PIPELINE_DIMENSION } from '../../src/runtime/wire/metrics';

/** A run, as widgets are compared with it. */
export interface Run {
  readonly data: MetricData;
  /** In seconds since 1970. */
  readonly began: number;
  readonly ended: number;
  /** Names of what is deployed, by type: of a queue the name and not the address. */
  readonly resources: ReadonlyMap<string, readonly string[]>;
  readonly pipelines: readonly string[];
}

export interface MetricWidget {
  readonly title?: string;
  readonly stat?: string;
  readonly metrics?: readonly (readonly unknown[])[];
}

/** What no job of a run happened to go through, while its like did: pipelines of another kind, and causes that take days. */
const ALIKE = [PIPELINE_DIMENSION, 'Cause'];

/** What is wrong with a widget: metrics that nobody ever reported, and expressions that have no value although their metrics have. */
export function emptyParts({ title = '(untitled)', stat = 'Average', metrics = [] }: MetricWidget, run: Run): string[] {
  const rows = metricRows(metrics);
  const unreported = rows.flatMap(row => row.kind === 'metric' ? whyEmpty(identityOf(row), run) : []);
  return [...unreported, ...(unreported.length === 0 ? withoutValue(rows, stat, run) : [])].map(problem => `${title}: ${problem}`);
}

function whyEmpty(metric: MetricIdentity, { data, resources, pipelines }: Run): string[] {
  const { namespace, metricName, dimensions } = metric;
  const text = `${namespace} ${metricName} ${JSON.stringify(dimensions)}`;
  if (namespace in DOCUMENTED_METRICS) {
    if (!isDocumented(namespace, metricName, Object.keys(dimensions))) return [`AWS documents no metric ${text}`];
    const strangers = Object.entries(dimensions).filter(([name, value]) => NAMED_BY[name] && !resources.get(NAMED_BY[name])?.includes(value.split(':$')[0]));
    return strangers.map(([name, value]) => `${text}: no ${NAMED_BY[name]} is called ${value} (${name})`);
  }
  if (namespace !== METRICS_NAMESPACE) return [`${text} is neither of AWS nor of this library`];
  if (dimensions[PIPELINE_DIMENSION] && !pipelines.includes(dimensions[PIPELINE_DIMENSION])) return [`${text}: there is no such pipeline`];
  return data.identities.some(known => isAlike(known, metric)) ? [] : [`nobody reported ${text}`];
}

function isAlike(a: MetricIdentity, b: MetricIdentity): boolean {
  const blurred = ({ dimensions, ...metric }: MetricIdentity) => keyOf({
    ...metric, dimensions: Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, ALIKE.includes(name) ? '' : value])),
  });
  return blurred(a) === blurred(b);
}

/** Whatever is shown, over the whole of the run as one period. */
function withoutValue(rows: readonly MetricRow[], stat: string, { data, began, ended }: Run): string[] {
  const period = Math.ceil(ended - began);
  const queries = rows.map((row, n): MetricQuery => ({
    id: row.options.id ?? `row${n}`,
    ...(row.kind === 'metric' ? { metric: { ...identityOf(row), stat: row.options.stat ?? stat, period } } : { expression: row.expression }),
    returned: row.options.visible !== false,
  }));
  const judged = queries.filter(({ returned, expression }) => returned && expression !== undefined && isOfReported(expression, queries, data));
  return judged.flatMap(query => {
    const wholeRun = (expression?: string) => expression?.replace(/, 300\)/g, `, ${period})`);
    const asked = queries.map(one => ({ ...one, expression: wholeRun(one.expression), returned: one.id === query.id }));
    const [{ series }] = runQueries(asked, data, { start: began, end: began + period, period });
    return series.some(({ values }) => values.size > 0) ? [] : [`${query.expression} has no value`];
  });
}

/** Whether the run has all that an expression is computed from. What AWS alone reports, or counts of contributors, cannot be computed here. */
function isOfReported(expression: string, queries: readonly MetricQuery[], data: MetricData): boolean {
  const parsed = parse(expression);
  if (calls(parsed, 'INSIGHT_RULE_METRIC') || /SEARCH\('\{AWS\//.test(expression)) return false;
  const used = queries.filter(({ id }) => new RegExp(`\\b${id}\\b`).test(expression));
  return used.every(query => query.metric ? data.samples(query.metric).length > 0 : isOfReported(query.expression!, queries, data));
}

function identityOf(row: Extract<MetricRow, { kind: 'metric' }>): MetricIdentity {
  return { namespace: row.namespace, metricName: row.metricName, dimensions: Object.fromEntries(row.dimensions) };
}
