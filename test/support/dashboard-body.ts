import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ErrorObject } from 'ajv';
import { DEFAULT_SIZE, GRID_COLUMNS, type DashboardBody, type MetricWidget, type Widget } from '../../preview/body/body';
import { watchedOf } from '../../preview/body/dashboards';
import { metricRows, MetricRowMalformed, type MetricRow } from '../../preview/body/metric-rows';
import type { Template } from '../../preview/body/stand-ins';

/** On all widgets together. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MOST_METRICS_OF_A_PAGE = 2_500;

const schema = JSON.parse(readFileSync(join(__dirname, 'dashboard-body.schema.json'), 'utf8')) as { readonly definitions: object };
const ajv = new Ajv({ allErrors: true, strict: false });
const ofStructure = ajv.compile(schema);
const ofOptions = ajv.compile({ $ref: '#/definitions/rowOptions', definitions: schema.definitions });

/**
 * Everything that is wrong with a dashboard's body: where it is not of the documented structure, and what the structure alone does not say. Each
 * widget has its place in the text, as `widgets[3]`.
 */
export function dashboardFaults(body: unknown): string[] {
  if (!ofStructure(body)) return reasons(ofStructure.errors);
  const { widgets } = body as DashboardBody;
  return [
    ...widgets.flatMap((widget, i) => widgetFaults(widget).map((fault) => `widgets[${i}]${titled(widget)}: ${fault}`)),
    ...overlaps(widgets),
    ...tooMany(widgets),
  ];
}

/** The faults of all dashboards of an app's templates, each with the dashboard's name before it. */
export function dashboardFaultsOf(...templates: readonly Template[]): string[] {
  return watchedOf(templates).dashboards.flatMap(({ name, body }) => dashboardFaults(body).map((fault) => `${name}: ${fault}`));
}

function reasons(errors: readonly ErrorObject[] | null | undefined): string[] {
  const kept = (errors ?? []).filter(({ keyword }) => keyword !== 'if'); // what it leads to says more
  return kept.map(({ instancePath, message, params }) => {
    const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: unknown[] };
    const place = instancePath.replace(/^\//, '').replace(/\/(\d+)/g, '[$1]').replace(/\//g, '.');
    return `${place || 'body'}: ${message}${additionalProperty ? ` (${additionalProperty})` : ''}${allowedValues ? ` (${allowedValues.join(', ')})` : ''}`;
  });
}

function titled({ properties }: Widget): string {
  return 'title' in properties && properties.title ? ` "${properties.title}"` : '';
}

function widgetFaults(widget: Widget): string[] {
  const { x = 0, width = DEFAULT_SIZE } = widget;
  return [
    ...(x + width > GRID_COLUMNS ? [`reaches to column ${x + width}; the grid has ${GRID_COLUMNS}`] : []),
    ...(widget.type === 'metric' ? metricFaults(widget) : []),
    ...(widget.type === 'log' && !/^\s*SOURCE\s/.test(widget.properties.query) ? ['the query begins with no SOURCE'] : []),
  ];
}

function metricFaults({ properties }: MetricWidget): string[] {
  const { metrics = [], annotations = {}, view } = properties;
  const alarms = annotations.alarms?.length ?? 0;
  const lines = (annotations.horizontal?.length ?? 0) + (annotations.vertical?.length ?? 0);
  const faults = [
    ...(metrics.length === 0 && alarms === 0 ? ['shows neither a metric nor an alarm'] : []),
    ...(alarms > 0 && metrics.length > 0 ? ['has metrics and an alarm; one widget shows one of the two'] : []),
    ...(alarms > 0 && lines > 0 ? ['has an alarm and lines; one widget shows one of the two'] : []),
    ...(view === 'gauge' && properties.yAxis!.left!.min! >= properties.yAxis!.left!.max! ? ['the gauge begins where it ends'] : []),
  ];
  try {
    return [...faults, ...rowFaults(metricRows(metrics))];
  } catch (error) {
    if (error instanceof MetricRowMalformed) return [...faults, error.message];
    throw error;
  }
}

function rowFaults(rows: readonly MetricRow[]): string[] {
  const ids = rows.flatMap(({ options: { id } }) => id ?? []);
  return [
    ...rows.flatMap(({ options }, i) => ofOptions(options) ? [] : reasons(ofOptions.errors).map((reason) => `metrics[${i}]: ${reason}`)),
    ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `the id ${id} is given twice`),
    ...rows.flatMap((row, i) => row.kind === 'expression' ? expressionFaults(row.expression, ids).map((fault) => `metrics[${i}]: ${fault}`) : []),
    ...(rows.length > 0 && rows.every(({ options: { visible } }) => visible === false) ? ['none of its metrics is visible'] : []),
    ...rows.flatMap((row, i) => row.kind === 'metric' ? dimensionFaults(row.dimensions).map((fault) => `metrics[${i}]: ${fault}`) : []),
  ];
}

function dimensionFaults(dimensions: readonly (readonly [string, string])[]): string[] {
  const names = dimensions.map(([name]) => name);
  return [
    ...(new Set(names).size < names.length ? ['a dimension stands twice'] : []),
    ...dimensions.filter(([name, value]) => name === '' || value === '').map(([name]) => `the dimension "${name}" is empty`),
  ];
}

/** Identifiers of an expression begin with a small letter, functions and keywords with a capital one; texts in quotes hold neither. */
function expressionFaults(expression: string, ids: readonly string[]): string[] {
  if (/^\s*SELECT\s/i.test(expression)) return []; // Metrics Insights, which refers to no ids
  const bare = expression.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, '""');
  const depth = [...bare].reduce((open, char) => open < 0 ? open : open + (char === '(' ? 1 : char === ')' ? -1 : 0), 0);
  const unknown = [...new Set(bare.match(/(?<![\w.])[a-z]\w*/g) ?? [])].filter((id) => !ids.includes(id));
  return [
    ...unknown.map((id) => `${expression} refers to ${id}, and there is no such id`),
    ...(depth === 0 ? [] : [`the parentheses of ${expression} are not balanced`]),
  ];
}

function overlaps(widgets: readonly Widget[]): string[] {
  const placed = widgets.flatMap(({ x, y, width = DEFAULT_SIZE, height = DEFAULT_SIZE }, i) =>
    x === undefined || y === undefined ? [] : [{ i, x, y, width, height }]);
  return placed.flatMap((a, place) => placed.slice(place + 1)
    .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
    .map((b) => `widgets[${a.i}] and widgets[${b.i}] overlap`));
}

function tooMany(widgets: readonly Widget[]): string[] {
  const sum = widgets.reduce((metrics, widget) => metrics + (widget.type === 'metric' ? widget.properties.metrics?.length ?? 0 : 0), 0);
  return sum > MOST_METRICS_OF_A_PAGE ? [`the page has ${sum} metrics; it may have ${MOST_METRICS_OF_A_PAGE}`] : [];
}
