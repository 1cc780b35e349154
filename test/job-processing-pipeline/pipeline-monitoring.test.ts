import { Stack } from 'aws-cdk-lib';
import { DashboardSection, LogKind, type Monitoring } from '../../src/monitoring/monitored';
import { pageOf } from '../monitoring/support';
import { pipelineOf, type Kind } from '../templates/kinds';

/** What a pipeline says, and its part of the page as a text. */
function shown(kind: Kind): { readonly monitoring: Monitoring; readonly body: string } {
  const { pipeline } = pipelineOf(kind);
  const monitoring = pipeline.monitor();
  return { monitoring, body: pageOf(pipeline, monitoring).body };
}

const sectionsOf = ({ rows = [] }: Monitoring) => [...new Set(rows.map(({ section }) => section))];
const { FLOW, LATENCY, API, WORKERS, DATABASE } = DashboardSection;

test('the page of a pipeline goes from what comes in to why it is slow', () => {
  const { monitoring, body } = shown('prod');
  expect(sectionsOf(monitoring)).toEqual([FLOW, LATENCY, API, WORKERS, DATABASE]);
  for (const shownMetric of [
    'JobsSubmitted', 'JobsSucceeded', 'JobsFailed', 'JobsRetried', 'JobsDeferred', 'JobsCancelled', 'QueueWait', 'JobDuration',
    '4XXError', '5XXError', 'Latency', 'ConcurrentExecutions', 'Throttles', 'ConsumedWriteCapacityUnits', 'WriteThrottleEvents',
  ]) {
    expect(body).toContain(`\\"${shownMetric}\\"`);
  }
  for (const cause of ['attempts', 'fuse', 'deadline']) {
    expect(body).toContain(`\\"Cause\\",\\"${cause}\\"`);
  }
});

test('stages are searched for, as only the handler knows them, at three percentiles', () => {
  const { body } = shown('dev');
  for (const percentile of ['p50', 'p90', 'p99']) {
    expect(body).toMatch(new RegExp(`SEARCH\\('\\{JobWorks,Pipeline,Stage\\} MetricName=.{1,8}StageDuration.{1,8} Pipeline=.*?'${percentile}', 300\\)`));
  }
});

test.each<[Kind, string, string]>([
  ['maximal, API keys', 'Resource', '5XXError'],
  ['maximal HTTP, JWT', 'Resource', '5xx'],
])('each route has metrics of its own: %s', (kind, dimension, metric) => {
  const { body } = shown(kind);
  expect(body.match(new RegExp(`\\\\"${metric}\\\\"[^\\]]*\\\\"${dimension}\\\\"`, 'g'))!.length).toBeGreaterThanOrEqual(6);
  expect(body).toContain('filter status = 429');
});

test('limits and alarms are lines', () => {
  const { body } = shown('maximal, API keys');
  expect(body).toMatch(/\\"label\\":\\"limit\\",\\"value\\":\d+/);
  expect(body).toMatch(/\\"label\\":\\"timeout\\",\\"value\\":\d+/);
  expect(body).toMatch(/\\"label\\":\\"alarm: age\\"/);
});

test('memory and cold starts are read from the log of the worker, where that is declared', () => {
  const { body } = shown('prod');
  expect(body).toContain('@maxMemoryUsed');
  expect(body).toContain('ispresent(@initDuration)');
});

test('what has no API, calls a function, or runs executions, shows that', () => {
  expect(sectionsOf(shown('without an API').monitoring)).not.toContain(API);
  expect(shown('calling a function').body).toContain(': called function: invocations');
  expect(shown('state machine').body).toContain('ExecutionsTimedOut');
});

test('stages are shown where a handler can report them, and nowhere else', () => {
  expect(shown('dev').body).toContain(': stages, p50');
  expect(shown('calling a function').body).not.toContain(': stages, p50');
  expect(shown('state machine').body).not.toContain(': stages, p50');
});

test('one in PostgreSQL needs its database, and has no table', () => {
  const { pipeline } = pipelineOf('postgres');
  const monitoring = pipeline.monitor();
  expect(monitoring.dependsOn).toEqual([pipeline.database]);
  expect(sectionsOf(monitoring)).not.toContain(DATABASE);
  expect(monitoring.costs!.map(({ service }) => service)).not.toContain('Amazon DynamoDB');
});

test('its logs are those of all its functions, and of its API', () => {
  const { logs = [] } = shown('maximal HTTP, keys').monitoring;
  expect(logs.filter(({ kind }) => kind === LogKind.API)).toHaveLength(1);
  expect(logs.filter(({ kind }) => kind === LogKind.JOBS).map(({ logGroup }) => logGroup.node.id)).toEqual(expect.arrayContaining([
    'SubmitLogs', 'StatusLogs', 'ChangeLogs', 'DeadLetterLogs', 'SweeperLogs', 'OperateLogs', 'AuthorizeLogs', 'ManageLogs',
  ]));
});

test('costs are estimated by service, at the prices of the one list', () => {
  const { costs = [] } = shown('prod').monitoring;
  expect(costs.map(({ service }) => service)).toEqual([
    'AWS Lambda', 'Amazon SQS', 'Amazon DynamoDB', 'Amazon API Gateway', 'Amazon CloudWatch', 'AWS Key Management Service',
  ]);
  const expression = (service: string) => costs.find((cost) => cost.service === service)!.metric.toMetricConfig().mathExpression!.expression;
  expect(expression('Amazon API Gateway')).toBe('FILL(u1, 0) * 0.0000035');
  expect(expression('AWS Lambda')).toMatch(/^FILL\(u1, 0\) \* 0\.0000002 \+ FILL\(u2, 0\) \* 0\.0000000\d+ \+ /);
  expect(expression('AWS Key Management Service')).toMatch(/ \+ PERIOD\(u1\) \* 0\.00000038051/);
  expect(expression('Amazon DynamoDB').split(' + ')).toHaveLength(8);
});

test('asking makes no log group of a function that has none', () => {
  const { pipeline } = pipelineOf('calling an imported function');
  pipeline.monitor();
  expect(Stack.of(pipeline).node.findAll().filter(({ node }) => node.id.startsWith('LogRetention'))).toEqual([]);
});
