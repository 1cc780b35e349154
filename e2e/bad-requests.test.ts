import { join } from 'node:path';
import { ask, type Asked } from './bad-requests/ask';
import { HOSTILE, send } from './bad-requests/hostile';
import { faultsOf, type Exchange } from './bad-requests/judge';
import { CANARY, DOCUMENT, STACK } from './bad-requests/names';
import { Witness } from './bad-requests/witness';
import { allLogLines, linesWith } from './support/logs';
import { useStack } from './support/use';

/** Requests as nobody should send them, made from the document that the pipeline exports and by hand. */
const SEED = Number(process.env.SEED ?? 1);
const REQUESTS = 2_000;
/** Six times what it takes on two cores that do nothing else. */
const LIMIT_SECONDS = 600;

const app = join(__dirname, 'bad-requests');
const document = join(__dirname, '../.cache/synth', STACK, DOCUMENT);
const subject = useStack({ app, stack: STACK });

let witness: Witness;
let asked: Asked;
let key: string;
beforeAll(async () => {
  const { deployed } = subject();
  key = await deployed.apiKey();
  witness = await Witness.stand(deployed.apiUrl(), progress);
  asked = await ask({ document, url: witness.url, key, seed: SEED, limitSeconds: LIMIT_SECONDS });
}, (LIMIT_SECONDS + 120) * 1000);
afterAll(() => witness?.leave());

function progress(requests: number): void {
  if (requests % 500 === 0) {
    process.stdout.write(`${requests} requests\n`);
  }
}

test('what is made from the document is answered as the document says', () => {
  expect(asked.passed ? '' : asked.report).toBe('');
});

test.each(HOSTILE.map((request) => [request.what, request] as const))('%s', async (_, request) => {
  expect(await send(request, witness.url, key)).toBe(request.status);
});

test(`${REQUESTS} requests and more: no server error, and no error in another format`, () => {
  const { requests, serverErrors, otherFormats, findings, byStatus } = witness.testimony();
  process.stdout.write(`${requests} requests, ${serverErrors} server errors, ${otherFormats} in another format\n`);
  expect(findings).toStrictEqual([]);
  expect({ serverErrors, otherFormats }).toStrictEqual({ serverErrors: 0, otherFormats: 0 });
  expect(requests).toBeGreaterThanOrEqual(REQUESTS);
  // it was not all refused at the door, nor let through
  for (const status of [200, 201, 202, 400, 403, 404, 409, 413, 415]) expect(byStatus).toHaveProperty(String(status));
});

test('no log line holds a payload or a key', async () => {
  const lines = await allLogLines(subject().cloud);
  expect(lines.length).toBeGreaterThan(REQUESTS);
  expect(linesWith(lines, [CANARY, key])).toStrictEqual([]);
});

describe('the judge finds', () => {
  const error = { code: 'NotFound', message: 'no such job', correlation_id: 'abc' };
  const good: Exchange = {
    method: 'GET',
    path: '/jobs/x',
    requestHeaders: {},
    status: 404,
    headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', 'x-correlation-id': 'abc' },
    body: JSON.stringify({ error }),
  };
  const gateway = { 'content-type': 'application/json' };

  test.each<[string, Partial<Exchange>]>([
    ['a function', {}],
    ['a function that was told an id', { requestHeaders: { 'x-correlation-id': 'abc' } }],
    ['a function that was told what is none', { requestHeaders: { 'x-correlation-id': '<abc>' } }],
    ['the gateway', { headers: gateway }],
    ['no error', { status: 200, body: '{}' }],
    ['nothing to a HEAD', { method: 'HEAD', headers: gateway, body: '' }],
  ])('nothing in an answer of %s', (_, changes) => {
    expect(faultsOf({ ...good, ...changes })).toStrictEqual([]);
  });

  test.each<[string, Partial<Exchange>]>([
    ['no JSON', { body: 'Internal Server Error' }],
    ['another format', { body: '{"message":"Forbidden"}', headers: gateway }],
    ['more than the format', { body: JSON.stringify({ error, stack: 'at …' }) }],
    ['more in the error', { body: JSON.stringify({ error: { ...error, stack: 'at …' } }) }],
    ['less in the error', { body: JSON.stringify({ error: { code: 'NotFound', message: 'no' } }) }],
    ['an unknown code', { body: JSON.stringify({ error: { ...error, code: 'Oops' } }) }],
    ['no message', { body: JSON.stringify({ error: { ...error, message: '' } }) }],
    ['another id in the header', { headers: { ...good.headers, 'x-correlation-id': 'abd' } }],
    ['an id that is not the caller\'s', { requestHeaders: { 'x-correlation-id': 'mine' } }],
    ['no id in the header', { headers: { ...good.headers, 'x-correlation-id': undefined } }],
    ['no id in the header of an answer that is no error', { status: 200, headers: gateway, body: '{}' }],
    ['no type', { headers: { ...good.headers, 'content-type': undefined } }],
  ])('%s', (_, changes) => {
    expect(faultsOf({ ...good, ...changes })).not.toStrictEqual([]);
  });
});
