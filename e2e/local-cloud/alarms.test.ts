import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand, PutMetricDataCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { LocalCloud } from './local-cloud';
import { pythonEnvironment } from '../../projenrc/tools/python-env';
import { ALARM_CASES, CASES, type Case } from '../../test/metric-math/cases';

let cloud: LocalCloud;
let client: CloudWatchClient;
beforeAll(async () => {
  cloud = await LocalCloud.start({ sampleSeconds: 0.1 });
  client = new CloudWatchClient(cloud.clientConfig);
});
afterAll(() => cloud?.stop());

let alarms = 0;

/** An alarm over 3 periods of a minute, and the state it settles in. `null` is a period without data, the newest comes first. */
async function judged(values: readonly (number | null)[], alarm: Partial<PutMetricAlarmCommandInput> = {}): Promise<string> {
  const AlarmName = `alarm-${alarms++}`;
  const Dimensions = [{ Name: 'Queue', Value: AlarmName }];
  const MetricData = values.flatMap((Value, age) => Value === null ? []
    : [{ MetricName: 'Depth', Dimensions, Value, Timestamp: new Date(Date.now() - age * 60_000 - 20_000) }]);
  if (MetricData.length > 0) await client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
  // the same metric of another queue must not count
  await client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: 'Depth', Dimensions: [{ Name: 'Queue', Value: 'other' }], Value: 1000 }] }));
  await client.send(new PutMetricAlarmCommand({
    AlarmName,
    Dimensions,
    Namespace: 'Test',
    MetricName: 'Depth',
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    ...alarm,
  }));
  await new Promise(done => setTimeout(done, 400)); // judged at least once more
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
  return MetricAlarms![0].StateValue!;
}

test.each<[string, (number | null)[], Partial<PutMetricAlarmCommandInput>, string]>([
  ['every period over the threshold', [5, 6, 7], {}, 'ALARM'],
  ['one period of three below it', [5, 1, 7], {}, 'OK'],
  ['two periods of three, where two are enough', [5, 1, 7], { DatapointsToAlarm: 2 }, 'ALARM'],
  ['no data', [], {}, 'INSUFFICIENT_DATA'],
  ['no data, which is fine', [], { TreatMissingData: 'notBreaching' }, 'OK'],
  ['no data, which is not', [], { TreatMissingData: 'breaching' }, 'ALARM'],
  ['a period without data among bad ones, which is fine', [5, null, 7], { TreatMissingData: 'notBreaching' }, 'OK'],
  ['a period without data among bad ones, which is not', [5, null, 7], { TreatMissingData: 'breaching' }, 'ALARM'],
  ['a period without data among bad ones, which says nothing', [5, null, 7], {}, 'ALARM'],
])('%s', async (_, values, alarm, state) => {
  expect(await judged(values, alarm)).toBe(state);
});

test('no value is lost when threads record while the API is asked', async () => {
  const { python } = await pythonEnvironment('local-cloud', join(__dirname, 'requirements.txt'));
  const counted = execFileSync(python, ['-c', `
import threading, time
from ministack.services import cloudwatch
from overlay import metrics
metrics._one_thread_at_a_time()
store = type(cloudwatch._metrics).__setitem__
def slowly(*args):
    time.sleep(0.001) # for another thread to come in between
    store(*args)
type(cloudwatch._metrics).__setitem__ = slowly
def record():
    for number in range(50):
        cloudwatch.record_metric("Test", str(number % 5), 1)
        time.sleep(0.001)
threads = [threading.Thread(target=record) for _ in range(4)]
for thread in threads: thread.start()
while any(thread.is_alive() for thread in threads): cloudwatch._evict_old_metrics()
print(sum(len(points) for _, points in cloudwatch._metrics.items()))
`], { cwd: __dirname, encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  expect(Number(counted)).toBe(200);
});

describe('metric math', () => {
  const EXPECTED: readonly Case[] = [
    ...CASES.map(([expression, metrics, value]): Case => [expression, { ...metrics, 'PERIOD()': 300 }, value]),
    ['a % 2', { a: 5 }, "'a % 2' is not evaluated here"],
    ['ANOMALY_DETECTION_BAND(a, 2)', { a: 5 }, 'ANOMALY_DETECTION_BAND is not evaluated here'],
    ['FILL(a, REPEAT)', { a: null }, 'FILL with REPEAT or LINEAR is not evaluated here'],
    ["__import__('os').getcwd()", {}, "'__import__('os').getcwd()' is not evaluated here"],
    ['SEARCH(', {}, "'SEARCH(' is not read here"],
  ];

  test('gives what CloudWatch gives, or says that it cannot', async () => {
    const values = await overlay(`
from overlay import metric_math
def answer(case):
    try:
        metric_math.check(case[0])
        return metric_math.evaluate(case[0], case[1])
    except metric_math.Unsupported as error:
        return str(error)
`, EXPECTED);
    expect(EXPECTED.map(([expression, metrics], n) => [expression, metrics, values[n]])).toEqual(EXPECTED);
  });
});

test('the state of an alarm is what the tables of AWS say', async () => {
  const expected = ALARM_CASES.flatMap(([datapoints, needed, states]) => Object.entries(states).map(([treatment, state]) => ({
    datapoints, alarm: { EvaluationPeriods: 3, DatapointsToAlarm: needed, TreatMissingData: treatment }, state: state === 'RETAIN' ? null : state,
  })));
  const states = await overlay(`
from overlay import alarms
def answer(case):
    return alarms.judged([{"0": False, "X": True, "-": None}[mark] for mark in case["datapoints"]], case["alarm"])
`, expected);
  expect(expected.map((one, n) => ({ ...one, state: states[n] }))).toEqual(expected);
});

/** What a function `answer` of a Python script, which may use the overlay, makes of each case. */
async function overlay(script: string, cases: readonly unknown[]): Promise<unknown[]> {
  const { python } = await pythonEnvironment('local-cloud', join(__dirname, 'requirements.txt'));
  const answers = execFileSync(python, ['-c', `import json, sys\n${script}\nprint(json.dumps([answer(case) for case in json.load(sys.stdin)]))`], {
    cwd: __dirname, input: JSON.stringify(cases), encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(answers) as unknown[];
}
