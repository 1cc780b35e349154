import type { AlarmState, MissingData } from '../../metric-math/alarm-state';

/** Values of one period by metric, `null` where there is none, and what an expression makes of them; an error is given as its text. */
export type Case = readonly [expression: string, metrics: Readonly<Record<string, number | null>>, value: number | null | string];

/**
 * What alarms use of metric math, for one period. The local cloud's own evaluator (`e2e/local-cloud/overlay/metric_math.py`), by which alarms go off
 * while it runs, is held to the same table.
 */
export const CASES: readonly Case[] = [
  ['IF(visible > 0, age, 0)', { visible: 1, age: 30 }, 30],
  ['IF(visible > 0, age, 0)', { visible: 0, age: 30 }, 0],
  ['IF(visible > 0, age, 0)', { visible: null, age: 30 }, null],
  ['IF(visible > 0, age, 7)', { visible: 1, age: null }, 0],
  ['IF(visible > 0, age)', { visible: 0, age: 30 }, null],
  ['100 * errors / invocations', { errors: 1, invocations: 4 }, 25],
  ['100 * errors / invocations', { errors: 0, invocations: 0 }, null],
  ['100 * errors / invocations', { errors: null, invocations: 4 }, 0],
  ['100 * errors / invocations', { errors: 1, invocations: null }, null],
  ['FILL(a, 0) + FILL(b, 0)', { a: null, b: 2 }, 2],
  ['FILL(a, 0) + FILL(b, 0)', { a: null, b: null }, 0],
  ['FILL(a, b)', { a: null, b: 2 }, 2],
  ['a + b', { a: null, b: 2 }, 2],
  ['a + b', { a: null, b: null }, null],
  ['a + 1', { a: null }, null],
  ['a - b - 1', { a: 9, b: 2 }, 6],
  ['a - -b', { a: 9, b: 2 }, 11],
  ['-a ^ 2', { a: 3 }, -9],
  ['2 ^ 3 ^ 2 * a', { a: 1 }, 512],
  ['a + b * 2 >= 13 AND b == 2', { a: 9, b: 2 }, 1],
  ['(a + b) * 2 < 13 || b != 2', { a: 9, b: 2 }, 0],
  ['IF(a > 1 && b > 1, 1, 0)', { a: 2, b: 2 }, 1],
  ['IF(a > 1 || b > 1, 1, 0)', { a: 0, b: 0 }, 0],
  ['a > 15 AND b > 15', { a: 20, b: null }, 0],
  ['MAX([a, b]) - MIN([a, b])', { a: 5, b: 2 }, 3],
  ['MAX(METRICS())', { a: 5, b: 2 }, 5],
  ['SUM([a, b]) * -1', { a: 5, b: 2 }, -7],
  ['SUM([a, b])', { a: 5, b: null }, 5],
  ['SUM([a, b])', { a: null, b: null }, null],
  ['AVG([a, b])', { a: 5, b: null }, 2.5],
  ['ABS(a) ^ 2', { a: -5 }, 25],
  ['CEIL(a / 2) + FLOOR(a / 2)', { a: 5 }, 5],
  ['a * PERIOD(a)', { a: 0.5 }, 150],
];

/**
 * A row of AWS's tables: the datapoints (`0` fine, `X` beyond the threshold, `-` missing, the newest last), and the state by what is done with
 * missing ones.
 */
export type AlarmCase = readonly [datapoints: string, datapointsToAlarm: number, states: Readonly<Record<MissingData, AlarmState | 'RETAIN'>>];

const INSUFFICIENT = 'INSUFFICIENT_DATA';

/**
 * Three evaluation periods each.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html#alarms-evaluating-missing-data
 */
export const ALARM_CASES: readonly AlarmCase[] = [
  ['0-X-X', 3, { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
  ['0----', 3, { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
  ['-----', 3, { missing: INSUFFICIENT, ignore: 'RETAIN', breaching: 'ALARM', notBreaching: 'OK' }],
  ['0XX-X', 3, { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  ['--X--', 3, { missing: 'ALARM', ignore: 'RETAIN', breaching: 'ALARM', notBreaching: 'OK' }],
  ['----X', 3, { missing: INSUFFICIENT, ignore: 'RETAIN', breaching: 'ALARM', notBreaching: 'OK' }],
  ['---X-', 3, { missing: INSUFFICIENT, ignore: 'RETAIN', breaching: 'ALARM', notBreaching: 'OK' }],
  ['X----', 3, { missing: 'ALARM', ignore: 'RETAIN', breaching: 'ALARM', notBreaching: 'OK' }],
  ['0-X-X', 2, { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  ['00X0X', 2, { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  ['0-X--', 2, { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  ['----0', 2, { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  ['---X-', 2, { missing: 'ALARM', ignore: 'RETAIN', breaching: 'ALARM', notBreaching: 'OK' }],
  ['----X', 2, { missing: INSUFFICIENT, ignore: 'RETAIN', breaching: 'ALARM', notBreaching: 'OK' }],
];
