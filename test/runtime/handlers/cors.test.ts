import type { APIGatewayProxyEvent } from 'aws-lambda';
import { request } from './api-harness';
import { ApiError } from '../../../src/runtime/handlers/http/answer';
import { route } from '../../../src/runtime/handlers/http/route';
import { MemoryLog, MemoryMetrics } from '../../support/worker-harness';

const EXPOSED = 'X-Correlation-Id,Location,Retry-After';

type Handle = () => Promise<{ status: number; body: object }>;

/** The headers about CORS and caching of an answer to a page of this origin. */
async function headersFor(
  origins: string | undefined, origin?: string, handle: Handle = async () => ({ status: 200, body: {} }),
): Promise<Record<string, unknown>> {
  const handler = route(handle, { log: new MemoryLog(), metrics: new MemoryMetrics(), environment: { JOBWORKS_CORS_ORIGINS: origins } });
  const { headers } = await handler({ ...request('key1'), headers: origin === undefined ? {} : { origin } } as APIGatewayProxyEvent);
  return Object.fromEntries(Object.entries(headers!).filter(([name]) => name === 'Vary' || name.startsWith('Access-Control')));
}

const ONE = 'https://app.example.com';
const TWO = 'https://app.example.com,http://localhost:3000';

test.each<[string, string | undefined, string | undefined, object]>([
  ['without origins nothing is allowed', undefined, ONE, {}],
  ['nor with an empty list', '', ONE, {}],
  ['a listed origin is echoed', ONE, ONE, { 'Vary': 'Origin', 'Access-Control-Allow-Origin': ONE, 'Access-Control-Expose-Headers': EXPOSED }],
  ['the second one, too', TWO, 'http://localhost:3000', {
    'Vary': 'Origin', 'Access-Control-Allow-Origin': 'http://localhost:3000', 'Access-Control-Expose-Headers': EXPOSED,
  }],
  ['another origin is not', TWO, 'https://evil.example.com', { Vary: 'Origin' }],
  ['nor one that begins like a listed one', ONE, 'https://app.example.com.evil.com', { Vary: 'Origin' }],
  ['nor one that ends like a listed one', TWO, 'http://localhost:3000,https://evil.example.com', { Vary: 'Origin' }],
  ['nor that of a page without one', ONE, 'null', { Vary: 'Origin' }],
  ['who is no browser is told nothing', ONE, undefined, { Vary: 'Origin' }],
  ['any page, when all are allowed', '*', 'https://any.example.com', { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': EXPOSED }],
])('%s', async (_, origins, origin, headers) => {
  expect(await headersFor(origins, origin)).toEqual(headers);
});

test.each([
  ['a refusal', new ApiError(404, 'NotFound', 'no such job')],
  ['an error nobody expected', new Error('secret')],
])('a page can read %s as well', async (_, error) => {
  expect(await headersFor(ONE, ONE, async () => { throw error; })).toHaveProperty('Access-Control-Allow-Origin', ONE);
});

test('every entry has it from its own environment', async () => {
  process.env.JOBWORKS_CORS_ORIGINS = ONE;
  try {
    const handler = route(async () => ({ status: 200, body: {} }), { log: new MemoryLog(), metrics: new MemoryMetrics() });
    const { headers } = await handler({ ...request('key1'), headers: { Origin: ONE } });
    expect(headers).toHaveProperty('Access-Control-Allow-Origin', ONE);
  } finally {
    delete process.env.JOBWORKS_CORS_ORIGINS;
  }
});
