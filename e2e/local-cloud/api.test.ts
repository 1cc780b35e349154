import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { eventually, useFixture } from './fixture/fixture';
import { BURST, NARROW_BURST } from './fixture/stack';

/** What a pipeline's API relies on in API Gateway. */
const fixture = useFixture();
let key: string;

beforeAll(async () => {
  const client = new APIGatewayClient(fixture().cloud.clientConfig);
  key = (await client.send(new GetApiKeyCommand({ apiKey: fixture().deployment.output('ApiKeyId'), includeValue: true }))).value!;
});

async function call(method: string, path: string, options: { key?: string; body?: string } = {}) {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (options.key) headers['x-api-key'] = options.key;
  const url = `${fixture().cloud.endpoint}/_aws/execute-api/${fixture().deployment.output('ApiId')}/v1${path}`;
  const response = await fetch(url, { method, headers, body: options.body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Record<string, never> };
}

test('a function answers behind an API key and learns whose it is', async () => {
  const answer = await call('POST', '/jobs', { key, body: '{"name":"a"}' });
  expect(answer).toMatchObject({ status: 202, body: { identity: { apiKeyId: fixture().deployment.output('ApiKeyId'), apiKey: key } } });
  expect(answer.headers.get('location')).toBe('/jobs/1');
  expect(answer.body.request_id).toBe(answer.headers.get('x-amzn-requestid'));
});

test.each([
  ['no key', undefined],
  ['a wrong key', 'wrong'],
])('%s is 403 in the API\'s own format', async (_, wrong) => {
  const { status, body, headers } = await call('POST', '/jobs', { key: wrong, body: '{"name":"a"}' });
  expect(status).toBe(403);
  expect(body).toEqual({ error: { code: 'refused', message: 'Forbidden', correlation_id: expect.stringMatching(/.+/) } });
  expect(headers.get('x-fixture')).toBe('yes');
});

test.each([
  ['no JSON', 'not json'],
  ['a missing property', '{}'],
  ['a wrong type', '{"name":1}'],
])('%s is refused by the request validator', async (_, body) => {
  expect(await call('POST', '/jobs', { key, body })).toMatchObject({ status: 400, body: { error: { code: 'refused', message: 'Invalid request body' } } });
});

test('an unknown route and an unknown method take the mapped status', async () => {
  expect(await call('GET', '/nothing')).toMatchObject({ status: 404, body: { error: { code: 'not_found', message: 'Missing Authentication Token' } } });
  expect(await call('GET', '/jobs', { key })).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
});

test('a body over 10 MB is 413', async () => {
  expect(await call('POST', '/open', { body: 'x'.repeat(10 * 1024 * 1024 + 1) })).toMatchObject({ status: 413, body: { error: { code: 'refused' } } });
});

test.each(['throw', 'exit'])('a function that ends badly (%s) is 502, and says nothing of the reason', async how => {
  const { status, text, body } = await call('GET', `/open?do=${how}`);
  expect(status).toBe(502);
  expect(body).toMatchObject({ error: { code: 'internal', message: 'Internal server error' } });
  expect(text).not.toMatch(/secret|died|exit/);
});

test('a signed method refuses who does not sign', async () => {
  expect(await call('GET', '/signed')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
});

test('the stage writes an access log in its own format', async () => {
  const { headers } = await call('GET', '/nothing');
  const logs = new CloudWatchLogsClient(fixture().cloud.clientConfig);
  const line = await eventually('a line of the access log', 5, async () => {
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: fixture().deployment.output('AccessLogName') }));
    return events?.find(({ message }) => message?.includes(headers.get('x-amzn-requestid')!))?.message;
  });
  expect(JSON.parse(line)).toEqual({ id: headers.get('x-amzn-requestid'), status: '404', error: 'MISSING_AUTHENTICATION_TOKEN', route: '-' });
});

test('a plan can allow less for one method', async () => {
  const statuses = [];
  for (let i = 0; i < NARROW_BURST + 2; i++) statuses.push((await call('GET', '/narrow', { key })).status);
  expect(statuses.slice(0, NARROW_BURST)).toEqual(Array(NARROW_BURST).fill(202));
  expect(statuses).toContain(429);
});

test('the usage plan throttles a key', async () => {
  const statuses = [];
  for (let i = 0; i < BURST + 3; i++) statuses.push(await call('POST', '/jobs', { key, body: '{"name":"a"}' }));
  const refused = statuses.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0].body).toMatchObject({ error: { code: 'too_many_requests', message: 'Too Many Requests' } });
});
