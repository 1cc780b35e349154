import { OwnerHarness } from './owner-harness';
import { ended, NOW, processing, record } from '../../support/job-fixtures';

let api: OwnerHarness;
beforeEach(() => {
  api = new OwnerHarness();
});

const id = (number: number) => `job_${String(number).padStart(26, '0')}`;
const created = (number: number) => ({ job_id: id(number), created_at: NOW + number });

/** As many jobs as said, of which the first is the oldest; one in `rare` has failed. */
function put(count: number, rare = count): void {
  for (let number = 0; number < count; number++) {
    api.put(number % rare === 0 ? ended('failed', created(number)) : record(created(number)));
  }
}

/** All pages one after another. */
async function pages(query: Record<string, string>): Promise<unknown[][]> {
  const found: unknown[][] = [];
  let next_token: unknown;
  do {
    const answer = await api.list({ ...query, ...(next_token !== undefined && { next_token: String(next_token) }) });
    expect(answer.status).toBe(200);
    found.push(api.idsOf(answer));
    next_token = answer.body.next_token;
  } while (next_token !== undefined && found.length < 50);
  return found;
}

test('jobs are listed newest first, twenty at a time', async () => {
  put(45);
  const found = await pages({});
  expect(found.map(({ length }) => length)).toEqual([20, 20, 5]);
  expect(found.flat()).toEqual(Array.from({ length: 45 }, (_, index) => id(44 - index)));
});

test('nothing is listed where nothing is', async () => {
  expect((await api.list()).body).toEqual({ jobs: [] });
});

test('as many as are asked for, and the last page says so where it can', async () => {
  put(10);
  expect((await pages({ limit: '100' })).map(({ length }) => length)).toEqual([10]);
  expect((await pages({ limit: '4' })).map(({ length }) => length)).toEqual([4, 4, 2]);
  expect((await pages({ limit: '5' })).map(({ length }) => length)).toEqual([5, 5, 0]); // that nothing follows is not known before
});

test('a job is shown without what is long or nobody\'s business', async () => {
  api.put(ended('succeeded', { checkpoint: '{"secret":1}', checkpoint_run: 1, stages_completed: ['read'] }));
  expect((await api.list()).body.jobs).toEqual([{
    job_id: record().job_id,
    status: 'succeeded',
    attempt: 1,
    max_attempts: 3,
    created_at: new Date(NOW - 1_000).toISOString(),
    updated_at: new Date(NOW - 1_000).toISOString(),
    started_at: new Date(NOW - 500).toISOString(),
    finished_at: new Date(NOW - 100).toISOString(),
    stages_completed: ['read'],
    progress: 1,
  }]);
});

test('jobs of one status, whatever lies between them', async () => {
  put(250, 50);
  const found = await pages({ status: 'failed', limit: '2' });
  expect(found.flat()).toEqual([200, 150, 100, 50, 0].map(id));
});

test('a page that is full with the very last job is the last one', async () => {
  put(30, 15);
  expect(await pages({ status: 'failed', limit: '2' })).toEqual([[id(15), id(0)]]);
});

test('every status is one to ask for', async () => {
  api.put(record(created(1)), processing(created(2)), ended('succeeded', created(3)), ended('failed', created(4)), ended('cancelled', created(5)));
  for (const [number, status] of ['queued', 'processing', 'succeeded', 'failed', 'cancelled'].entries()) {
    expect(api.idsOf(await api.list({ status }))).toEqual([id(number + 1)]);
  }
});

test('the work of a page is bounded: it may have fewer jobs, or none, and a token', async () => {
  put(100);
  const asked = jest.spyOn(api.index, 'outlines');
  const first = await api.list({ status: 'failed', limit: '100' });
  expect([api.idsOf(first), typeof first.body.next_token]).toEqual([[], 'string']);
  const second = await api.list({ status: 'failed', limit: '100', next_token: String(first.body.next_token) });
  expect([api.idsOf(second), second.body.next_token]).toEqual([[id(0)], undefined]);
  expect(asked.mock.calls.map(([ids]) => ids.length)).toEqual([60, 40]);
  expect(api.index.calls.filter((call) => call === 'ofOwner')).toHaveLength(2);
});

test('a page that is full goes on behind its last job, though more was looked at', async () => {
  put(60, 10);
  expect((await pages({ status: 'failed', limit: '2' })).map((jobs) => jobs.length)).toEqual([2, 2, 2]);
  expect((await pages({ status: 'failed', limit: '2' })).flat()).toEqual([50, 40, 30, 20, 10, 0].map(id));
});

test('what has expired or is gone since is not shown', async () => {
  put(10);
  api.put(ended('failed', { ...created(9), expires_at: NOW / 1000 }));
  const { ofOwner } = api.index;
  api.index.ofOwner = async (...asked) => {
    const entries = await ofOwner.apply(api.index, asked);
    api.store.records.delete(id(8));
    return entries;
  };
  const first = await api.list({ limit: '3' });
  expect(api.idsOf(first)).toEqual([id(7)]);
  expect(api.idsOf(await api.list({ limit: '3', next_token: String(first.body.next_token) }))).toEqual([6, 5, 4].map(id));
});

test('the record is believed and not the index: neither about whose a job is nor about its status', async () => {
  put(3);
  const { outlines } = api.index;
  api.index.outlines = async (ids) => {
    api.put(record({ ...created(2), owner: 'customer:other' }), ended('failed', created(1)));
    return outlines.call(api.index, ids);
  };
  expect(api.idsOf(await api.list({ status: 'queued' }))).toEqual([]);
  expect(api.idsOf(await api.list())).toEqual([id(1), id(0)]);
});

const token = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');

test.each<[string, Record<string, string>, string]>([
  ['no status', { status: 'running' }, '"status" is one of queued, processing, succeeded, failed, cancelled'],
  ['an empty status', { status: '' }, '"status" is one of'],
  ['a status in capitals', { status: 'FAILED' }, '"status" is one of'],
  ['no limit', { limit: '0' }, '"limit" is a whole number from 1 to 100'],
  ['too high a limit', { limit: '101' }, '"limit" is'],
  ['half a job', { limit: '1.5' }, '"limit" is'],
  ['fewer than none', { limit: '-1' }, '"limit" is'],
  ['a limit in another notation', { limit: '1e1' }, '"limit" is'],
  ['an empty limit', { limit: '' }, '"limit" is'],
  ['an empty token', { next_token: '' }, '"next_token" is the one of an earlier answer'],
  ['a made-up token', { next_token: 'abc' }, '"next_token" is'],
  ['a token of another make', { next_token: token({ at: 1, job_id: id(1) }) }, '"next_token" is'],
  ['a token without an id', { next_token: token([1]) }, '"next_token" is'],
  ['a token of no time', { next_token: token(['1', id(1)]) }, '"next_token" is'],
  ['a token before all time', { next_token: token([-1, id(1)]) }, '"next_token" is'],
  ['a token of no job', { next_token: token([1, 'job_1']) }, '"next_token" is'],
  ['a token with more in it', { next_token: token([1, id(1), 'customer:other']) }, '"next_token" is'],
  ['a token in another spelling', { next_token: `${token([1, id(1)])}=` }, '"next_token" is'],
])('%s is refused', async (_, query, told) => {
  const { status, body } = await api.list(query);
  expect([status, body.error?.code]).toEqual([400, 'BadRequest']);
  expect(body.error?.message).toContain(told);
  expect(api.index.calls).toEqual([]);
});

test('everything that is wrong is told at once, and what else is asked for is not looked at', async () => {
  expect((await api.list({ status: 'x', limit: 'x', next_token: 'x' })).body.error?.message.split('; ')).toHaveLength(3);
  expect((await api.list({ owner: 'customer:other', colour: 'red' })).status).toBe(200);
});

test.each(['ofOwner', 'outlines'] as const)('when the index does not answer %s the caller is told to try again', async (broken) => {
  put(1);
  api.index.before = (call) => { if (call === broken) throw new Error('throttled'); };
  const { status, body, headers } = await api.list();
  expect([status, body.error?.code, headers['Retry-After']]).toEqual([503, 'ServiceUnavailable', '1']);
  expect(api.log.of('the index did not answer')).toMatchObject({ owner: 'customer:acme', error: { message: 'throttled' } });
});

describe('by who may invoke the function', () => {
  test('a job of any owner, as the API shows it', async () => {
    api.put(ended('succeeded', { owner: 'customer:other' }));
    const shown = await api.direct({ job_id: record().job_id });
    expect(shown).toMatchObject({ job_id: record().job_id, status: 'succeeded', result: { pages: 3 } });
    expect(shown).toEqual((await api.status(record().job_id, 'key2')).body);
  });

  test('with an owner only a job of that one', async () => {
    api.put(record());
    expect(await api.direct({ job_id: record().job_id, owner: 'customer:acme' })).toHaveProperty('status', 'queued');
    await expect(api.direct({ job_id: record().job_id, owner: 'customer:other' })).rejects.toMatchObject({ name: 'NotFound' });
  });

  test.each(['job_1', id(404), 7, '', null])('a job that is not there is thrown: %j', async (job_id) => {
    await expect(api.direct({ job_id })).rejects.toMatchObject({ name: 'NotFound', message: 'no such job' });
  });

  test('an owner\'s jobs, page by page', async () => {
    put(30, 10);
    const first = await api.direct({ owner: 'customer:acme', status: 'failed', limit: 2 });
    expect(first).toMatchObject({ jobs: [{ job_id: id(20) }, { job_id: id(10) }], next_token: expect.any(String) });
    expect(await api.direct({ owner: 'customer:acme', status: 'failed', limit: 2, next_token: first.next_token })).toMatchObject({ jobs: [{ job_id: id(0) }] });
  });

  test.each([
    [{}, 'the call names a "job_id" or an "owner"'],
    [{ status: 'failed' }, 'the call names a "job_id" or an "owner"'],
    [{ owner: 'a', state: 'failed' }, 'the call takes owner, status, limit, next_token, correlation_id, and not state'],
    [{ job_id: id(1), limit: 5 }, 'the call takes job_id, owner, correlation_id, and not limit'],
    [{ owner: '' }, '"owner" is a text'],
    [{ owner: 'a', limit: 0 }, '"limit" is'],
    [{ owner: 'a', limit: [5] }, '"limit" is'],
    [{ owner: 'a', next_token: 5 }, '"next_token" is'],
    [{ owner: 'a', status: ['failed'] }, '"status" is'],
  ])('%j is refused', async (event, told) => {
    await expect(api.direct(event)).rejects.toMatchObject({ name: 'BadRequest', message: expect.stringContaining(told) });
  });

  test('a table that does not answer is told by its code', async () => {
    api.index.before = () => { throw new Error('throttled'); };
    await expect(api.direct({ owner: 'a' })).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  });
});
