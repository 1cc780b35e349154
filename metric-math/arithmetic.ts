import { isArray, isSeries, withValues, type TimeSeries, type Value } from './series';
import { MetricMathError, type Operator } from './syntax';

const COMPUTE: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right, // by 0 gives no finite value, and so no datapoint
  '^': (left, right) => left ** right,
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  'AND': (left, right) => Number(left !== 0 && right !== 0),
  'OR': (left, right) => Number(left !== 0 || right !== 0),
};
const ARITHMETIC: readonly string[] = ['+', '-', '*', '/', '^'];

/**
 * Two operands of numbers and series. Where one of two series has a value and the other has none, that one counts as 0, as CloudWatch documents
 * it; where neither has one, there is none. What would be divided by 0 is dropped.
 *
 * @throws MetricMathError on arrays where AWS documents none
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-arithmetic
 */
export function operate(operator: Operator, left: Value, right: Value): Value {
  const compute = COMPUTE[operator];
  if (isArray(left) || isArray(right)) {
    if (!ARITHMETIC.includes(operator)) throw new MetricMathError(`${operator} has an array of series beside it: CloudWatch documents one series or a number.`);
    if (isArray(left) && isArray(right)) throw new MetricMathError(`${operator} has arrays of series on both sides: CloudWatch documents one series or a number on one.`);
    return isArray(left) ? left.map(series => one(compute, series, right as number | TimeSeries) as TimeSeries)
      : (right as readonly TimeSeries[]).map(series => one(compute, left, series) as TimeSeries);
  }
  return one(compute, left, right);
}

function one(compute: (left: number, right: number) => number, left: number | TimeSeries, right: number | TimeSeries): number | TimeSeries {
  if (isSeries(left)) {
    if (!isSeries(right)) return withValues(left, [...left.values].map(([time, value]) => [time, compute(value, right)]));
    const times = new Set([...left.values.keys(), ...right.values.keys()]);
    return withValues(left, [...times].map(time => [time, compute(left.values.get(time) ?? 0, right.values.get(time) ?? 0)]));
  }
  return isSeries(right) ? withValues(right, [...right.values].map(([time, value]) => [time, compute(left, value)])) : compute(left, right);
}

/** `IF(condition, then, otherwise)`: judged for each datapoint of the condition. */
export function choose(condition: Value, then: Value, otherwise: Value | undefined, everyPeriod: readonly number[]): TimeSeries {
  if ([condition, then, otherwise].some(value => value !== undefined && isArray(value))) {
    throw new MetricMathError('IF has an array of series: CloudWatch documents series and numbers.');
  }
  if (!isSeries(condition)) return chooseOnce(condition as number, then, otherwise, everyPeriod);
  return withValues(condition, [...condition.values].map(([time, truth]) => [
    time,
    truth !== 0 ? at(then, time) ?? 0 : otherwise === undefined ? undefined : at(otherwise, time),
  ]));
}

function chooseOnce(condition: number, then: Value, otherwise: Value | undefined, everyPeriod: readonly number[]): TimeSeries {
  const template = [then, otherwise].find((value): value is TimeSeries => value !== undefined && isSeries(value));
  if (!template) throw new MetricMathError('IF has numbers alone: CloudWatch documents a series as one of its arguments.');
  const chosen = condition !== 0 ? then : otherwise;
  return withValues(template, everyPeriod.map(time => [time, chosen === undefined ? undefined : at(chosen, time)]));
}

function at(value: Value, time: number): number | undefined {
  return isSeries(value) ? value.values.get(time) : value as number;
}
