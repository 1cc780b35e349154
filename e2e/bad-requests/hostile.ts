import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { CANARY } from './names';

/** A request that no document leads to. */
export interface HostileRequest {
  readonly what: string;
  readonly method: string;
  /** Below the stage, sent as it stands here. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** What it is answered with. */
  readonly status: number;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const GOOD = JSON.stringify({ ends: 'well', canary: CANARY });
const UNKNOWN = 'job_00000000000000000000000000';
const MIB = 1024 * 1024;

/** A text of many levels, written and not built: building it takes a stack as deep. */
const deep = (levels: number) => `{"ends":"well","canary":"${CANARY}","more":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const post = (path: string, what: string, body: string | Buffer, status = 400, headers: HostileRequest['headers'] = JSON_TYPE): HostileRequest =>
  ({ what: `${path}: ${what}`, method: 'POST', path, headers, body, status });

/** The routes that take a body. */
const BODIES = ['/jobs', '/jobs/batch', '/uploads'].flatMap((path) => [
  post(path, 'no JSON', '{"ends":"well","canary":'),
  post(path, 'a text of JSON and more', `${GOOD}${GOOD}`),
  post(path, 'no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x80, 0x22])),
  post(path, 'half a character', Buffer.concat([Buffer.from('{"ends":"'), Buffer.from([0xe2, 0x82])])),
  post(path, 'UTF-16', Buffer.from(GOOD, 'utf16le'), 400, { 'content-type': 'application/json; charset=utf-16' }),
  post(path, 'packed', gzipSync(GOOD), 400, { ...JSON_TYPE, 'content-encoding': 'gzip' }),
  post(path, 'a thousand levels', deep(1_000)),
  post(path, 'nothing', 'null'),
  post(path, 'a list', '[]'),
  post(path, 'a text', '"well"'),
  post(path, 'a number that is none', 'NaN'),
  post(path, 'a number beyond all', '1e999999'),
  post(path, 'the prototype', '{"__proto__":{"ends":"well"},"constructor":{"prototype":{}}}'),
  post(path, 'zeros', Buffer.alloc(1_000)),
  // the local cloud judges any type by the model of JSON; API Gateway passes what it has no model for on to the function, which says 415
  post(path, 'a form', 'ends=well', path === '/uploads' ? 415 : 400, { 'content-type': 'application/x-www-form-urlencoded' }),
  post(path, 'more than the gateway takes', Buffer.alloc(10 * MIB + 1, ' '), 413),
]);

const ODD_IDS = [
  '%00', '%ff', '%2e%2e', 'job_', `${UNKNOWN}0`, UNKNOWN.toLowerCase(), "'%20OR%201=1--", '%7B%7D', '__proto__', 'x'.repeat(4_000), '%F0%9F%92%A9',
];
const ODD_QUERIES = [
  'limit=0', 'limit=101', 'limit=1e1', 'limit=%00', 'status=QUEUED', 'status=', 'next_token=', 'next_token=%FF', 'next_token=W10',
  `next_token=${'A'.repeat(4_000)}`,
];

/** What schemas cannot say: bytes that are no JSON, encodings, depths, sizes, names of routes that do not exist. */
export const HOSTILE: readonly HostileRequest[] = [
  ...BODIES,
  post('/jobs', 'no body', ''),
  post('/jobs/batch', 'no body', ''),
  post('/jobs', 'a payload over the limit', JSON.stringify({ ends: 'well', canary: CANARY, name: 'x'.repeat(5 * MIB) })),
  post('/jobs', 'a key with a space', GOOD, 400, { ...JSON_TYPE, 'idempotency-key': 'one two' }),
  post('/jobs', 'a key without end', GOOD, 400, { ...JSON_TYPE, 'idempotency-key': 'k'.repeat(8_000) }),
  post('/jobs/batch', 'a key for all', JSON.stringify({ jobs: [{ payload: JSON.parse(GOOD) as unknown }] }), 400, { ...JSON_TYPE, 'idempotency-key': 'one' }),
  post('/jobs/batch', 'eleven jobs', JSON.stringify({ jobs: Array(11).fill({ payload: JSON.parse(GOOD) as unknown }) })),
  ...ODD_IDS.flatMap((id) => [
    { what: `the status of ${id.slice(0, 40)}`, method: 'GET', path: `/jobs/${id}`, status: 404 },
    { what: `cancelling ${id.slice(0, 40)}`, method: 'POST', path: `/jobs/${id}/cancel`, status: 404 },
    { what: `a retry of ${id.slice(0, 40)}`, method: 'POST', path: `/jobs/${id}/retry`, status: 404 },
  ]),
  ...ODD_QUERIES.map((query) => ({ what: `a list by ${query.slice(0, 40)}`, method: 'GET', path: `/jobs?${query}`, status: 400 })),
  ...['/', '/nothing', '/jobs/a/b/c', '/jobs/a/retry/b', '/jobs/../../v2/jobs', '/jobs;a=b', '/JOBS'].map((path) => (
    { what: `the route ${path}`, method: 'GET', path, status: 404 })),
  ...['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'].map((method) => ({ what: `the method ${method}`, method, path: '/jobs', status: 404 })),
  { what: 'an id to follow it by that is none', method: 'GET', path: `/jobs/${UNKNOWN}`, headers: { 'x-correlation-id': '<script>' }, status: 404 },
  { what: 'an id to follow it by without end', method: 'GET', path: `/jobs/${UNKNOWN}`, headers: { 'x-correlation-id': 'x'.repeat(129) }, status: 404 },
  { what: 'an id to follow it by', method: 'GET', path: `/jobs/${UNKNOWN}`, headers: { 'x-correlation-id': 'a.b-c_1' }, status: 404 },
  { what: 'another key', method: 'GET', path: '/jobs', headers: { 'x-api-key': 'wrong' }, status: 403 },
  { what: 'no key', method: 'GET', path: '/jobs', headers: { 'x-api-key': '' }, status: 403 },
];

/** Sends it as it is. @returns the status of the answer */
export function send({ method, path, headers, body }: HostileRequest, url: string, key: string): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((done, fail) => {
    const sent = request({
      host: hostname,
      port,
      method,
      path: pathname.replace(/\/$/, '') + path, // as it stands: a parsed one would be tidied up
      headers: { 'x-api-key': key, 'content-length': String(Buffer.byteLength(body ?? '')), ...headers },
      timeout: 20_000,
    }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer.statusCode!));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', fail);
    sent.end(body);
  });
}
