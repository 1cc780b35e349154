import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorker, workerHandler } from '../../../src/runtime/node/worker';
import { jobRecord, lambdaContext, QUEUE_ARN, sqsEvent, WorkerHarness } from '../../support/worker-harness';

describe('an event', () => {
  test('of the pipeline\'s queue is jobs', async () => {
    const worker = new WorkerHarness();
    expect(await workerHandler(worker.parts)(sqsEvent(jobRecord()), lambdaContext())).toEqual({ batchItemFailures: [] });
    expect(worker.store.only.status).toBe('succeeded');
  });

  test.each<[string, unknown]>([
    ['another queue', sqsEvent(jobRecord({}, { eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:other' }))],
    ['a bucket', { Records: [{ eventSource: 'aws:s3' }] }],
    ['no record', { Records: [] }],
    ['odd records', { Records: [null] }],
    ['a request', { path: '/' }],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'warm'],
  ])('of %s reaches the user\'s handler as it came', async (_, event) => {
    const handler = jest.fn(async () => 'answer');
    const worker = new WorkerHarness(handler);
    const context = lambdaContext();
    expect(await workerHandler(worker.parts)(event, context)).toBe('answer');
    expect(handler.mock.calls).toEqual([[event, context]]);
    expect((handler.mock.calls[0] as unknown[])[0]).toBe(event);
    expect(worker.store.calls).toEqual([]);
  });

  test('that asks whether the version works is answered when the store has been asked, and does not reach the handler', async () => {
    const handler = jest.fn();
    const worker = new WorkerHarness(handler);
    expect(await workerHandler(worker.parts)({ cdk_jobworks_check: true }, lambdaContext())).toEqual({ cdk_jobworks_check: 'passed' });
    expect(handler).not.toHaveBeenCalled();
    expect(worker.store.calls).toEqual(['read']);
    jest.spyOn(worker.store, 'read').mockRejectedValue(new Error('no table'));
    await expect(workerHandler(worker.parts)({ cdk_jobworks_check: true }, lambdaContext())).rejects.toThrow('no table');
  });

  test.each([{ cdk_jobworks_check: 'yes' }, { cdk_jobworks_check: true, more: 1 }])('%j is the user\'s own', async (event) => {
    expect(await workerHandler(new WorkerHarness(async () => 'answer').parts)(event, lambdaContext())).toBe('answer');
  });

  test('reaches a handler that throws', async () => {
    const worker = new WorkerHarness(() => { throw new Error('broken'); });
    await expect(workerHandler(worker.parts)({}, lambdaContext())).rejects.toThrow('broken');
  });

  test('reaches a handler that answers by a callback', async () => {
    type Callback = (error: unknown, result?: unknown) => void;
    const answering = (answer: (callback: Callback) => unknown) => {
      const worker = new WorkerHarness(((_event: unknown, _context: unknown, callback: Callback) => answer(callback)) as never);
      return workerHandler(worker.parts)({}, lambdaContext());
    };
    expect(await answering((callback) => { setImmediate(() => callback(null, 'late')); })).toBe('late');
    await expect(answering((callback) => callback(new Error('refused')))).rejects.toThrow('refused');
    expect(await answering(async () => 'promised')).toBe('promised');
    await expect(answering(async () => { throw new Error('rejected'); })).rejects.toThrow('rejected');
  });
});

describe('starting', () => {
  const ENVIRONMENT = {
    JOBWORKS_PIPELINE: 'drawings',
    JOBWORKS_FILES_PREFIX: 'Jobs-1A2B3C',
    JOBWORKS_TABLE_NAME: 'jobs',
    JOBWORKS_QUEUE_URL: 'https://queue',
    JOBWORKS_QUEUE_ARN: QUEUE_ARN,
    JOBWORKS_HANDLER: 'index.handler',
    JOBWORKS_BACKOFF_FIRST_MS: '10000',
    JOBWORKS_BACKOFF_MAX_MS: '60000',
    JOBWORKS_BACKOFF_JITTER: '0.5',
    JOBWORKS_SHUTDOWN_MS: '5000',
  };
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'worker-'));
    writeFileSync(join(root, 'index.js'), '');
  });

  afterAll(() => rmSync(root, { recursive: true }));

  test('takes the user\'s handler from the function\'s code', async () => {
    const handle = await startWorker({ ...ENVIRONMENT, LAMBDA_TASK_ROOT: root }, async () => ({ handler: async () => 'mine' }));
    expect(await handle({}, lambdaContext())).toBe('mine');
  });

  test('without a task root looks where it stands', async () => {
    await expect(startWorker(ENVIRONMENT, async () => ({}))).rejects.toThrow(join(process.cwd(), 'index'));
  });

  test.each(Object.keys(ENVIRONMENT))('without %s says so', async (name) => {
    await expect(startWorker({ ...ENVIRONMENT, [name]: undefined, LAMBDA_TASK_ROOT: root }, async () => ({}))).rejects.toThrow(
      `environment variable ${name} is missing`,
    );
  });
});
