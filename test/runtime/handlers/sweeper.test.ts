import { noQueue } from '../../../src/runtime/handlers/no-queue';
import { sweep, type Swept } from '../../../src/runtime/handlers/sweeper/sweeper';
import type { JobRecord } from '../../../src/runtime/protocol/record';
import { ended, NOW, processing, record } from '../../support/job-fixtures';
import { MemoryIndex } from '../../support/memory-index';
import { MemoryStore } from '../../support/memory-store';
import { MemoryLog, MemoryMetrics } from '../../support/worker-harness';

let store: MemoryStore;
let index: MemoryIndex;
let log: MemoryLog;
let metrics: MemoryMetrics;
let remaining: number[];

beforeEach(() => {
  store = new MemoryStore();
  index = new MemoryIndex(store);
  log = new MemoryLog();
  metrics = new MemoryMetrics();
  remaining = [];
});

const run = async (): Promise<Swept> => sweep(
  { getRemainingTimeInMillis: () => remaining.shift() ?? 60_000 },
  { ports: { store, queue: noQueue, now: () => NOW }, index, log, metrics },
);

const id = (number: number) => `job_${String(number).padStart(26, '0')}`;

function put(...jobs: JobRecord[]): void {
  jobs.forEach((job) => store.records.set(job.job_id, job));
}

function overdue(count: number): void {
  put(...Array.from({ length: count }, (_, number) => record({ job_id: id(number), deadline_at: NOW - 1_000 + number })));
}

test('a job past its deadline fails, is counted and logged', async () => {
  put(record({ deadline_at: NOW, attempt: 1, run: 1, error: { type: 'Error', message: 'broken', attempt: 1 } }));
  expect(await run()).toEqual({ judged: 1, ended: 1, complete: true });
  expect(store.only).toMatchObject({ status: 'failed', error: { type: 'DeadlineExceeded', attempt: 1 } });
  expect(metrics.counted).toEqual({ JobsDeadLettered: 1, JobsFailed: 1 });
  expect(metrics.causes).toEqual({ deadline: 1 });
  expect(metrics.published).toBe(1);
  expect(log.of('job given up')).toMatchObject({ job_id: store.only.job_id, owner: 'customer:acme', outcome: 'overdue', error_type: 'DeadlineExceeded' });
  expect(log.of('swept')).toEqual({ ended: 1, left: 0, failed: 0 });
});

test('one that is not due, runs, or has ended is left', async () => {
  put(
    record({ job_id: id(1), deadline_at: NOW + 1 }),
    processing({ job_id: id(2), deadline_at: NOW - 1 }),
    ended('succeeded', { job_id: id(3), deadline_at: NOW - 1 }),
  );
  expect(await run()).toEqual({ judged: 1, ended: 0, complete: true });
  expect([...store.records.values()].map(({ status }) => status)).toEqual(['queued', 'processing', 'succeeded']);
  expect(metrics.counted).toEqual({});
});

test('one that was to be cancelled is cancelled', async () => {
  put(processing({ deadline_at: NOW - 1, lease_expires_at: NOW - 1, cancel_requested: true }));
  expect(await run()).toEqual({ judged: 1, ended: 1, complete: true });
  expect(store.only.status).toBe('cancelled');
  expect(metrics.counted).toEqual({ JobsCancelled: 1 });
});

test('one that a newer version has written is left to that, and the log says so', async () => {
  put(record({ version: 2, deadline_at: NOW - 1 }));
  expect(await run()).toEqual({ judged: 1, ended: 0, complete: true });
  expect(store.only.status).toBe('queued');
  expect(log.lines[0]).toMatchObject({ level: 'warn', message: 'a job of a newer version is left', fields: { job_id: store.only.job_id } });
});

test('nothing to do is fine', async () => {
  expect(await run()).toEqual({ judged: 0, ended: 0, complete: true });
  expect(index.calls).toEqual(['open', 'records']);
});

test('all pages are seen', async () => {
  overdue(230);
  expect(await run()).toEqual({ judged: 230, ended: 230, complete: true });
  expect([...store.records.values()].every(({ status }) => status === 'failed')).toBe(true);
  expect(metrics.counted).toEqual({ JobsDeadLettered: 230, JobsFailed: 230 });
});

test('jobs that stay in the index are passed, and those after them are seen', async () => {
  put(...Array.from({ length: 150 }, (_, number) => processing({ job_id: id(number), deadline_at: NOW - 1_000 + number })));
  put(record({ job_id: id(500), deadline_at: NOW - 1 }));
  expect(await run()).toEqual({ judged: 151, ended: 1, complete: true });
});

test('with too little time the rest is left to the next call', async () => {
  overdue(150);
  remaining = [20_000, 15_000, 14_999];
  expect(await run()).toEqual({ judged: 30, ended: 30, complete: false });
  expect(log.lines.at(-1)).toMatchObject({ level: 'warn', message: 'too little time for the rest: left for the next call' });
  remaining = [];
  expect(await run()).toEqual({ judged: 120, ended: 120, complete: true });
});

test('some are ended however little time there is: else nothing ever would', async () => {
  overdue(30);
  remaining = [0, 0];
  expect(await run()).toEqual({ judged: 10, ended: 10, complete: false });
});

test('one that cannot be written does not keep the others, and the call fails in the end', async () => {
  overdue(25);
  store.before = (call, step) => {
    if (call === 'update' && step?.do === 'update' && step.job_id === id(3)) throw new Error('throttled');
  };
  await expect(run()).rejects.toMatchObject({ name: 'SweepFailed', message: expect.stringContaining('1 of 25 jobs') });
  expect([...store.records.values()].filter(({ status }) => status !== 'failed').map(({ job_id }) => job_id)).toEqual([id(3)]);
  expect(metrics.counted).toEqual({ JobsDeadLettered: 24, JobsFailed: 24 });
  expect(metrics.published).toBe(1);
  expect(log.of('the job could not be swept')).toMatchObject({ job_id: id(3), error: { message: expect.stringContaining('throttled') } });
});

test('an index that does not answer fails the call, with what was done before it counted', async () => {
  overdue(150);
  let asked = 0;
  index.before = (call) => {
    if (call === 'open' && ++asked === 2) throw new Error('throttled');
  };
  await expect(run()).rejects.toThrow('throttled');
  expect(metrics.counted).toEqual({ JobsDeadLettered: 100, JobsFailed: 100 });
  expect(metrics.published).toBe(1);
});
