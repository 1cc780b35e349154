import { Answer, FUNCTION_ARN, returns, RunnerHarness } from './harness';
import { callRequest } from '../../../../src/runtime/handlers/runner/call-request';
import { processBatch } from '../../../../src/runtime/node/batch';
import { message, NOW, record } from '../../../support/job-fixtures';
import { jobRecord, lambdaContext } from '../../../support/worker-harness';

const { job_id } = message();

describe('a function is called', () => {
  test('once, to answer, and asked for nothing of its log', async () => {
    const runner = new RunnerHarness(returns({ pages: 3 }));
    expect(await runner.run()).toMatchObject({ status: 'succeeded', result: '{"pages":3}' });
    expect(runner.calls).toHaveLength(1);
    const { input, requestTimeout } = runner.calls[0];
    expect(input).toMatchObject({ FunctionName: FUNCTION_ARN, InvocationType: 'RequestResponse', LogType: 'None' });
    expect(requestTimeout).toBe(45_000);
    expect(runner.log.of('function called')).toMatchObject({ called_request_id: 'called-1', function_error: false, answer_bytes: 11, job_id });
  });

  test('with the job, its checkpoint and where uploads are', async () => {
    const runner = new RunnerHarness(returns(null), { uploads: { bucket: 'files', filesPrefix: 'Jobs-1A2B3C' } });
    await runner.run({ run: 1, checkpoint: '{"page":2}', stages_completed: ['read'] });
    expect(runner.calls[0].request).toEqual({
      job_id,
      payload: { drawing: 'a.pdf' },
      attempt: 1,
      max_attempts: 3,
      run: 2,
      checkpoint: { page: 2 },
      stages_completed: ['read'],
      correlation_id: 'correlation-1',
      deadline_at: NOW + 3_600_000,
      uploads: { bucket: 'files', prefix: expect.stringMatching(/^Jobs-1A2B3C\/[\w-]{43}\/uploads\/$/) },
    });
  });

  test('and waited for no longer than the runner lives', async () => {
    const runner = new RunnerHarness(returns(null));
    await runner.run({}, {}, 20_000);
    expect(runner.calls[0].requestTimeout).toBe(12_000);
  });

  test.each([
    [6_291_456, { status: 'failed', attempt: 1, error: { type: 'PayloadTooLarge', message: expect.stringContaining('upload') } }, 0],
    [6_291_455, { status: 'succeeded' }, 1],
  ])('with %d bytes, of which Lambda takes fewer than 6291456', async (bytes, job, calls) => {
    const runner = new RunnerHarness(returns(null));
    const runJob = runner.parts.runJob!;
    runner.parts = {
      ...runner.parts,
      runJob: async (given, claimed, context) => {
        const others = JSON.stringify(callRequest({ ...given, payload: '' }, claimed)).length;
        return runJob({ ...given, payload: 'x'.repeat(bytes - others) }, claimed, context);
      },
    };
    expect(await runner.run()).toMatchObject(job);
    expect(runner.calls).toHaveLength(calls);
  });
});

describe('what it returns', () => {
  test.each([
    [undefined, undefined], [null, 'null'], [7, '7'], [[1], '[1]'], [{ jobworks: 1, more: 2 }, '{"jobworks":1,"more":2}'],
    [{ jobworks: { result: { jobworks: 1 } } }, '{"jobworks":1}'], [{ jobworks: { result: null } }, 'null'],
  ])('%j is the result %s', async (value, result) => {
    const job = await new RunnerHarness(returns(value)).run();
    expect(job).toMatchObject({ status: 'succeeded' });
    expect(job.result).toBe(result);
  });

  test('may have stages and metrics beside a result', async () => {
    const runner = new RunnerHarness(returns({
      jobworks: { result: 1, stages_completed: ['read', 'measure'], metrics: [{ name: 'Pages', value: 3 }, { name: 'Size', value: 4, unit: 'Bytes' }] },
    }));
    expect(await runner.run()).toMatchObject({ status: 'succeeded', stages_completed: ['read', 'measure'] });
    expect(runner.metrics.counted).toMatchObject({ 'Pages Count': 3, 'Size Bytes': 4 });
  });

  test('may fail the job', async () => {
    expect(await new RunnerHarness(returns({ jobworks: { failed: { type: 'Unreadable', message: 'no' } } })).run())
      .toMatchObject({ status: 'failed', attempt: 1, error: { type: 'Unreadable', message: 'no' } });
    expect(await new RunnerHarness(returns({ jobworks: { failed: { message: 'no' } } })).run()).toMatchObject({ error: { type: 'JobFailed' } });
  });

  test('may have it wait, with a checkpoint', async () => {
    const runner = new RunnerHarness(returns({ jobworks: { retry_later_seconds: 30, checkpoint: { page: 2 }, stage: 'measure' } }));
    expect(await runner.run()).toMatchObject({
      status: 'queued', attempt: 0, not_before: NOW + 30_000, checkpoint: '{"page":2}', current_stage: 'measure',
    });
    expect(runner.queue.sent).toMatchObject([{ delay_ms: 30_000 }]);
  });

  test.each<[string, string]>([
    ['{', 'it is no JSON'],
    ['{"jobworks": 1}', '"jobworks" is an object'],
    ['{"jobworks": {}}', 'one of "result", "failed", "retry_later_seconds" is needed, not 0'],
    ['{"jobworks": {"result": 1, "constructor": 1}}', 'there is no "constructor"'],
    ['{"jobworks": {"result": 1, "retry_later_seconds": 1}}', 'is needed, not 2'],
    ['{"jobworks": {"result": 1, "checkpoint": 1}}', '"checkpoint" goes with "retry_later_seconds" alone'],
    ['{"jobworks": {"retry_later_seconds": -1, "more": 1, "stage": ""}}', 'there is no "more"; "retry_later_seconds" is a number from 0 to 31622400; "stage" is a text'],
    ['{"jobworks": {"retry_later_seconds": 1, "stage": "read"}}', '"stage" goes with "checkpoint" alone'],
    ['{"jobworks": {"failed": "no"}}', '"failed" is an object {"type"?, "message"}'],
    ['{"jobworks": {"failed": {"message": "no", "why": 1}}}', '"failed" is an object'],
    ['{"jobworks": {"result": 1, "metrics": [{"name": "JobsFailed", "value": 1}]}}', 'one of the pipeline\'s own'],
    ['{"jobworks": {"result": 1, "metrics": [{"name": "Pages", "value": "1"}]}}', '"metrics" is a list'],
  ])('%s fails the job, and says why', async (text, why) => {
    const runner = new RunnerHarness({ returns: text });
    if (text.includes('JobsFailed')) {
      runner.metrics.custom = () => { throw new RangeError('one of the pipeline\'s own'); };
    }
    expect(await runner.run()).toMatchObject({ status: 'failed', attempt: 1, error: { type: 'CallContract', message: expect.stringContaining(why) } });
  });
});

describe('a function that fails', () => {
  test.each<[unknown, object]>([
    [{ errorType: 'java.lang.IllegalStateException', errorMessage: 'broken', stackTrace: ['x'] }, { type: 'java.lang.IllegalStateException', message: 'broken' }],
    [{ errorType: 'Runtime.ExitError', errorMessage: 'RequestId: 1 Error: Runtime exited' }, { type: 'Runtime.ExitError' }],
    [{ errorMessage: '2026-01-01T00:00:00.000Z 1 Task timed out after 3.00 seconds' }, { type: 'FunctionTimedOut', message: 'the function ran into its timeout: Task timed out after 3.00 seconds' }],
    [{ errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: 1 Error: Task timed out after 3.00 seconds' }, { type: 'FunctionTimedOut' }],
    [{ errorType: 'Mine', errorMessage: 'Task timed out after 3.00 seconds' }, { type: 'Mine' }],
    [{ errorType: 'UploadJobFailed', errorMessage: 'other' }, { type: 'UploadJobFailed' }],
    ['no JSON', { type: 'FunctionError', message: '' }],
    ['null', { type: 'FunctionError', message: '' }],
  ])('with %j is tried again by the retry policy', async (fails, error) => {
    const runner = new RunnerHarness({ fails });
    expect(await runner.run()).toMatchObject({ status: 'queued', attempt: 1, not_before: NOW + 10_000, error });
    expect(runner.metrics.counted).toMatchObject({ JobsRetried: 1 });
  });

  test('for the last time fails its job', async () => {
    expect(await new RunnerHarness({ fails: { errorType: 'E', errorMessage: 'm' } }).run({ run: 2, attempt: 2 })).toMatchObject({ status: 'failed', attempt: 3 });
  });

  test.each(['JobFailed', 'com.acme.JobFailed', 'com.acme.Jobs$JobFailedException', 'Function<JobFailed>', 'JobFailedError'])(
    'with a %s is not tried again', async (errorType) => {
      expect(await new RunnerHarness({ fails: { errorType, errorMessage: 'no' } }).run()).toMatchObject({ status: 'failed', attempt: 1, error: { type: 'JobFailed', message: 'no' } });
    });

  test.each([
    ['30', 30], ['1.5 s', 1.5], [' 7: quota', 7], ['later', 2], ['', 2],
  ])('with a RetryLater of "%s" waits %d s', async (errorMessage, seconds) => {
    const job = await new RunnerHarness({ fails: { errorType: 'com.acme.RetryLater', errorMessage } }).run();
    expect(job).toMatchObject({ status: 'queued', attempt: 0, not_before: NOW + seconds * 1000 });
  });

  test('with more than Lambda passes on fails, and says what to do', async () => {
    expect(await new RunnerHarness({ fails: { errorType: 'Function.ResponseSizeTooLarge', errorMessage: 'Response payload size exceeded' } }).run())
      .toMatchObject({ status: 'failed', attempt: 1, error: { type: 'ResultTooLarge', message: expect.stringContaining('store its result') } });
  });
});

describe('a call that Lambda does not take', () => {
  const http = (name: string, httpStatusCode: number): Answer => ({ throws: { name, $metadata: { httpStatusCode } } });

  test.each([
    ['throttled', http('TooManyRequestsException', 429)],
    ['not ready', http('ResourceNotReadyException', 502)],
    ['pending', http('ResourceConflictException', 409)],
    ['in trouble', http('ServiceException', 500)],
    ['unreachable', { throws: { name: 'Error', code: 'ECONNREFUSED' } }],
    ['not connected', { throws: { name: 'TimeoutError', code: 'ETIMEDOUT', syscall: 'connect' } }],
    ['too slow to connect', { throws: { name: 'TimeoutError', message: 'the request socket did not establish a connection with the server' } }],
  ])('%s: the job waits, longer each time, and is not charged', async (_, answer) => {
    expect(await new RunnerHarness(answer).run()).toMatchObject({ status: 'queued', attempt: 0, not_before: NOW + 2_000 });
    expect(await new RunnerHarness(answer).run({ run: 3, attempt: 0 })).toMatchObject({ attempt: 0, not_before: NOW + 16_000 });
    const later = new RunnerHarness(answer, { random: () => 0.5 });
    expect(await later.run({ run: 40, attempt: 2 })).toMatchObject({ attempt: 2, not_before: NOW + 90_000 });
  });

  test.each([
    ['AccessDeniedException', 403, 'lambda:InvokeFunction'],
    ['ResourceNotFoundException', 404, 'deploy it'],
    ['RecursiveInvocationException', 400, 'RecursiveLoop.ALLOW'],
    ['KMSAccessDeniedException', 502, 'KMSAccessDeniedException'],
  ])('for %s: tried again by the policy, with what to do, and no names of the account for its owner', async (name, status, what) => {
    const runner = new RunnerHarness(http(name, status));
    const job = await runner.run();
    expect(job).toMatchObject({ status: 'queued', attempt: 1, not_before: NOW + 10_000, error: { type: 'FunctionNotCallable', message: expect.stringContaining(what) } });
    expect(job.error!.message).not.toContain('arn:');
    expect(runner.log.of('the function was not called, or did not answer')).toMatchObject({ error: { name } });
  });

  test('as too large: fails, and says what to do', async () => {
    expect(await new RunnerHarness(http('RequestTooLargeException', 413)).run()).toMatchObject({ status: 'failed', error: { type: 'PayloadTooLarge' } });
  });

  test('that is never answered: is tried again, and says what may be wrong', async () => {
    const runner = new RunnerHarness({ throws: { name: 'TimeoutError', code: 'ETIMEDOUT', message: 'exceeded the configured 45000 ms requestTimeout' } });
    expect(await runner.run()).toMatchObject({ attempt: 1, error: { type: 'FunctionTimedOut', message: expect.stringContaining('within 45 s') } });
    expect(runner.slept).toEqual([]);
  });

  test.each([
    { name: 'TimeoutError', code: 'ECONNRESET', message: 'socket hang up' },
    { name: 'TimeoutError', code: 'ETIMEDOUT', syscall: 'read' },
  ])('whose connection breaks (%j): is tried again when the function cannot be at work any more', async (throws) => {
    const runner = new RunnerHarness({ throws });
    runner.during = () => { runner.now += 5_000; };
    expect(await runner.run()).toMatchObject({ attempt: 1, error: { type: 'CallInterrupted' } });
    expect(runner.slept).toEqual([40_000]);
  });
});

describe('a cancellation', () => {
  const cancelling = (answer: Answer) => {
    const runner = new RunnerHarness(answer);
    runner.during = () => runner.store.records.set(job_id, { ...runner.store.only, cancel_requested: true });
    return runner;
  };

  test.each<[string, Answer, string]>([
    ['success', returns(1), 'succeeded'],
    ['success with stages', returns({ jobworks: { result: 1, stages_completed: ['read'] } }), 'succeeded'],
    ['an error', { fails: { errorType: 'E', errorMessage: 'm' } }, 'cancelled'],
    ['a wait', returns({ jobworks: { retry_later_seconds: 1 } }), 'cancelled'],
    ['a checkpoint', returns({ jobworks: { retry_later_seconds: 1, checkpoint: 1 } }), 'cancelled'],
    ['a failure', returns({ jobworks: { failed: { message: 'no' } } }), 'cancelled'],
  ])('during a call that ends with %s', async (_, answer, status) => {
    expect(await cancelling(answer).run()).toMatchObject({ status });
  });
});

test('log lines hold nothing of payload, result and the function\'s log', async () => {
  const answers: Answer[] = [returns({ secret: 's3cr3t' }), { fails: { errorType: 'E', errorMessage: 'm', stackTrace: ['s3cr3t'] } }, { returns: '{s3cr3t' }];
  for (const answer of answers) {
    const runner = new RunnerHarness(answer);
    await runner.run({ checkpoint: '"s3cr3t"' });
    expect(runner.log.lines.length).toBeGreaterThan(2);
    const shown = runner.log.lines.map(({ fields, ...line }) => ({ ...line, ...fields, error: String(fields.error) }));
    expect(JSON.stringify(shown)).not.toMatch(/s3cr3t|a\.pdf|c2VjcmV0/);
  }
});

test('a runner that crashes is followed by the next attempt, seconds after its time was up', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const crashed = new RunnerHarness(undefined); // never answers
  crashed.store.records.set(job_id, record());
  void processBatch([jobRecord({}, { receiveCount: 2 })], lambdaContext(() => 60_000), crashed.parts);
  await new Promise(setImmediate);
  const lost = crashed.store.only;
  expect(lost).toMatchObject({ status: 'processing', lease_expires_at: NOW + 62_000 });
  expect(crashed.hidden).toEqual([{ receipts: ['receipt-1'], ms: 64_000 }]);

  const next = new RunnerHarness(returns('done'));
  next.store.records.set(job_id, lost);
  next.now = NOW + 64_000;
  await processBatch([jobRecord({}, { receiveCount: 3 })], lambdaContext(), next.parts);
  expect(next.calls[0].request).toMatchObject({ attempt: 2, run: 2 });
  expect(next.store.only).toMatchObject({ status: 'succeeded', attempt: 2 });
  jest.useRealTimers();
});
