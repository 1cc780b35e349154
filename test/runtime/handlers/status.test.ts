import { ApiHarness, request } from './api-harness';
import { ended, message, NOW, processing, record } from '../../support/job-fixtures';

let api: ApiHarness;
beforeEach(() => {
  api = new ApiHarness();
});

const { job_id } = message();
const put = (changed: ReturnType<typeof record>) => api.store.records.set(changed.job_id, changed);

test('a job under way is shown with all that its owner may know', async () => {
  put(processing({
    stages_completed: ['read'],
    current_stage: 'measure',
    last_checkpoint: NOW - 10,
    checkpoint: '{"secret":1}',
    checkpoint_run: 1,
    progress: 0.5,
    progress_note: 'half',
    cancel_requested: true,
  }));
  const { status, body, headers } = await api.status(job_id);
  expect(status).toBe(200);
  expect(headers['Cache-Control']).toBe('no-store');
  expect(body).toEqual({
    job_id,
    status: 'processing',
    attempt: 1,
    max_attempts: 3,
    created_at: new Date(NOW - 1_000).toISOString(),
    updated_at: new Date(NOW - 1_000).toISOString(),
    started_at: new Date(NOW - 500).toISOString(),
    last_checkpoint: new Date(NOW - 10).toISOString(),
    stages_completed: ['read'],
    current_stage: 'measure',
    progress: 0.5,
    progress_note: 'half',
    cancel_requested: true,
  });
});

test('a job that ended shows its result or its error', async () => {
  put(ended('succeeded'));
  expect((await api.status(job_id)).body).toMatchObject({ status: 'succeeded', result: { pages: 3 }, finished_at: new Date(NOW - 100).toISOString() });
  put(ended('failed'));
  expect((await api.status(job_id)).body).toMatchObject({ status: 'failed', error: { type: 'Error', message: 'broken', attempt: 1 } });
});

test('another\'s, an expired and an unknown job are not found, and nothing tells them apart', async () => {
  const answers = [await api.status(job_id)];
  put(record({ owner: 'customer:other' }));
  answers.push(await api.status(job_id));
  put(ended('succeeded', { expires_at: NOW / 1000 }));
  answers.push(await api.status(job_id));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

test.each(['', 'job_1', 'JOB_01HZZZZZZZZZZZZZZZZZZZZZZZ', `${job_id} `, '../jobs'])('%j is no id, and nothing is read for it', async (id) => {
  expect((await api.status(id)).status).toBe(404);
  expect(api.store.calls).toEqual([]);
});

test('a request without a path is not found', async () => {
  expect((await api.status('', { pathParameters: null })).status).toBe(404);
});

test('another customer sees its own job', async () => {
  put(record({ owner: 'customer:other' }));
  expect((await api.status(job_id, { requestContext: request('key2').requestContext })).status).toBe(200);
});

test('when the store does not answer, the caller is told to try again', async () => {
  api.store.before = () => { throw new Error('throttled'); };
  const { status, body, headers } = await api.status(job_id);
  expect([status, body.error?.code, headers['Retry-After']]).toEqual([503, 'ServiceUnavailable', '1']);
  expect(api.log.of('the store did not answer')).toMatchObject({ job_id, owner: 'customer:acme', error: { message: 'throttled' } });
});
