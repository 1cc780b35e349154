import { ended, NOW, processing, record } from './job-fixtures';
import type { JobRecord } from '../../src/runtime/protocol/record';
import type { IndexEntry, JobIndex } from '../../src/runtime/store/job-index';
import type { JobStore } from '../../src/runtime/store/job-store';

/** Ids in the order in which the numbers are. */
const id = (number: number) => `job_${String(number).padStart(26, '0')}`;

/**
 * Seven at a time: what was created, ended or is due at one moment is parted by the id alone. Their number goes through all shards, and
 * a moment has two of one shard where their ids have the same sum.
 */
const JOBS: readonly JobRecord[] = Array.from({ length: 210 }, (_, number) => {
  const moment = NOW + Math.floor(number / 7) * 1_000;
  const changes = {
    job_id: id(number),
    owner: number % 3 === 0 ? 'customer:other' : 'customer:acme',
    created_at: moment,
    deadline_at: moment + 60_000,
  };
  switch (number % 5) {
    case 0: return record(changes);
    case 1: return processing(changes);
    case 2: return ended('succeeded', { ...changes, finished_at: moment });
    default: return ended('failed', { ...changes, finished_at: moment });
  }
});

/** Of one owner and one moment, all of them in few shards: so many ties that no first read has them all. */
const TIES: readonly JobRecord[] = Array.from({ length: 90 }, (_, number) =>
  record({ job_id: id(10_000 + number), owner: 'customer:ties', created_at: NOW, deadline_at: NOW + 90 * 86_400_000 }));

const ALL = [...JOBS, ...TIES];

type Page = (limit: number, place?: IndexEntry) => Promise<IndexEntry[]>;

/**
 * Pages of every size have everything, in order, nothing twice; and records come in the order in which they are asked for.
 * @param sizes of pages; small ones take long where each page is sixteen calls to a server
 */
export function itKeepsTheIndexContract(make: () => Promise<{ store: JobStore; index: JobIndex }>, sizes = [1, 2, 7, 20, 100, 1_000]): void {
  let index: JobIndex;
  beforeAll(async () => {
    const made = await make();
    index = made.index;
    await Promise.all(ALL.map((job) => made.store.write({ do: 'create', record: job, over_fresh: false }, NOW)));
  });

  const acme = JOBS.filter(({ owner }) => owner === 'customer:acme').map(({ job_id }) => job_id).reverse();
  const ties = TIES.map(({ job_id }) => job_id).reverse();
  const failed = JOBS.filter(({ status }) => status === 'failed');
  const open = JOBS.filter(({ status }) => status === 'queued' || status === 'processing');
  const ids = (jobs: readonly JobRecord[]) => jobs.map(({ job_id }) => job_id);
  const lastTie = open[open.length - 1].deadline_at;

  const questions: [string, string[], Page][] = [
    ['an owner\'s jobs', acme, (limit, place) => index.ofOwner('customer:acme', limit, place)],
    ['an owner\'s jobs of one moment', ties, (limit, place) => index.ofOwner('customer:ties', limit, place)],
    ['nobody\'s jobs', [], (limit, place) => index.ofOwner('customer', limit, place)],
    ['all failed jobs', ids(failed), (limit, place) => index.failed(0, limit, place)],
    ['failed jobs from a moment on', ids(failed.filter((job) => job.finished_at! >= NOW + 10_000)), (limit, place) => index.failed(NOW + 10_000, limit, place)],
    ['open jobs', ids(open), (limit, place) => index.open(lastTie, limit, place)],
    ['open jobs up to a moment', ids(open.filter((job) => job.deadline_at <= NOW + 70_000)), (limit, place) => index.open(NOW + 70_000, limit, place)],
    ['open jobs, also those of one moment', [...ids(open), ...ids(TIES)], (limit, place) => index.open(NOW + 91 * 86_400_000, limit, place)],
  ];

  describe.each(questions)('%s', (_, wanted, page) => {
    test.each(sizes)('in pages of %d', async (limit) => {
      const found: IndexEntry[] = [];
      for (;;) {
        const entries = await page(limit, found.at(-1));
        expect(entries.length).toBeLessThanOrEqual(limit);
        found.push(...entries);
        if (entries.length < limit || found.length > wanted.length) break;
      }
      expect(found.map(({ job_id }) => job_id)).toEqual(wanted);
    });
  });

  test('an entry has the time of its index', async () => {
    expect(await index.ofOwner('customer:acme', 1)).toEqual([{ job_id: id(209), at: NOW + 29_000 }]);
    expect(await index.open(NOW + 60_000, 1)).toEqual([{ job_id: id(0), at: NOW + 60_000 }]);
    expect(await index.failed(NOW + 29_000, 1)).toEqual([{ job_id: id(203), at: NOW + 29_000 }]);
  });

  test('a place need not be an entry: the entry may be gone', async () => {
    const place = { job_id: `${id(20)}0`, at: NOW + 2_000 };
    expect((await index.ofOwner('customer:acme', 1, place))[0].job_id).toBe(id(20));
    expect((await index.failed(0, 1, { job_id: id(0), at: NOW + 1_000 }))[0].job_id).toBe(id(8));
    expect(await index.open(NOW, 5, { job_id: id(0), at: NOW + 1 })).toEqual([]);
    expect((await index.failed(NOW + 10_000, 1, { job_id: id(0), at: NOW }))[0].job_id).toBe(id(73));
  });

  test('records come in the order of the ids, without those that are gone', async () => {
    const wanted = [id(5), id(209), id(1), id(102)];
    const found = await index.records([...wanted, 'job_00000000000000000000NOBODY']);
    expect(found).toEqual(wanted.map((job_id) => ALL.find((job) => job.job_id === job_id)));
  });

  test('outlines have no long texts', async () => {
    const [job] = await index.outlines([id(2)]);
    const { payload: _payload, result: _result, ...outline } = JOBS[2];
    expect(job).toEqual(outline);
  });

  test('more records than one call can read', async () => {
    expect(await index.records(ids(ALL))).toEqual(ALL);
  });

  test('no records at all', async () => {
    expect(await index.records([])).toEqual([]);
  });
}
