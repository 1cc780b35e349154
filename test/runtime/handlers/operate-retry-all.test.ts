import { failedJob, failedJobs, failure, id, NO_JOB, OperateHarness } from './operate-harness';
import type { JobRecord } from '../../../src/runtime/protocol/record';
import { NOW, record } from '../../support/job-fixtures';

let harness: OperateHarness;
beforeEach(() => {
  harness = new OperateHarness();
});

const put = (...jobs: JobRecord[]) => harness.put(...jobs);
const retry = async (event: object = {}) => harness.ask({ action: 'retry', failed_since: 0, ...event });
const dryRun = async (event: object = {}) => retry({ dry_run: true, ...event });
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, number) => id(from + number));
const sent = () => harness.queue.sent.map(({ message: { job_id } }) => job_id);
const token = (answer: { readonly next_token?: string }) => JSON.parse(Buffer.from(answer.next_token!, 'base64url').toString()) as unknown;

/** The call of that number breaks. */
function breakAt(number: number): () => void {
  let calls = 0;
  return () => {
    if (++calls === number) throw new Error('throttled');
  };
}

/** The call of that name and number breaks. */
function breakIndex(name: 'failed' | 'records' | 'outlines', number: number): void {
  const count = breakAt(number);
  harness.index.before = (call) => {
    if (call === name) count();
  };
}

describe('all that failed since', () => {
  test('is retried, in as many calls as it takes', async () => {
    put(...failedJobs(25), failedJob(99, { finished_at: NOW - 20_000 }));
    const since = { failed_since: NOW - 10_000, limit: 20 };
    const first = await retry(since);
    expect(first).toEqual({ retried: 20, skipped: 0, retried_jobs: ids(0, 20), skipped_jobs: [], next_token: expect.any(String) });
    expect(await retry({ ...since, next_token: first.next_token })).toEqual({ retried: 5, skipped: 0, retried_jobs: ids(20, 25), skipped_jobs: [] });
    expect(sent()).toEqual(ids(0, 25));
    expect(harness.store.records.get(id(99))!.status).toBe('failed');
  });

  test('100 a call unless asked otherwise, in one look', async () => {
    put(...failedJobs(101));
    expect(await retry()).toMatchObject({ retried: 100, next_token: expect.any(String) });
    expect(harness.index.calls.filter((call) => call !== 'records')).toEqual(['failed']);
  });

  test('what fails again meanwhile is not retried again: it would never end', async () => {
    put(failedJob(1), failedJob(2));
    const first = await retry({ limit: 1 });
    harness.now = NOW + 60_000;
    put(failedJob(1, { generation: 1, finished_at: NOW + 30_000 }));
    const second = await retry({ limit: 1, next_token: first.next_token });
    expect(second).toMatchObject({ retried: 1, skipped: 0 });
    expect(await retry({ limit: 1, next_token: second.next_token })).toMatchObject({ retried: 0, skipped: 0 });
    expect(sent()).toEqual([id(1), id(2)]);
  });

  test('what is not failed any more, no job, or gone is skipped, and named with the reason', async () => {
    put(failedJob(1), failedJob(2), failedJob(3, NO_JOB), failedJob(4), failedJob(5), failedJob(6, { expires_at: NOW / 1000 }));
    const records = harness.index.records.bind(harness.index);
    harness.index.records = async (wanted) => (await records(wanted)).filter(({ job_id }) => job_id !== id(4)).map((found) => {
      if (found.job_id === id(2)) return record({ job_id: id(2) });
      return found.job_id === id(5) ? { ...found, finished_at: NOW + 1 } : found;
    });
    expect(await retry()).toEqual({
      retried: 1,
      skipped: 5,
      retried_jobs: [id(1)],
      skipped_jobs: [
        { job_id: id(2), reason: 'not_failed' },
        { job_id: id(3), reason: 'no_job' },
        { job_id: id(4), reason: 'gone' },
        { job_id: id(5), reason: 'failed_again' },
        { job_id: id(6), reason: 'gone' },
      ],
    });
    expect(harness.queue.sent).toHaveLength(1);
  });

  test('ends in time, with a token to go on', async () => {
    put(...failedJobs(35));
    harness.remaining = [8_000, 7_999];
    const first = await retry();
    expect(first).toMatchObject({ retried: 20, skipped: 0, next_token: expect.any(String) });
    expect(token(first)).toEqual([NOW - 10_000 + 19, id(19), NOW]);
    expect(await retry({ next_token: first.next_token })).toMatchObject({ retried: 15, skipped: 0 });
  });
});

describe('by owner and type of error', () => {
  const mixed = () => failedJobs(250, (number) => ({
    owner: number % 50 === 0 ? 'customer:rare' : 'customer:acme', ...failure(number % 100 === 0 ? 'ProviderDown' : 'Error'),
  }));

  test.each<[object, number[]]>([
    [{ owner: 'customer:rare' }, [0, 50, 100, 150, 200]],
    [{ error_type: 'ProviderDown' }, [0, 100, 200]],
    [{ owner: 'customer:rare', error_type: 'Error' }, [50, 150]],
    [{ owner: 'customer:nobody' }, []],
  ])('%j: those are retried, and all others stay as they are', async (filter, numbers) => {
    put(...mixed());
    expect(await retry(filter)).toEqual({ retried: numbers.length, skipped: 0, retried_jobs: numbers.map(id), skipped_jobs: [] });
    expect(sent()).toEqual(numbers.map(id));
    expect([...harness.store.records.values()].filter(({ status }) => status === 'failed')).toHaveLength(250 - numbers.length);
  });

  test('in as many calls as it takes, each for as many as asked for', async () => {
    put(...mixed());
    const filter = { owner: 'customer:rare', limit: 2 };
    const first = await retry(filter);
    expect(first).toMatchObject({ retried_jobs: [id(0), id(50)] });
    const second = await retry({ ...filter, next_token: first.next_token });
    expect(second).toMatchObject({ retried_jobs: [id(100), id(150)] });
    const third = await retry({ ...filter, next_token: second.next_token });
    expect(third).toEqual({ retried: 1, skipped: 0, retried_jobs: [id(200)], skipped_jobs: [] });
  });

  test('a call looks at a thousand, so that its caller sees how it goes', async () => {
    put(...failedJobs(1_001, (number) => ({ owner: number === 1_000 ? 'customer:rare' : 'customer:acme' })));
    const first = await retry({ owner: 'customer:rare' });
    expect(first).toMatchObject({ retried: 0, next_token: expect.any(String) });
    expect(await retry({ owner: 'customer:rare', next_token: first.next_token })).toMatchObject({ retried_jobs: [id(1_000)] });
  });

  test('looking ends in time, too', async () => {
    put(...failedJobs(250));
    harness.remaining = [8_000, 7_999];
    const first = await retry({ owner: 'customer:nobody' });
    expect(token(first)).toEqual([NOW - 10_000 + 199, id(199), NOW, 'customer:nobody', null, false]);
  });

  test.each<[object, object]>([
    [{ owner: 'customer:acme' }, {}],
    [{ owner: 'customer:acme' }, { owner: 'customer:other' }],
    [{ owner: 'customer:acme' }, { owner: 'customer:acme', error_type: 'Error' }],
    [{ error_type: 'Error' }, {}],
    [{}, { error_type: 'Error' }],
    [{ dry_run: true }, {}],
  ])('what goes on from %j with %j is refused: a filter left out would retry all', async (before, after) => {
    put(...failedJobs(3));
    const { next_token } = await retry({ ...before, limit: 1 });
    const retried = sent();
    await expect(retry({ ...after, next_token })).rejects.toMatchObject({ name: 'BadRequest', message: expect.stringContaining('ask as before') });
    expect(sent()).toEqual(retried);
  });

  test('the record tells what the index does not know yet', async () => {
    put(failedJob(1, failure('ProviderDown')), failedJob(2, failure('Error')), failedJob(3, failure('ProviderDown')), failedJob(4, failure('ProviderDown')));
    const outlines = harness.index.outlines.bind(harness.index);
    harness.index.outlines = async (wanted) => (await outlines(wanted)).flatMap((outline) => {
      if (outline.job_id === id(1)) return []; // not there yet
      if (outline.job_id === id(2)) return { ...outline, ...failure('ProviderDown') }; // has failed otherwise since
      return outline.job_id === id(3) ? { ...outline, ...failure('Error'), finished_at: 1 } : outline; // is of an earlier failure
    });
    put(failedJob(5, failure('Error')));
    const records = harness.index.records.bind(harness.index);
    harness.index.records = async (wanted) => (await records(wanted)).map((found) => (found.job_id === id(4) ? record({ job_id: id(4) }) : found));
    expect(await retry({ error_type: 'ProviderDown' })).toEqual({
      retried: 2, skipped: 1, retried_jobs: [id(1), id(3)], skipped_jobs: [{ job_id: id(4), reason: 'not_failed' }],
    });
  });

  test('what is gone is nothing that was meant', async () => {
    put(failedJob(1));
    harness.index.outlines = async () => [];
    harness.index.records = async () => [];
    expect(await retry({ error_type: 'Error' })).toMatchObject({ retried: 0, skipped: 0 });
  });
});

describe('what does not answer', () => {
  const STOPPED = { code: 'ServiceUnavailable', message: expect.stringContaining('go on with the next_token') };

  test('a job that cannot be sent ends the call, and the next one goes on there', async () => {
    put(...failedJobs(25));
    harness.queue.before = breakAt(13);
    const first = await retry();
    expect(first).toEqual({
      retried: 19, skipped: 0, retried_jobs: [...ids(0, 12), ...ids(13, 20)], skipped_jobs: [], stopped: STOPPED, next_token: expect.any(String),
    });
    expect(harness.log.of('the retry stopped, and goes on with the next call')).toBeDefined();
    const second = await retry({ next_token: first.next_token });
    expect(second).toMatchObject({ retried: 6 });
    expect(second).not.toHaveProperty('stopped');
    expect([...harness.store.records.values()].every(({ status }) => status === 'queued')).toBe(true);
  });

  test('… at the start, when it was one of the first', async () => {
    put(...failedJobs(12));
    harness.queue.before = breakAt(1);
    const first = await retry();
    expect(first).toMatchObject({ retried: 9 });
    expect(await retry({ next_token: first.next_token })).toMatchObject({ retried: 3 });
    expect(harness.queue.sent).toHaveLength(12);
  });

  test('records that cannot be read midway do the same: what was retried is told', async () => {
    put(...failedJobs(25));
    breakIndex('records', 3);
    const first = await retry();
    expect(first).toMatchObject({ retried: 20, retried_jobs: ids(0, 20), stopped: STOPPED, next_token: expect.any(String) });
    expect(harness.log.of('operator answered')).toMatchObject({ retried: 20, stopped: STOPPED });
    expect(await retry({ next_token: first.next_token })).toMatchObject({ retried_jobs: ids(20, 25) });
  });

  test.each(['failed', 'outlines'] as const)('nothing more can be retried, while the index does not answer: %s', async (name) => {
    put(...failedJobs(150));
    const first = await retry({ owner: 'customer:acme', limit: 100 });
    breakIndex(name, 1);
    await expect(retry({ owner: 'customer:acme', next_token: first.next_token })).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(sent()).toHaveLength(100);
  });

  test('within a call, too', async () => {
    put(...failedJobs(150, (number) => ({ owner: number < 5 ? 'customer:rare' : 'customer:acme' })));
    breakIndex('failed', 2);
    expect(await retry({ owner: 'customer:rare' })).toMatchObject({ retried: 5, stopped: STOPPED, next_token: expect.any(String) });
  });

  test.each<[string, () => void]>([
    ['queue', () => { harness.queue.before = () => { throw new Error('throttled'); }; }],
    ['records', () => breakIndex('records', 1)],
    ['index', () => breakIndex('failed', 1)],
  ])('at first (%s) is told by its code', async (_what, breakIt) => {
    put(failedJob(1));
    breakIt();
    await expect(retry()).rejects.toMatchObject({
      name: 'ServiceUnavailable', message: 'nothing could be retried, as the table or the queue does not answer: try again',
    });
    expect(harness.log.of('operator refused')).toMatchObject({ error: { cause: { message: expect.stringContaining('throttled') } } });
  });
});

test('a job that turns out not to be meant is none of the limit', async () => {
  put(...failedJobs(4, (number) => ({ owner: number < 2 ? 'customer:other' : 'customer:acme' })));
  const outlines = harness.index.outlines.bind(harness.index);
  harness.index.outlines = async (job_ids) => outlines(job_ids.filter((job_id) => job_id !== id(0) && job_id !== id(1)));
  expect(await retry({ owner: 'customer:acme', limit: 2 })).toMatchObject({ retried_jobs: ids(2, 4) });
});

describe('a dry run', () => {
  const everything = () => put(
    failedJob(1, failure('ProviderDown')), failedJob(2), failedJob(3, NO_JOB), failedJob(4, { version: 2 }), failedJob(5, { expires_at: NOW / 1000 }),
    failedJob(6, { finished_at: NOW + 1 }),
  );

  test('tells what would be retried and what not, and does nothing', async () => {
    everything();
    expect(await dryRun()).toEqual({
      dry_run: true,
      would_retry: 2,
      skipped: 3,
      would_retry_jobs: [{ job_id: id(1), error_type: 'ProviderDown' }, { job_id: id(2), error_type: 'Error' }],
      skipped_jobs: [{ job_id: id(3), reason: 'no_job' }, { job_id: id(4), reason: 'newer_version' }, { job_id: id(5), reason: 'gone' }],
    });
    expect([harness.queue.sent, harness.store.calls]).toEqual([[], []]);
    expect(harness.index.calls).toEqual(['failed', 'outlines']);
  });

  test('is what the retry does then', async () => {
    everything();
    const { would_retry_jobs, skipped_jobs } = await dryRun();
    expect(await retry()).toMatchObject({ retried_jobs: (would_retry_jobs as { job_id: string }[]).map(({ job_id }) => job_id), skipped_jobs });
  });

  test('takes the same filters, and as many calls', async () => {
    put(...failedJobs(5, (number) => ({ owner: number % 2 ? 'customer:other' : 'customer:acme' })));
    const first = await dryRun({ owner: 'customer:acme', limit: 2 });
    expect(first).toMatchObject({ would_retry: 2, next_token: expect.any(String) });
    expect(await dryRun({ owner: 'customer:acme', limit: 2, next_token: first.next_token })).toMatchObject({
      would_retry_jobs: [{ job_id: id(4) }], skipped: 0,
    });
    expect(harness.queue.sent).toEqual([]);
  });

  test('asks for what has changed since the index saw it', async () => {
    put(failedJob(1), failedJob(2));
    const outlines = harness.index.outlines.bind(harness.index);
    harness.index.outlines = async (wanted) => (await outlines(wanted)).flatMap((outline) => (outline.job_id === id(1) ? [] : { ...outline, status: 'queued' }));
    expect(await dryRun()).toMatchObject({ would_retry: 0, skipped_jobs: [{ job_id: id(1), reason: 'gone' }, { job_id: id(2), reason: 'not_failed' }] });
  });

  test('stops and goes on as a retry does', async () => {
    put(...failedJobs(250));
    breakIndex('outlines', 2);
    const first = await dryRun({ owner: 'customer:acme', limit: 100 });
    expect(first).toMatchObject({ would_retry: 100 });
    await expect(dryRun({ owner: 'customer:acme', next_token: first.next_token })).rejects.toMatchObject({
      name: 'ServiceUnavailable', message: expect.stringContaining('the failed jobs could not be read'),
    });
  });
});
