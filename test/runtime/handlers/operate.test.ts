import { type Answer, failedJob, failure, id, NO_JOB, OperateHarness } from './operate-harness';
import { EventSourceBusy } from '../../../src/runtime/handlers/operate/event-source';
import type { JobRecord } from '../../../src/runtime/protocol/record';
import { jobKey } from '../../../src/runtime/store/files/keys';
import { ended, message, NOW, processing, record } from '../../support/job-fixtures';

let harness: OperateHarness;
beforeEach(() => {
  harness = new OperateHarness();
});

const ID = message().job_id;
const iso = (ms: number) => new Date(ms).toISOString();
const put = (...jobs: JobRecord[]) => harness.put(...jobs);
const ask = async (event: unknown) => harness.ask(event);
const idsOf = ({ jobs }: Answer) => jobs.map(({ job_id }) => job_id);

describe('what is asked wrongly', () => {
  test.each<[unknown, string]>([
    [undefined, '"action" must be one of list, show, retry, cancel, pause, resume, describe, not nothing'],
    [[], '"action" must be one of'],
    [{ action: 'delete' }, 'not "delete"'],
    [{ action: 'show' }, '"job_id" is missing'],
    [{ action: 'cancel' }, '"job_id" is missing'],
    [{ action: 'show', job_id: 'job_1' }, '"job_id" must be the id of a job: job_ and 26 letters and digits, not "job_1"'],
    [{ action: 'show', job_id: ID, payload: 'yes' }, '"payload" must be true or false'],
    [{ action: 'pause', job_id: ID }, '"job_id" is nothing that "pause" takes: it takes nothing'],
    [{ action: 'cancel', job_id: ID, reason: 'x' }, '"reason" is nothing that "cancel" takes: job_id'],
    [{ action: 'retry' }, '"retry" takes either "job_id", for one job, or "failed_since"'],
    [{ action: 'retry', job_id: ID, failed_since: NOW }, 'takes either'],
    [{ action: 'retry', job_id: ID, limit: 3 }, '"limit" goes with "failed_since", not with "job_id"'],
    ...['owner', 'error_type', 'dry_run', 'next_token'].map((name): [unknown, string] => [
      { action: 'retry', job_id: ID, [name]: name === 'dry_run' ? true : 'x' }, `"${name}" goes with "failed_since", not with "job_id"`,
    ]),
    [{ action: 'retry', failed_since: 0, dry_run: 'yes' }, '"dry_run" must be true or false, not "yes"'],
    [{ action: 'retry', failed_since: 0, error_type: '' }, '"error_type" must be a text of 1 to 1024 characters'],
    [{ action: 'retry', failed_since: 0, status: 'failed' }, '"status" is nothing that "retry" takes: job_id, failed_since, owner'],
    [{ action: 'retry', failed_since: 0, some_later_filter: 'x' }, '"some_later_filter" is nothing that "retry" takes'],
    [{ action: 'list', failed_since: 0, some_later_filter: 'x' }, '"some_later_filter" is nothing that "list" takes'],
    [{ action: 'list', error_type: 'Error' }, '"error_type" is one that jobs failed with: add "failed_since", or "status": "failed"'],
    [{ action: 'list', error_type: 'Error', owner: 'x', status: 'queued' }, '"error_type" is one that jobs failed with'],
    [{ action: 'retry', failed_since: '2h' }, '"failed_since" must be a time in epoch milliseconds, not "2h"'],
    [{ action: 'retry', failed_since: -1 }, 'epoch milliseconds'],
    [{ action: 'retry', failed_since: NOW, next_token: 'x' }, '"next_token" is none'],
    [{ action: 'list', limit: 0 }, '"limit" must be a whole number from 1 to 100, not 0'],
    [{ action: 'list', limit: 101 }, '1 to 100'],
    [{ action: 'list', limit: 2.5 }, '1 to 100'],
    [{ action: 'list', owner: '' }, '"owner" must be a text of 1 to 1024 characters'],
    [{ action: 'list', owner: 'x'.repeat(1_025) }, '"owner" must be'],
    [{ action: 'list', status: 'done' }, '"status" must be one of queued, processing, succeeded, failed, cancelled'],
    [{ action: 'list', status: 'succeeded' }, 'succeeded jobs are listed by their "owner" only: add it'],
    [{ action: 'list', status: 'cancelled' }, 'cancelled jobs are listed'],
    [{ action: 'list', failed_since: 0, status: 'queued' }, 'with "failed_since" only failed jobs are listed, not "queued": leave one of them out'],
    [{ action: 'list', next_token: '' }, '"next_token" must be'],
    [{ action: 'list', next_token: Buffer.from('[1,"x"]').toString('base64url') }, '"next_token" is none'],
    [{ action: 'list', next_token: Buffer.from(`[1,"${ID}",2]`).toString('base64url') }, '"next_token" is none'],
    [{ action: 'retry', failed_since: 0, next_token: Buffer.from(`[1,"${ID}",-2]`).toString('base64url') }, '"next_token" is none'],
  ])('%j is told', async (event, told) => {
    await expect(ask(event)).rejects.toMatchObject({ name: 'BadRequest', message: expect.stringContaining(told) });
    expect([...harness.store.calls, ...harness.index.calls]).toEqual([]);
  });

  test('is told all at once, with no more of a value than helps', async () => {
    const asking = ask({ action: 'list', limit: 'x'.repeat(500), owner: 7, since: 1 });
    await expect(asking).rejects.toThrow(/"since" is nothing.*"owner" must be.*"limit" must be/);
    await expect(asking).rejects.not.toThrow('x'.repeat(60));
  });
});

describe('list', () => {
  test('what failed since a time, oldest failure first, in pages', async () => {
    put(failedJob(1), failedJob(2), failedJob(3), failedJob(4), ended('succeeded', { job_id: id(9) }), record({ job_id: id(8) }));
    const first = await ask({ action: 'list', failed_since: NOW - 9_998, limit: 2 });
    expect(idsOf(first)).toEqual([id(2), id(3)]);
    const second = await ask({ action: 'list', failed_since: NOW - 9_998, limit: 2, next_token: first.next_token });
    expect(idsOf(second)).toEqual([id(4)]);
    expect(second.next_token).toBeUndefined();
  });

  test('shows whose each job is, how far it came and why it failed, without what may be long or confidential', async () => {
    put(failedJob(1, { correlation_id: 'order-7', generation: 1, result: '{"secret":1}', checkpoint: '{"secret":1}' }));
    expect((await ask({ action: 'list', failed_since: 0 })).jobs).toEqual([{
      job_id: id(1),
      status: 'failed',
      owner: 'customer:acme',
      attempt: 1,
      max_attempts: 3,
      generation: 1,
      run: 1,
      error: { type: 'Error', message: 'broken', attempt: 1 },
      cancel_requested: false,
      stages_completed: [],
      created_at: iso(NOW - 1_000),
      updated_at: iso(NOW - 1_000),
      started_at: iso(NOW - 500),
      finished_at: iso(NOW - 9_999),
      deadline_at: iso(NOW + 3_600_000),
      correlation_id: 'order-7',
      expires_at: iso(NOW + 86_400_000),
    }]);
  });

  test('an owner\'s jobs, newest first, also by status', async () => {
    put(
      record({ job_id: id(1), created_at: NOW - 3 }), ended('succeeded', { job_id: id(2), created_at: NOW - 2 }),
      record({ job_id: id(3), created_at: NOW - 1 }), record({ job_id: id(4), owner: 'customer:other' }),
    );
    expect(idsOf(await ask({ action: 'list', owner: 'customer:acme' }))).toEqual([id(3), id(2), id(1)]);
    expect(idsOf(await ask({ action: 'list', owner: 'customer:acme', status: 'queued' }))).toEqual([id(3), id(1)]);
    expect(idsOf(await ask({ action: 'list', owner: 'customer:acme', status: 'succeeded' }))).toEqual([id(2)]);
  });

  test('an owner\'s that failed since a time', async () => {
    put(failedJob(1), failedJob(2, { owner: 'customer:other' }), failedJob(3));
    expect(idsOf(await ask({ action: 'list', owner: 'customer:other', failed_since: 0 }))).toEqual([id(2)]);
  });

  test('by the type of their error, also where others are many', async () => {
    put(...Array.from({ length: 250 }, (_, number) => failedJob(number, failure(number % 100 === 0 ? 'RareError' : 'Error'))));
    put(failedJob(300, { owner: 'customer:other', ...failure('RareError') }));
    expect(idsOf(await ask({ action: 'list', error_type: 'RareError', failed_since: 0 }))).toEqual([id(0), id(100), id(200), id(300)]);
    expect(harness.index.calls.filter((call) => call === 'failed')).toHaveLength(3);
    expect(idsOf(await ask({ action: 'list', error_type: 'RareError', owner: 'customer:other', failed_since: 0 }))).toEqual([id(300)]);
    expect(idsOf(await ask({ action: 'list', error_type: 'RareError', owner: 'customer:other', status: 'failed' }))).toEqual([id(300)]);
    expect((await ask({ action: 'list', error_type: 'NoSuch', status: 'failed' })).jobs).toEqual([]);
  });

  test('without either all that have not ended, the first deadline first', async () => {
    put(record({ job_id: id(1), deadline_at: NOW + 9 }), processing({ job_id: id(2), deadline_at: NOW + 8 }), failedJob(3));
    expect(idsOf(await ask({ action: 'list' }))).toEqual([id(2), id(1)]);
    expect(idsOf(await ask({ action: 'list', status: 'processing' }))).toEqual([id(2)]);
    expect(idsOf(await ask({ action: 'list', status: 'failed' }))).toEqual([id(3)]);
  });

  test('20 at a time unless asked otherwise', async () => {
    put(...Array.from({ length: 21 }, (_, number) => failedJob(number)));
    expect((await ask({ action: 'list', failed_since: 0 })).jobs).toHaveLength(20);
    expect((await ask({ action: 'list', failed_since: 0, limit: 100 })).jobs).toHaveLength(21);
  });

  test('few among many are found, over as many pages of the index as it takes', async () => {
    put(...Array.from({ length: 250 }, (_, number) => failedJob(number, { owner: number % 100 === 0 ? 'customer:rare' : 'customer:acme' })));
    const listed = await ask({ action: 'list', owner: 'customer:rare', failed_since: 0 });
    expect(idsOf(listed)).toEqual([id(0), id(100), id(200)]);
    expect(harness.index.calls.filter((call) => call === 'failed')).toHaveLength(3); // a hundred at a time, though 20 are asked for
    expect(listed.next_token).toBeUndefined();
  });

  test('looking ends in time, with a token to go on', async () => {
    put(...Array.from({ length: 250 }, (_, number) => failedJob(number, { owner: number === 240 ? 'customer:rare' : 'customer:acme' })));
    harness.remaining = [5_000, 4_999];
    const first = await ask({ action: 'list', owner: 'customer:rare', failed_since: 0 });
    expect(idsOf(first)).toEqual([]);
    expect(idsOf(await ask({ action: 'list', owner: 'customer:rare', failed_since: 0, next_token: first.next_token }))).toEqual([id(240)]);
  });

  test('what has changed since the index saw it, and what has expired, is left out', async () => {
    put(failedJob(1), failedJob(2, { expires_at: NOW / 1000 }), failedJob(3));
    const outlines = harness.index.outlines.bind(harness.index);
    harness.index.outlines = async (ids) => (await outlines(ids)).map((outline) => (outline.job_id === id(1) ? { ...outline, status: 'queued' } : outline));
    expect(idsOf(await ask({ action: 'list', failed_since: 0 }))).toEqual([id(3)]);
  });

  test('nor what ended since', async () => {
    put(record({ job_id: id(1) }));
    harness.index.outlines = async () => [ended('succeeded', { job_id: id(1) })];
    expect(idsOf(await ask({ action: 'list' }))).toEqual([]);
  });
});

describe('show', () => {
  const full = processing({ checkpoint: '{"page":2}', last_checkpoint: NOW - 5, current_stage: 'read', progress: 0.5, not_before: NOW + 1 });

  test('has everything but the payload', async () => {
    put(full);
    const { job } = await ask({ action: 'show', job_id: ID });
    expect(job).toMatchObject({
      job_id: ID,
      status: 'processing',
      owner: 'customer:acme',
      generation: 0,
      run: 1,
      correlation_id: 'correlation-1',
      checkpoint: { page: 2 },
      last_checkpoint: iso(NOW - 5),
      lease_expires_at: iso(NOW + 60_000),
      not_before: iso(NOW + 1),
      current_stage: 'read',
      progress: 0.5,
    });
    expect(job).not.toHaveProperty('payload');
    expect((await ask({ action: 'show', job_id: ID, payload: false })).job).toEqual(job);
  });

  test('and that too, when it is asked for', async () => {
    put(ended('succeeded'));
    expect((await ask({ action: 'show', job_id: ID, payload: true })).job).toMatchObject({ payload: { drawing: 'a.pdf' }, result: { pages: 3 } });
  });

  describe('what is in the bucket', () => {
    const key = (name: string) => jobKey('Jobs-1A2B3C', 'customer:acme', ID, name);
    const keep = (name: string, json: string) => {
      harness.files.set(key(name), json);
      return `s3:${key(name)}`;
    };

    test('is read from there', async () => {
      put(ended('succeeded', { payload: keep('payload', '{"p":1}'), result: keep('result', '{"r":1}'), checkpoint: keep('checkpoint', '{"c":1}') }));
      expect((await ask({ action: 'show', job_id: ID, payload: true })).job).toMatchObject({ payload: { p: 1 }, result: { r: 1 }, checkpoint: { c: 1 } });
      expect((await ask({ action: 'show', job_id: ID })).job).not.toHaveProperty('payload');
    });

    test('is named by its key, where it is too long to be shown', async () => {
      put(ended('succeeded', { result: keep('result', JSON.stringify('x'.repeat(999_999))), checkpoint: keep('checkpoint', JSON.stringify('x'.repeat(999_998))) }));
      const { job } = await ask({ action: 'show', job_id: ID });
      expect(job).toMatchObject({ result_key: key('result'), checkpoint: 'x'.repeat(999_998) });
      expect(job).not.toHaveProperty('result');
    });

    test('or is there no longer, or is not the owner\'s', async () => {
      put(ended('succeeded', { result: `s3:${key('result')}`, checkpoint: 's3:drawings/other/secret' }));
      harness.files.set('drawings/other/secret', '{"secret":1}');
      expect((await ask({ action: 'show', job_id: ID })).job).toMatchObject({
        result_key: key('result'), result_missing: 'no such key', checkpoint_key: 'drawings/other/secret', checkpoint_missing: expect.stringContaining('owner'),
      });
    });
  });

  test.each([['was never there', undefined], ['has expired', ended('failed', { expires_at: NOW / 1000 })]])('a job that %s is not found', async (_what, job) => {
    if (job) put(job);
    for (const action of ['show', 'retry', 'cancel']) {
      await expect(ask({ action, job_id: ID })).rejects.toMatchObject({ name: 'NotFound', message: expect.stringContaining(ID) });
    }
  });
});

describe('retry of one', () => {
  test.each(['failed', 'cancelled'] as const)('sends the next generation of a %s job, with a new deadline', async (status) => {
    put(ended(status));
    expect(await ask({ action: 'retry', job_id: ID })).toEqual({ job_id: ID, outcome: 'retried', generation: 1 });
    expect(harness.queue.sent).toMatchObject([{ message: { job_id: ID, generation: 1, deadline_at: NOW + 3_600_000 }, delay_ms: 0 }]);
    expect(harness.store.only).toMatchObject({ status: 'queued', generation: 1 });
    expect(harness.log.of('retry')).toMatchObject({ job_id: ID, outcome: 'retried', generation: 1 });
  });

  test.each<[string, JobRecord, string]>([
    ['queued', record(), 'Wait for its end, or cancel it first'],
    ['processing', processing(), 'Wait for its end, or cancel it first'],
    ['succeeded', ended('succeeded'), 'Submit a new job'],
    ['no job', ended('failed', NO_JOB), 'have its sender submit a job'],
  ])('%s is refused, with what can be done', async (what, job, fix) => {
    put(job);
    await expect(ask({ action: 'retry', job_id: ID })).rejects.toMatchObject({ name: 'Conflict', message: expect.stringMatching(`${what}.*${fix}`) });
    expect(harness.queue.sent).toEqual([]);
  });

  test('sent is retried, also when the record cannot be written', async () => {
    put(ended('failed'));
    harness.store.before = (call) => {
      if (call === 'update') throw new Error('throttled');
    };
    expect(await ask({ action: 'retry', job_id: ID })).toEqual({ job_id: ID, outcome: 'retried', generation: 1 });
    expect(harness.log.of('retried without a record')).toBeDefined();
  });

  test('not sent is told', async () => {
    put(ended('failed'));
    harness.queue.before = () => { throw new Error('no queue'); };
    await expect(ask({ action: 'retry', job_id: ID })).rejects.toMatchObject({ name: 'ServiceUnavailable', message: `${ID} could not be retried, as the table or the queue does not answer: try again` });
    expect(harness.store.only.status).toBe('failed');
    expect(harness.log.of('operator refused')).toMatchObject({ error: { cause: { message: 'could not send: no queue' } } });
  });
});

describe('a table that does not answer is told by its code', () => {
  test.each<[string, 'read' | 'update', object]>([
    ['read', 'read', { action: 'show', job_id: ID }],
    ['read', 'read', { action: 'retry', job_id: ID }],
    ['cancelled', 'update', { action: 'cancel', job_id: ID }],
  ])('a job that could not be %s, by a %s, for %j', async (what, broken, event) => {
    put(record());
    harness.store.before = (call) => {
      if (call === broken) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    await expect(ask(event)).rejects.toMatchObject({ name: 'ServiceUnavailable', message: `${ID} could not be ${what}, as the table does not answer: try again` });
    expect(harness.log.of('operator refused')).toMatchObject({ error: { cause: { message: expect.stringContaining('slow down') } } });
  });

  test.each<[object, string]>([
    [{ action: 'list' }, 'the jobs could not be listed, as the table does not answer: try again'],
    [{ action: 'retry', failed_since: 0 }, 'nothing could be retried, as the table or the queue does not answer: try again'],
    [{ action: 'retry', failed_since: 0, dry_run: true }, 'the failed jobs could not be read, as the table does not answer: try again'],
  ])('%j', async (event, told) => {
    harness.index.before = () => { throw new Error('slow down'); };
    await expect(ask(event)).rejects.toMatchObject({ name: 'ServiceUnavailable', message: told });
  });
});

describe('cancel', () => {
  test('one that a state machine runs has its execution stopped', async () => {
    put(processing({ run: 3 }));
    await ask({ action: 'cancel', job_id: ID });
    expect(harness.stopped).toEqual([3]);
  });

  test('a queued job ends at once, and may be asked for again', async () => {
    put(record());
    expect(await ask({ action: 'cancel', job_id: ID })).toEqual({ job_id: ID, outcome: 'cancelled', status: 'cancelled' });
    expect(await ask({ action: 'cancel', job_id: ID })).toEqual({ job_id: ID, outcome: 'already_ended', status: 'cancelled' });
    expect(harness.metrics).toMatchObject({ counted: { JobsCancelled: 1 }, published: 2 });
  });

  test('a running one is asked', async () => {
    put(processing());
    expect(await ask({ action: 'cancel', job_id: ID })).toEqual({ job_id: ID, outcome: 'cancel_requested', status: 'processing', cancel_requested: true });
    expect(harness.metrics.counted).toEqual({});
  });

  test('one that has ended otherwise is refused', async () => {
    put(ended('succeeded'));
    await expect(ask({ action: 'cancel', job_id: ID })).rejects.toMatchObject({ name: 'Conflict', message: `${ID} has ended already: it is succeeded, and there is nothing left to cancel` });
  });

  test('one that was deleted in between is not found', async () => {
    put(record());
    harness.store.before = (call) => {
      if (call === 'update') harness.store.records.clear();
    };
    await expect(ask({ action: 'cancel', job_id: ID })).rejects.toMatchObject({ name: 'NotFound' });
  });
});

describe('a job that a newer version has written', () => {
  test.each(['cancel', 'retry'])('is left to that: %s', async (action) => {
    const newer = ended('failed', { version: 2 });
    put(newer);
    await expect(ask({ action, job_id: ID })).rejects.toMatchObject({
      name: 'ServiceUnavailable', message: expect.stringMatching(/is of a newer version than this function: when its deployment has ended, or that version is deployed again: try again$/),
    });
    expect(harness.store.only).toEqual(newer);
    expect(harness.queue.sent).toEqual([]);
  });

  test('is skipped among others, and named in the log', async () => {
    put(failedJob(1), failedJob(2, { version: 2 }), failedJob(3));
    expect(await ask({ action: 'retry', failed_since: NOW - 60_000 })).toEqual({
      retried: 2, skipped: 1, retried_jobs: [id(1), id(3)], skipped_jobs: [{ job_id: id(2), reason: 'newer_version' }],
    });
    expect(harness.log.lines.filter(({ level }) => level === 'warn')).toMatchObject([{ message: 'retry', fields: { job_id: id(2), outcome: 'newer' } }]);
  });
});

describe('the event source', () => {
  test('is paused and resumed', async () => {
    expect(await ask({ action: 'pause' })).toEqual({ state: 'Disabling' });
    expect(await ask({ action: 'resume' })).toEqual({ state: 'Enabling' });
    expect(harness.eventSource.asked).toEqual([false, true]);
  });

  test('that is being changed already is a conflict', async () => {
    harness.eventSource.enable = async () => { throw new EventSourceBusy(); };
    await expect(ask({ action: 'pause' })).rejects.toMatchObject({ name: 'Conflict', message: expect.stringContaining('try again in a minute') });
  });

  test('that fails otherwise is told as it is', async () => {
    harness.eventSource.enable = async () => { throw new Error('not allowed'); };
    await expect(ask({ action: 'pause' })).rejects.toThrow('not allowed');
  });

  test('is described with the queues and what else belongs to the pipeline', async () => {
    const counts = { in_flight: 1, delayed: 0, retention_seconds: 345_600 };
    expect(await ask({ action: 'describe' })).toEqual({
      pipeline: 'drawings',
      state: 'Enabled',
      queue: { url: 'https://jobs', waiting: 12, ...counts },
      dead_letters: { url: 'https://dead', ...counts, waiting: 12 },
      table: 'jobs',
      bucket: 'files',
      log_groups: { Worker: '/aws/lambda/analyse', SubmitLogs: 'drawings-submit' },
    });
  });

  test('without the log groups, where the function was not told of them', async () => {
    harness.logGroups = null;
    expect(await ask({ action: 'describe' })).not.toHaveProperty('log_groups');
  });
});

describe('the log', () => {
  test('says what was asked and what was answered, under the request\'s id', async () => {
    put(failedJob(1));
    await ask({ action: 'list', failed_since: 5 });
    expect(harness.log.of('operator asks')).toMatchObject({ function_request_id: 'request-1', action: 'list', failed_since: 5, limit: 20 });
    expect(harness.log.of('operator answered')).toMatchObject({ function_request_id: 'request-1', action: 'list', jobs: 1 });
  });

  test('says what was refused, and nothing of a job', async () => {
    put(ended('succeeded', { result: '{"secret":1}', payload: '{"secret":1}' }));
    await ask({ action: 'show', job_id: ID, payload: true });
    await expect(ask({ action: 'retry', job_id: ID })).rejects.toThrow();
    expect(harness.log.of('operator refused')).toMatchObject({ error: { name: 'Conflict' } });
    expect(JSON.stringify(harness.log.lines)).not.toContain('secret');
  });
});
