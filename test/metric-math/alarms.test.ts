import { ALARM_CASES } from './cases';
import { alarmState, type MissingData } from '../../metric-math/alarm-state';
import { judge, type MetricAlarm } from '../../metric-math/alarms';
import { MetricData } from '../../metric-math/metric-data';

const MARKS: Readonly<Record<string, boolean | null>> = { '0': false, 'X': true, '-': null };

describe.each(ALARM_CASES)('%s, where %i of 3 make an alarm', (datapoints, datapointsToAlarm, states) => {
  test.each(Object.entries(states))('with what is missing as %s: %s', (treatMissingData, state) => {
    const settings = { evaluationPeriods: 3, datapointsToAlarm, treatMissingData: treatMissingData as MissingData };
    const values = [...datapoints].map(mark => MARKS[mark]);
    for (const current of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const) {
      expect(alarmState(values, settings, current)).toBe(state === 'RETAIN' ? current : state);
    }
  });
});

describe('an alarm', () => {
  const failed = { namespace: 'JobWorks', metricName: 'JobsFailed', dimensions: { Pipeline: 'a' } };
  const succeeded = { ...failed, metricName: 'JobsSucceeded' };
  const rate: MetricAlarm = {
    name: 'rate',
    period: 300,
    evaluationPeriods: 1,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 10,
    treatMissingData: 'notBreaching',
    queries: [
      { id: 'rate', expression: '100 * all_failed / (all_failed + FILL(succeeded, 0))', returned: true },
      { id: 'all_failed', expression: 'FILL(failed, 0)', returned: false },
      { id: 'failed', metric: { ...failed, stat: 'Sum' }, returned: false },
      { id: 'succeeded', metric: { ...succeeded, stat: 'Sum' }, returned: false },
    ],
  };

  test('judges an expression over others by the newest period that has a value', () => {
    const data = new MetricData();
    data.add(succeeded, ...Array.from({ length: 9 }, (_, n) => [1000 + n, 1] as const));
    expect(judge(rate, data, 1100)).toEqual({ state: 'OK', values: [null, null, 0] });
    data.add(failed, [1010, 1]);
    expect(judge(rate, data, 1100)).toEqual({ state: 'ALARM', values: [null, null, 10] });
    expect(judge(rate, data, 1700)).toEqual({ state: 'ALARM', values: [10, null, null] });
    expect(judge(rate, data, 2000)).toEqual({ state: 'OK', values: [null, null, null] });
  });

  test('looks at exactly its dimensions', () => {
    const data = new MetricData();
    data.add({ ...failed, dimensions: { Pipeline: 'b' } }, [1000, 1]);
    data.add({ ...failed, dimensions: { Pipeline: 'a', Cause: 'fuse' } }, [1000, 1]);
    expect(judge(rate, data, 1100).values).toEqual([null, null, null]);
  });

  test('keeps its state when data of DynamoDB is missing, whatever it says', () => {
    const throttled = { namespace: 'AWS/DynamoDB', metricName: 'ThrottledRequests', dimensions: { TableName: 't' } };
    const alarm: MetricAlarm = { ...rate, queries: [{ id: 'm', metric: { ...throttled, stat: 'Sum' }, returned: true }] };
    expect(judge(alarm, new MetricData(), 1000, 'ALARM').state).toBe('ALARM');
    expect(judge(alarm, new MetricData(), 1000, 'OK').state).toBe('OK');
  });

  test('with a band rings outside of it', () => {
    const band: MetricAlarm = {
      ...rate,
      threshold: undefined,
      thresholdMetricId: 'band',
      comparisonOperator: 'GreaterThanUpperThreshold',
      queries: [
        { id: 'm', metric: { ...failed, stat: 'Sum' }, returned: true },
        { id: 'band', expression: 'ANOMALY_DETECTION_BAND(m, 2)', returned: true },
      ],
    };
    const data = new MetricData();
    for (let n = 0; n < 10; n++) data.add(failed, [n * 300, 5 + n % 2]);
    expect(judge(band, data, 3000).state).toBe('OK');
    data.add(failed, [3000, 50]);
    expect(judge(band, data, 3300).state).toBe('ALARM');
    data.add(failed, [3300, 1]); // only above counts
    expect(judge(band, data, 3600).state).toBe('OK');
  });

  test.each<[string, Partial<MetricAlarm>, string]>([
    ['no threshold', { threshold: undefined }, 'rate has neither a threshold nor a band.'],
    ['a band that is none', { thresholdMetricId: 'all_failed' }, 'all_failed, by which rate judges, is no band.'],
    ['another comparison', { comparisonOperator: 'Equal' }, 'The comparison Equal is not known for a threshold.'],
    ['several series', { queries: rate.queries.map(query => ({ ...query, returned: true })) }, 'rate judges 4 series: CloudWatch judges one.'],
  ])('with %s is refused', (_, change, reason) => {
    const data = new MetricData();
    data.add(failed, [1000, 1]);
    expect(() => judge({ ...rate, ...change }, data, 1100)).toThrow(reason);
  });
});
