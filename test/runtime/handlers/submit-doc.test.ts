import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACME, ApiHarness, request, said } from './api-harness';
import { ApiError } from '../../../src/runtime/handlers/http/answer';
import { route } from '../../../src/runtime/handlers/http/route';
import { MOST_JOBS } from '../../../src/runtime/handlers/submit/batch';
import { uploads } from '../../../src/runtime/handlers/uploads/uploads';
import { PAYLOAD_LIMIT_BYTES, STORED_TEXT_LIMIT_BYTES } from '../../../src/runtime/store/files/limits';
import { NOW } from '../../support/job-fixtures';

/* What docs/http-api.md says of batches, uploads and large payloads is what the handlers do. */

const TEXT = readFileSync(join(__dirname, '../../../docs/http-api.md'), 'utf8');
const section = (heading: string) => TEXT.split('\n## ').find((part) => part.startsWith(`${heading}\n`))!;
const exampleOf = (heading: string) => /```json\n([^]*?)```/.exec(section(heading))![1];

/** The names in the body of the answer that is shown. */
const shownAnswer = (heading: string) => [...section(heading).matchAll(/^(\{"[^]*?\})$/gm)][0][1].match(/"\w+":/g)!.map((name) => name.slice(1, -2));

test('the batch is one, and answered as shown', async () => {
  const api = new ApiHarness();
  api.judge = (payload) => {
    if (typeof (payload as { url: unknown }).url !== 'string') throw new ApiError(400, 'InvalidPayload', 'the payload /url must be string');
  };
  const { status, body } = await api.batch({ body: exampleOf('Submitting several jobs') });
  expect(status).toBe(202);
  expect(JSON.stringify(body).match(/"\w+":/g)!.map((name) => name.slice(1, -2))).toEqual(shownAnswer('Submitting several jobs'));
  expect(section('Submitting several jobs')).toContain(`1 to ${MOST_JOBS} jobs`);
});

test('the upload is answered as shown', async () => {
  const sign = async () => ({ url: 'https://files', fields: { key: 'k', Policy: 'p' } });
  const handler = route(async (given) => uploads(given, { filesPrefix: 'Jobs-1A2B3C', ownerOf: ACME, sign, maxBytes: 104_857_600, now: () => NOW }), new ApiHarness());
  const { status, body } = said(await handler({ ...request('key1'), body: exampleOf('Uploading a file') }));
  expect(status).toBe(201);
  expect(JSON.stringify(body).match(/"\w+":/g)!.map((name) => name.slice(1, -2))).toEqual(shownAnswer('Uploading a file'));
});

test('the limits are those that are told', () => {
  expect([PAYLOAD_LIMIT_BYTES, STORED_TEXT_LIMIT_BYTES].map((bytes) => bytes / 1024 / 1024)).toEqual([4, 64]);
  expect(section('Large payloads')).toContain('up to 4 MiB');
  expect(section('Large payloads')).toContain('up to 64 MiB');
});
