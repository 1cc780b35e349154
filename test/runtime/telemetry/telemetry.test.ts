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

  test('of a stage have its name as well, and the job beside it, which is no dimension', () => {
    const metrics = new PipelineMetrics('drawings');
    expect(metrics.stage('StageDuration', 'read', 5, 'job_1')).toBe(true);
    expect(metrics.stage('StageDuration', 'count', 7, 'job_2')).toBe(true);
    expect(lines).toMatchObject([
      { _aws: { CloudWatchMetrics: [{ Dimensions: [['Pipeline', 'Stage']] }] }, Pipeline: 'drawings', Stage: 'read', StageDuration: 5, job_id: 'job_1' },
      { Stage: 'count', StageDuration: 7, job_id: 'job_2' },
    ]);
  });

  test('of jobs that were given up are counted together and by cause, with a line for each', () => {
    const metrics = new PipelineMetrics('drawings');
    metrics.gaveUp('deadline');
    metrics.gaveUp('fuse');
    metrics.gaveUp('deadline');
    metrics.publish();
    metrics.publish();
    expect(lines).toMatchObject([
      { _aws: { CloudWatchMetrics: [{ Dimensions: [['Pipeline']] }] }, JobsDeadLettered: [1, 1, 1] },
      { _aws: { CloudWatchMetrics: [{ Dimensions: [['Pipeline', 'Cause']] }] }, Pipeline: 'drawings', Cause: 'deadline', JobsDeadLettered: 2 },
      { Cause: 'fuse', JobsDeadLettered: 1 },
    ]);
    expect(lines).toHaveLength(3);
  });

  test('of what failed are counted by the version that runs, once it is one', () => {
    const version = (AWS_LAMBDA_FUNCTION_VERSION: string) => new PipelineMetrics('drawings', { AWS_LAMBDA_FUNCTION_NAME: 'analyse', AWS_LAMBDA_FUNCTION_VERSION });
    for (const metrics of [new PipelineMetrics('drawings', {}), version('$LATEST'), version('7')]) {
      metrics.versionFailed();
      metrics.versionFailed();
      metrics.publish();
      metrics.publish();
    }
    expect(lines).toMatchObject([
      { _aws: { CloudWatchMetrics: [{ Dimensions: [['Pipeline', 'Version']] }] }, Pipeline: 'drawings', Version: 'analyse:7', VersionFailures: 2 },
    ]);
    expect(lines).toHaveLength(1);
  });

  test('of stages are not counted without end', () => {
    const metrics = new PipelineMetrics('drawings');
    for (let index = 0; index < 50; index++) expect(metrics.stage('StageDuration', `page-${index}`, 1, 'job_1')).toBe(true);
    expect(metrics.stage('StageDuration', 'page-50', 1, 'job_1')).toBe(false);
    expect(metrics.stage('StageDuration', 'page-0', 1, 'job_1')).toBe(true);
    expect(lines).toHaveLength(51);
  });

  test.each([
    ['Pipeline', 1, undefined, 'a metric cannot be called "Pipeline": that is the name of a dimension'],
    ['Stage', 1, undefined, 'a metric cannot be called "Stage"'],
    ['JobsSucceeded', 1, undefined, 'a metric cannot be called "JobsSucceeded": that is one of the pipeline\'s own, '
      + 'JobsSubmitted, JobsSucceeded, JobsFailed, JobsCancelled, JobsRetried, JobsDeferred, JobsDeadLettered, JobDuration, QueueWait, StageDuration, VersionFailures'],
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
  expect(Object.keys(lines[1])).toEqual(['level', 'message', 'timestamp', 'service', 'xray_trace_id', 'job_id', 'page']);
});

describe('an error in a log line', () => {
  const SECRET = 'Bearer sk-123';

  /** As HTTP clients make theirs: the request hangs on it, and is what its JSON tells. */
  class ClientError extends Error {
    readonly name = 'ClientError';
    readonly config = { headers: { Authorization: SECRET }, data: '{"card":"4111"}' };
    toJSON() { return { name: this.name, message: this.message, config: this.config }; }
  }

  /** The SDK's own carries the item, payload and all. */
  const withItem = () => Object.assign(new Error('The conditional request failed'), { Item: { payload: { S: SECRET } } });

  test.each<[string, () => Error | Record<string, unknown>]>([
    ['alone', () => new ClientError('401')],
    ['alone, without a JSON of its own', withItem],
    ['as a field', () => ({ error: new ClientError('401') })],
    ['deep in a field', () => ({ tries: [{ error: new ClientError('401') }] })],
    ['in what a JSON of its own answers', () => ({ state: { toJSON: () => ({ error: new ClientError('401') }) } })],
    ['as the cause of another', () => new Error('broken', { cause: new ClientError('401') })],
    ['as a cause that is no error', () => new Error('broken', { cause: { Authorization: SECRET } })],
    ['as the cause of a cause', () => new Error('broken', { cause: new Error('within', { cause: new ClientError('401') }) })],
  ])('%s shows nothing of what hangs on it', (_, fields) => {
    const log = powertoolsLog('drawings');
    log.error('broken', fields());
    log.with({ last: fields() }).error('broken');
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toMatch(/sk-123|4111/);
  });

  test('has a name, a message, a stack and one cause', () => {
    powertoolsLog('drawings').warn('broken', new TypeError('outside', { cause: new ClientError('within', { cause: withItem() }) }));
    expect(lines[0].error).toEqual({
      name: 'TypeError',
      message: 'outside',
      stack: expect.stringMatching(/^at .*telemetry\.test/),
      cause: { name: 'ClientError', message: 'within', stack: expect.stringMatching(/^at .*telemetry\.test/) },
    });
  });

  test('is cut where it is long, and its stack does not say it all again', () => {
    const error = Object.assign(new Error(`${'m'.repeat(2_000)}${SECRET}`), { name: 'N'.repeat(500) });
    powertoolsLog('drawings').error('broken', error);
    const shown = lines[0].error as Record<string, string>;
    expect(shown.message).toBe(`${'m'.repeat(1_023)}…`);
    expect(shown.name).toHaveLength(128);
    expect(JSON.stringify(lines[0])).not.toContain('sk-123');

    error.stack = `Error: x\n${'    at somewhere (file.js:1:1)\n'.repeat(1_000)}`;
    powertoolsLog('drawings').error('broken', error);
    expect((lines[1].error as Record<string, string>).stack).toHaveLength(4_096);
  });

  test('may be odd', () => {
    powertoolsLog('drawings').error('broken', Object.assign(new Error(), { message: 7, stack: 7 }));
    expect(lines[0].error).toEqual({ name: 'Error', message: '7' });
  });

  test('leaves the other fields as they are', () => {
    const fields: Record<string, unknown> = { page: 1, none: null, at: new Date(0), list: [1, 'two'], deep: { big: 3n } };
    fields.self = { fields };
    powertoolsLog('drawings').info('fine', fields);
    expect(lines[0]).toMatchObject({ page: 1, at: '1970-01-01T00:00:00.000Z', list: [1, 'two'], deep: { big: '3' }, self: {} });
  });
});
