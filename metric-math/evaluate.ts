import { choose, operate } from './arithmetic';
import { fill, type Filler } from './fill';
import { aNumber, AGGREGATES, anArray, each, FUNCTIONS } from './functions';
import { readSearch, type Search } from './search';
import { isArray, isSeries, timestamps, type TimeSeries, type Value, type Window } from './series';
import { MetricMathError, type Expression } from './syntax';

/** What an expression may refer to. */
export interface Surroundings {
  /** The periods that are looked at. */
  readonly window: Window;
  /** The metrics of the request, which `METRICS()` gives. */
  readonly metrics: readonly TimeSeries[];
  /** Results of other expressions, by id. */
  readonly expressions?: Readonly<Record<string, Value>>;
  /** The metrics that a SEARCH finds. Without it, SEARCH is an error. */
  readonly search?: (search: Search) => readonly TimeSeries[];
}

/**
 * The value of an expression, as CloudWatch documents it.
 *
 * @throws MetricMathError on functions, types and ids that are not known
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluate(expression: Expression, surroundings: Surroundings): Value {
  const value = (part: Expression): Value => evaluate(part, surroundings);
  switch (expression.kind) {
    case 'number': return expression.value;
    case 'id': return named(expression.name, surroundings);
    case 'negative': return operate('*', value(expression.operand), -1);
    case 'operation': return operate(expression.operator, value(expression.left), value(expression.right));
    case 'list': return expression.items.flatMap(item => listed(value(item)));
    case 'call': return call(expression.name, expression.args, surroundings);
    case 'text': throw new MetricMathError(`'${expression.value}' is a text where a value should be.`);
    case 'word': throw new MetricMathError(`${expression.name} is no value. Ids begin with a lowercase letter, and functions have parentheses.`);
  }
}

function named(id: string, { metrics, expressions = {} }: Surroundings): Value {
  const found = metrics.find(metric => metric.id === id) ?? (Object.hasOwn(expressions, id) ? expressions[id] : undefined);
  if (found === undefined) throw new MetricMathError(`${id} is the id of no metric and of no expression.`);
  return found;
}

function listed(value: Value): readonly TimeSeries[] {
  if (typeof value === 'number') throw new MetricMathError(`${value} stands in an array: CloudWatch documents arrays of series.`);
  return isArray(value) ? value : [value as TimeSeries];
}

function call(name: string, args: readonly Expression[], surroundings: Surroundings): Value {
  const value = (part: Expression): Value => evaluate(part, surroundings);
  switch (name) {
    case 'METRICS': return metricsWith(args, surroundings);
    case 'PERIOD': return periodOf(args, surroundings);
    case 'IF': {
      arity(name, args, 2, 3);
      const [condition, then, otherwise] = args.map(value);
      return choose(condition, then, otherwise, timestamps(surroundings.window));
    }
    case 'FILL': {
      arity(name, args, 2, 2);
      const filler = fillerOf(args[1], surroundings);
      return each(name, value(args[0]), series => fill(series, filler, surroundings.window));
    }
    case 'SORT': return sort(args, surroundings);
    case 'SEARCH': return searched(args, surroundings);
  }
  if (!Object.hasOwn(FUNCTIONS, name)) throw new MetricMathError(`${name} is not evaluated here.`);
  return FUNCTIONS[name](args.map(value), surroundings.window);
}

function arity(name: string, args: readonly Expression[], fewest: number, most: number): void {
  if (args.length < fewest || args.length > most) {
    throw new MetricMathError(`${name} has ${fewest === most ? fewest : `${fewest} to ${most}`} arguments, not ${args.length}.`);
  }
}

/** `METRICS("errors")` are those whose id contains `errors`. */
function metricsWith(args: readonly Expression[], { metrics }: Surroundings): readonly TimeSeries[] {
  arity('METRICS', args, 0, 1);
  const [part] = args;
  if (part && part.kind !== 'text') throw new MetricMathError('METRICS has a text as its argument, or none.');
  return part ? metrics.filter(({ id }) => id.includes(part.value)) : metrics;
}

function periodOf(args: readonly Expression[], { metrics }: Surroundings): number {
  arity('PERIOD', args, 1, 1);
  const [metric] = args;
  const found = metric.kind === 'id' && metrics.find(({ id }) => id === metric.name);
  if (!found) throw new MetricMathError('PERIOD has the id of a metric as its argument, and not the result of an expression.');
  return found.period;
}

function fillerOf(filler: Expression, surroundings: Surroundings): Filler {
  if (filler.kind === 'word' && (filler.name === 'REPEAT' || filler.name === 'LINEAR')) return filler.name;
  return evaluate(filler, surroundings);
}

function sort(args: readonly Expression[], surroundings: Surroundings): readonly TimeSeries[] {
  arity('SORT', args, 3, 4);
  const [array, by, order, limit] = args;
  if (by.kind !== 'word' || !['AVG', 'MIN', 'MAX', 'SUM'].includes(by.name)) throw new MetricMathError('SORT sorts by AVG, MIN, MAX or SUM.');
  if (order.kind !== 'word' || !['ASC', 'DESC'].includes(order.name)) throw new MetricMathError('SORT has the order ASC or DESC.');
  const weight = ({ values }: TimeSeries) => values.size === 0 ? -Infinity : AGGREGATES[by.name]([...values.values()]);
  const direction = order.name === 'ASC' ? 1 : -1;
  const sorted = [...anArray('SORT', evaluate(array, surroundings))].sort((a, b) => direction * (weight(a) - weight(b) || 0));
  return limit ? sorted.slice(0, aNumber('SORT', evaluate(limit, surroundings))) : sorted;
}

function searched(args: readonly Expression[], { search }: Surroundings): readonly TimeSeries[] {
  arity('SEARCH', args, 2, 3);
  const [terms, stat, period] = args;
  if (terms.kind !== 'text' || stat.kind !== 'text' || (period && period.kind !== 'number')) {
    throw new MetricMathError('SEARCH has a text, a statistic as a text, and perhaps a period in seconds.');
  }
  if (!search) throw new MetricMathError('SEARCH is not evaluated here: there is nothing to search in.');
  return search(readSearch(terms.value, stat.value, period?.kind === 'number' ? period.value : undefined));
}

/** What may be drawn or judged of a value: its series. A number alone is no result. */
export function resultOf(value: Value): readonly TimeSeries[] {
  if (typeof value === 'number') throw new MetricMathError('The result is a number: CloudWatch draws and judges series.');
  return isSeries(value) ? [value] : value as readonly TimeSeries[];
}
