import { FakeClock, FakeFunctions, refused } from './support';
import type { Called } from '../../../../src/runtime/handlers/traffic/call';
import { runSmokeJob } from '../../../../src/runtime/handlers/traffic/smoke-job';
import { MemoryLog } from '../../../support/worker-harness';

const JOB = { payload: { url: 'x' }, timeout_seconds: 60 };

function smoke(status: Called[], { job = JOB, submit = [{ answer: { job_id: 'job_1', status: 'queued' } }] as Called[], until = Infinity } = {}) {
  const clock = new FakeClock();
  const functions = new FakeFunctions({ submit, status });
  const log = new MemoryLog();
  const run = runSmokeJob(job, 'hook-1', until, { ...clock, now: clock.now, sleep: clock.sleep, call: functions.call, submit: 'submit', status: 'status', log });
  return { run, functions, clock };
}

const seen = (status: string, more: object = {}): Called => ({ answer: { job_id: 'job_1', status, ...more } });

test('a job that succeeds is submitted once, by the owner of tests, and waited for', async () => {
  const { run, functions } = smoke([seen('queued'), seen('processing'), seen('succeeded', { result: {} })]);
  await run;
  expect(functions.calls).toEqual([
    { arn: 'submit', event: { payload: { url: 'x' }, owner: 'smoke-test', idempotency_key: 'hook-1', correlation_id: 'smoke-test.hook-1' } },
    ...[1, 2, 3].map(() => ({ arn: 'status', event: { job_id: 'job_1', correlation_id: 'smoke-test.hook-1' } })),
  ]);
});

test('one that is not there yet is asked for again', async () => {
  await smoke([refused('NotFound'), seen('succeeded')]).run;
});

test('its result is compared', async () => {
  const job = { ...JOB, result: { pages: 1 } };
  await smoke([seen('succeeded', { result: { pages: 1, text: 'x' } })], { job }).run;
  await expect(smoke([seen('succeeded', { result: { pages: 2 } })], { job }).run).rejects.toThrow('job job_1 succeeded, but its result.pages is not as expected');
  await expect(smoke([seen('succeeded', { result_url: 'https://…' })], { job }).run).rejects.toThrow('its result is in the bucket');
});

test.each<[string, Called[], string]>([
  ['fails', [seen('failed', { error: { type: 'TypeError', message: 'x is undefined' } })], 'job job_1 failed with TypeError: x is undefined'],
  ['is cancelled', [seen('cancelled')], 'job job_1 cancelled'],
  ['cannot be read', [refused('ServiceUnavailable', 'later')], 'job job_1 could not be read: ServiceUnavailable: later'],
  ['does not end', [seen('queued')], 'job job_1 did not end within 60 seconds, and is queued: is the pipeline paused'],
  ['is never known', [refused('NotFound')], 'and is not known yet'],
])('one that %s fails the test', async (_, status, message) => {
  const { run } = smoke(status);
  await expect(run).rejects.toMatchObject({ name: 'SmokeTestFailed', message: expect.stringContaining(message) });
});

test('one that cannot be submitted fails it', async () => {
  await expect(smoke([], { submit: [refused('InvalidPayload', '/url is missing')] }).run).rejects.toThrow('the job could not be submitted: InvalidPayload: /url is missing');
});

test('nobody waits longer than for the job, or than the caller has', async () => {
  const long = smoke([seen('processing')]);
  await expect(long.run).rejects.toThrow('did not end');
  expect(long.clock.time).toBeLessThanOrEqual(1_060_000);
  expect(long.clock.time).toBeGreaterThan(1_050_000);
  expect(Math.max(...long.clock.pauses)).toBe(5_000);
  const short = smoke([seen('processing')], { until: 1_010_000 });
  await expect(short.run).rejects.toThrow('did not end');
  expect(short.clock.time).toBeLessThanOrEqual(1_010_000);
});
