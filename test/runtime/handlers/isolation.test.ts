import type { Said } from './api-harness';
import { ACMES_KEY, OTHERS_KEY, OwnerHarness } from './owner-harness';
import { jobKey } from '../../../src/runtime/store/files/keys';
import { referenceTo } from '../../../src/runtime/store/files/stored-text';
import { ended, message, NOW, processing, record } from '../../support/job-fixtures';

/* What one owner does never shows, changes or gives away anything of another's. */

let api: OwnerHarness;
beforeEach(() => {
  api = new OwnerHarness();
  api.sign = async (key) => `https://bucket/${key}`;
});

const { job_id } = message();
const id = (number: number) => `job_${String(number).padStart(26, '0')}`;
const ASK: [string, (job: string, key: string) => Promise<Said>][] = [
  ['status', async (job, key) => api.status(job, key)],
  ['cancel', async (job, key) => api.cancel(job, key)],
  ['retry', async (job, key) => api.retry(job, key)],
];

describe.each(ASK)('%s', (_, ask) => {
  test.each([
    ['queued', record()],
    ['running', processing()],
    ['succeeded', ended('succeeded', { result: referenceTo(jobKey('Jobs-1A2B3C', 'customer:acme', job_id, 'result')) })],
    ['failed', ended('failed')],
    ['cancelled', ended('cancelled')],
    ['expired', ended('failed', { owner: 'customer:other', expires_at: NOW / 1000 })],
  ])('of another\'s job that is %s is as if there were none', async (_status, job) => {
    const unknown = await ask(job_id, OTHERS_KEY);
    api.put(job);
    expect(await ask(job_id, OTHERS_KEY)).toEqual(unknown);
    expect(unknown.status).toBe(404);
    expect(api.store.only).toEqual(job);
    expect([api.queue.sent, api.metrics.counted]).toEqual([[], {}]);
  });

  test.each([
    job_id.toLowerCase(),
    ` ${job_id}`,
    `${job_id}\n`,
    `${job_id}/`,
    `${job_id}%00`,
    `${job_id}\u0000`,
    `./${job_id}`,
    `..%2F${job_id}`,
    encodeURIComponent(`${job_id} `),
    job_id.replace('job_', 'job%5F'),
    job_id.replace('0', 'O'),
    job_id.replace('1', 'I'),
    job_id.replace('Z', '\uFF3A'), // a letter that some take for a Z
    `customer:acme#${job_id}`,
    '*',
    '__proto__',
  ])('%j is no way to write the id of a job', async (spelt) => {
    api.put(ended('failed'));
    expect((await ask(spelt, OTHERS_KEY)).status).toBe(404);
    expect((await ask(spelt, ACMES_KEY)).status).toBe(404);
    expect(api.store.calls).toEqual([]);
  });
});

describe('list', () => {
  beforeEach(() => {
    for (let number = 0; number < 30; number++) {
      const owner = number % 2 === 0 ? 'customer:acme' : 'customer:other';
      api.put(ended('failed', { job_id: id(number), created_at: NOW + number, owner }));
    }
  });
  const OTHERS = Array.from({ length: 15 }, (_, index) => id(29 - 2 * index));

  test('shows one\'s own alone, with a filter and without', async () => {
    expect(api.idsOf(await api.list(null, OTHERS_KEY))).toEqual(OTHERS);
    expect(api.idsOf(await api.list({ status: 'failed' }, OTHERS_KEY))).toEqual(OTHERS);
  });

  test('takes no owner from what is asked', async () => {
    const query = { 'owner': 'customer:acme', 'owner_shard': 'customer:acme#0', 'owner[]': 'customer:acme', 'job_id': id(0) };
    expect(api.idsOf(await api.list(query, OTHERS_KEY))).toEqual(OTHERS);
  });

  test('goes on from another\'s token in one\'s own jobs', async () => {
    const first = await api.list({ limit: '5' });
    const token = { next_token: String(first.body.next_token) };
    expect(api.idsOf(await api.list(token))).toEqual(Array.from({ length: 10 }, (_, index) => id(18 - 2 * index)));
    expect(api.idsOf(await api.list(token, OTHERS_KEY))).toEqual(OTHERS.filter((job) => job < id(20)));
  });
});
