import { Log, powertoolsLog } from '../../../src/runtime/telemetry/log';
import { PipelineMetrics } from '../../../src/runtime/telemetry/pipeline-metrics';

const saved = { ...process.env };
let lines: Record<string, unknown>[];

beforeEach(() => {
  lines = [];
  // Powertools writes to the console of the test only in its mode for development
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false', POWERTOOLS_LOG_LEVEL: 'DEBUG' });
  for (const level of ['debug', 'info', 'warn', 'error', 'log'] as const) {
    jest.spyOn(console, level).mockImplementation((...[text]: unknown[]) => { lines.push(JSON.parse(text as string) as Record<string, unknown>); });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...saved };
});

describe('metrics', () => {
  test('of a pipeline have its name and nothing else as their dimension', () => {
    const metrics = new PipelineMetrics('drawings');
    metrics.count('JobsSucceeded');
    metrics.milliseconds('JobDuration', 12);
    metrics.custom('Tokens', 5);
    metrics.custom('Size', 6, 'Bytes');
    metrics.publish();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      _aws: {
        CloudWatchMetrics: [{
          Namespace: 'JobWorks',
          Dimensions: [['Pipeline']],
          Metrics: [
            { Name: 'JobsSucceeded', Unit: 'Count' },
            { Name: 'JobDuration', Unit: 'Milliseconds' },
            { Name: 'Tokens', Unit: 'Count' },
            { Name: 'Size', Unit: 'Bytes' },
          ],
        }],
      },
      Pipeline: 'drawings',
      JobsSucceeded: 1,
      JobDuration: 12,
      Tokens: 5,
      Size: 6,
    });
    expect(lines[0]).not.toHaveProperty('service');
  });

  test('that there are none of are not published', () => {
    new PipelineMetrics('drawings').publish();
    expect(lines).toEqual([]);
  });

  test('of a stage have its name as well', () => {
    const metrics = new PipelineMetrics('drawings');
    expect(metrics.stage('StageDuration', 'read', 5)).toBe(true);
    expect(metrics.stage('StageDuration', 'count', 7)).toBe(true);
    expect(lines).toMatchObject([
      { _aws: { CloudWatchMetrics: [{ Dimensions: [['Pipeline', 'Stage']] }] }, Pipeline: 'drawings', Stage: 'read', StageDuration: 5 },
      { Stage: 'count', StageDuration: 7 },
    ]);
  });

  test('of stages are not counted without end', () => {
    const metrics = new PipelineMetrics('drawings');
    for (let index = 0; index < 50; index++) expect(metrics.stage('StageDuration', `page-${index}`, 1)).toBe(true);
    expect(metrics.stage('StageDuration', 'page-50', 1)).toBe(false);
    expect(metrics.stage('StageDuration', 'page-0', 1)).toBe(true);
    expect(lines).toHaveLength(51);
  });

  test.each([
    ['Pipeline', 1, undefined, 'a metric cannot be called "Pipeline": that is the name of a dimension'],
    ['Stage', 1, undefined, 'a metric cannot be called "Stage"'],
    ['Tokens', NaN, undefined, 'metric "Tokens" is NaN, which is no number that can be counted'],
    ['Tokens', 1, 'Apples', "Invalid metric unit 'Apples'"],
    ['', 1, undefined, 'The metric name should be between 1 and 255 characters'],
  ])('called %p of %p %p are refused', (name, value, unit, message) => {
    expect(() => new PipelineMetrics('drawings').custom(name, value, unit)).toThrow(message);
  });
});

test('log lines are structured, and carry what they are told to', () => {
  process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=1;Sampled=1';
  const log: Log = powertoolsLog('drawings').with({ job_id: 'job_1' });
  log.debug('one');
  log.info('two', { page: 1 });
  log.warn('three', new TypeError('broken'));
  log.with({ attempt: 2 }).error('four', { error: new Error('bad') });
  expect(lines).toMatchObject([
    { level: 'DEBUG', message: 'one', service: 'drawings', job_id: 'job_1', xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793' },
    { level: 'INFO', message: 'two', page: 1 },
    { level: 'WARN', message: 'three', error: { name: 'TypeError', message: 'broken' } },
    { level: 'ERROR', message: 'four', job_id: 'job_1', attempt: 2, error: { message: 'bad' } },
  ]);
  expect(lines[2]).not.toHaveProperty('attempt');
});
