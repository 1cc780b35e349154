import { JobClient, type ApiError, type ApiResponse } from './job-client/job-client';
import { anonymous, apiKey } from './job-client/signers';
import { KEYS } from './pipelines/names';
import { customer, ended, PIPELINES, useStack } from './support/use';

/** What callers send that they should not, and what they are told. */
const subject = useStack({ app: PIPELINES, stack: KEYS.stack });
const acme = () => customer(subject(), 'Keyacme');

/** Everything that is refused here, for the test that nothing of it was a 5xx. */
const refusals: ApiResponse[] = [];

async function refused(answer: Promise<ApiResponse<unknown>>): Promise<{ status: number; code: string; message: string }> {
  const response = await answer;
  refusals.push(response);
  expect(response.body).toStrictEqual({
    error: { code: expect.stringMatching(/^[A-Z]\w+$/), message: expect.stringMatching(/\S/), correlation_id: expect.stringMatching(/^[\w.-]{1,128}$/) },
  });
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const { error } = response.body as ApiError;
  return { status: response.status, code: error.code, message: error.message };
}

/** The bucket of the limit fills again, so that a test is not refused for what another one sent. */
async function patiently<T>(send: () => Promise<ApiResponse<T>>): Promise<ApiResponse<T>> {
  for (;;) {
    const response = await send();
    if (response.status !== 429) return response;
    await new Promise((done) => setTimeout(done, 300));
  }
}

/** Far more than is let through, also on a machine that takes a while to send them. */
const MANY = 6 * KEYS.submitBurst;
const job = JSON.stringify({ plan: ['succeed'] });

test.each([
  ['bad JSON', '{"plan": ["succeed"]', 400],
  ['no body', '', 400],
  ['a wrong type', JSON.stringify({ plan: 'succeed' }), 400],
  ['a missing property', JSON.stringify({}), 400],
  ['a value that only the whole schema refuses', JSON.stringify({ plan: [] }), 400],
  ['JSON that is no object', '"succeed"', 400],
  ['a payload over 64 KiB', JSON.stringify({ plan: ['succeed'], journal: 'x'.repeat(65_536) }), 413],
])('%s is refused', async (_, body, status) => {
  const client = await acme();
  const answer = await refused(patiently(() => client.request('POST', client.submitPath, body)));
  expect(answer.status).toBe(status);
});

test('a payload of another media type is refused', async () => {
  const client = await acme();
  const answer = await refused(patiently(() => client.request('POST', client.submitPath, job, { 'content-type': 'text/plain' })));
  expect(answer).toMatchObject({ status: 415, code: 'UnsupportedMediaType' });
});

test('a wrong idempotency key is refused', async () => {
  const client = await acme();
  const answer = await refused(patiently(() => client.submit({ plan: ['succeed'] }, { idempotencyKey: 'x'.repeat(256) })));
  expect(answer).toMatchObject({ status: 400, code: 'BadRequest' });
});

test.each([
  ['well formed', 'job_00000000000000000000000000'],
  ['malformed', 'nothing'],
  ['with a slash in it', 'a/b'],
  ['very long', 'x'.repeat(2_000)],
])('an unknown job is not found: %s', async (_, id) => {
  const answer = await refused((await acme()).status(id));
  expect(answer).toMatchObject({ status: 404, code: 'NotFound' });
});

test("another customer's job is not found", async () => {
  const mine = await acme();
  const id = (await patiently(() => mine.submit({ plan: ['succeed'] }))).body.job_id;
  await ended(mine, id);
  const answer = await refused((await customer(subject(), 'Keyglobex')).status(id));
  expect(answer).toMatchObject({ status: 404, code: 'NotFound', message: 'no such job' });
});

test.each([
  ['a wrong key', apiKey('0123456789abcdefghij')],
  ['no key', anonymous],
])('%s is forbidden', async (_, signer) => {
  const stranger = new JobClient({ url: subject().deployed.apiUrl(), signer });
  expect(await refused(stranger.submit({ plan: ['succeed'] }))).toMatchObject({ status: 403, code: 'Forbidden' });
  expect(await refused(stranger.status('job_00000000000000000000000000'))).toMatchObject({ status: 403, code: 'Forbidden' });
});

test.each([
  ['GET', '/nowhere'],
  ['POST', '/jobs/job_00000000000000000000000000'],
  ['DELETE', '/jobs'],
])('an unknown route is not found: %s %s', async (method, path) => {
  const answer = await refused((await acme()).request(method, path));
  expect(answer).toMatchObject({ status: 404, code: 'NotFound' });
});

test('over the limit callers are told to wait, and what was accepted ends', async () => {
  const globex = await customer(subject(), 'Keyglobex');
  const answers = await Promise.all(Array.from({ length: MANY }, () => globex.submit({ plan: ['succeed'] })));
  const over = answers.filter(({ status }) => status === 429);
  const taken = answers.filter(({ status }) => status === 202);

  expect(over.length).toBeGreaterThan(0);
  expect(taken.length).toBeGreaterThanOrEqual(KEYS.submitBurst);
  expect(over.length + taken.length).toBe(MANY);
  expect(await refused(Promise.resolve(over[0]))).toMatchObject({ status: 429, code: 'TooManyRequests' });
  expect(over[0].headers.get('retry-after')).toBe('1');
  for (const { body } of taken) {
    expect(await ended(globex, body.job_id)).toMatchObject({ status: 'succeeded' });
  }
});

test('nothing of this was an error of ours', () => {
  expect(refusals.length).toBeGreaterThan(15);
  expect(refusals.filter(({ status }) => status >= 500)).toStrictEqual([]);
});

test('an accepted job is found where the answer says', async () => {
  const client = await acme();
  const { status, headers, body } = await patiently(() => client.submit({ plan: ['succeed'] }));
  expect(status).toBe(202);
  expect(body).toStrictEqual({ job_id: expect.stringMatching(/^job_[0-9a-z]{26}$/i), status: expect.stringMatching(/^(queued|processing|succeeded)$/) }); // a worker may be faster
  expect(new URL(subject().deployed.apiUrl()).pathname + client.statusPath.replace('{job_id}', body.job_id).slice(1))
    .toMatch(new RegExp(`${headers.get('location')}$`));
});
