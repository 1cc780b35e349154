/** One entry of a widget's `metrics`, with its abbreviations written out. */
export type MetricRow = SingleMetric | Expression;

/** What an entry may say beside what it shows. */
export interface RowOptions {
  readonly id?: string;
  readonly label?: string;
  readonly stat?: string;
  readonly period?: number;
  readonly visible?: boolean;
  readonly yAxis?: 'left' | 'right';
  readonly color?: string;
  readonly region?: string;
  readonly accountId?: string;
}

export interface SingleMetric {
  readonly kind: 'metric';
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly (readonly [name: string, value: string])[];
  readonly options: RowOptions;
}

export interface Expression {
  readonly kind: 'expression';
  readonly expression: string;
  readonly options: RowOptions;
}

/** An entry of `metrics` is not of the documented form. */
export class MetricRowMalformed extends Error {
  readonly name = 'MetricRowMalformed';
}

/**
 * Writes out the abbreviations of a `metrics` array: `.` is what stands at the same place of the metric before, `...` is all that stands there
 * before what follows.
 *
 * @throws MetricRowMalformed if an abbreviation has nothing to repeat, or a name or value is missing
 */
export function metricRows(metrics: readonly (readonly unknown[])[]): MetricRow[] {
  let before: readonly string[] = [];
  return metrics.map((entry, i) => {
    const { names, options } = parts(entry, i);
    if (names.length === 0) return expressionOf(options, i);
    before = written(names, before, i);
    const [namespace, metricName, ...rest] = before;
    if (metricName === undefined || rest.length % 2 === 1) {
      throw new MetricRowMalformed(`metrics[${i}]: a metric is a namespace, a name, and names and values of dimensions; there is ${JSON.stringify(before)}`);
    }
    const dimensions = rest.flatMap((name, place) => place % 2 === 0 ? [[name, rest[place + 1]] as const] : []);
    return { kind: 'metric', namespace, metricName, dimensions, options };
  });
}

function parts(entry: readonly unknown[], i: number): { names: string[]; options: RowOptions & { readonly expression?: unknown } } {
  const last = entry.at(-1);
  const hasOptions = typeof last === 'object' && last !== null;
  const names = hasOptions ? entry.slice(0, -1) : [...entry];
  if (entry.length === 0 || !names.every((name): name is string => typeof name === 'string')) {
    throw new MetricRowMalformed(`metrics[${i}]: there are only texts, and an object at the end; there is ${JSON.stringify(entry)}`);
  }
  return { names, options: hasOptions ? last : {} };
}

function expressionOf({ expression, ...options }: RowOptions & { readonly expression?: unknown }, i: number): Expression {
  if (typeof expression !== 'string' || expression.trim() === '') throw new MetricRowMalformed(`metrics[${i}]: neither a metric nor an expression`);
  return { kind: 'expression', expression, options };
}

function written(names: readonly string[], before: readonly string[], i: number): readonly string[] {
  const dots = names.indexOf('...');
  const follows = dots < 0 ? 0 : names.length - dots - 1;
  const spread = dots < 0 ? names : [...names.slice(0, dots), ...Array<string>(Math.max(0, before.length - follows - dots)).fill('.'), ...names.slice(dots + 1)];
  return spread.map((name, place) => {
    if (name !== '.') return name;
    const repeated = before[place];
    if (repeated === undefined) throw new MetricRowMalformed(`metrics[${i}]: "." at place ${place} has nothing before it to repeat`);
    return repeated;
  });
}
