import { jobKey } from '../../../src/runtime/store/files/keys';
import { referenceTo } from '../../../src/runtime/store/files/stored-text';
import { readFound } from '../../../src/runtime/store/found-message';
import { message, NOW } from '../../support/job-fixtures';

const read = (body: unknown) => readFound({ messageId: 'message-1', body: typeof body === 'string' ? body : JSON.stringify(body) }, 'Jobs-1A2B3C', NOW);

test('a job is read', () => {
  expect(read(message())).toEqual({ kind: 'job', message: message() });
});

test('a payload may stand in the bucket instead', () => {
  expect(read(message({ payload: referenceTo(jobKey('Jobs-1A2B3C', message().owner, 'job_1', 'payload')) })).kind).toBe('job');
});

test('of each pipeline its own', () => {
  const body = JSON.stringify(message({ payload: referenceTo(jobKey('prints', message().owner, 'job_1', 'payload')) }));
  expect(readFound({ messageId: 'message-1', body }, 'prints', NOW).kind).toBe('job');
});

test.each<[string, unknown, string]>([
  ['no JSON', 'hello', 'the body is not JSON'],
  ['no object', 7, 'the body is not a JSON object'],
  ['null', null, 'the body is not a JSON object'],
  ['fields that are missing', { version: 1 }, 'missing, too long or of the wrong type: job_id'],
  ['a payload that is no JSON', message({ payload: '{"a":' }), 'the payload is not JSON'],
  ['a payload in a file of another owner', message({ payload: referenceTo(jobKey('Jobs-1A2B3C', 'other', 'job_1', 'payload')) }), 'not its owner\'s'],
  ['a payload in a file of another pipeline', message({ payload: referenceTo(jobKey('other', message().owner, 'job_1', 'payload')) }), 'not its owner\'s'],
  ['a version that is no number', { ...message(), version: '2' }, 'missing, too long or of the wrong type: version'],
])('%s is no job, and kept as the system\'s', (_what, body, reason) => {
  expect(read(body)).toMatchObject({
    kind: 'no_job',
    reason: expect.stringContaining(reason),
    message: { owner: 'system', correlation_id: 'message-1', payload: JSON.stringify(typeof body === 'string' ? body : JSON.stringify(body)) },
  });
});

test('the same message is the same record whenever it is read', () => {
  const [one, other] = [NOW, NOW + 5_000].map((now) => readFound({ messageId: 'message-1', body: 'hello' }, 'Jobs-1A2B3C', now));
  expect([one.kind, other.kind]).toEqual(['no_job', 'no_job']);
  expect('message' in one && 'message' in other && one.message.job_id === other.message.job_id).toBe(true);
});

test.each([
  ['with everything we know', { ...message(), version: 2 }],
  ['with other fields', { version: 3, id: 'x' }],
])('a message of a newer version, %s, is neither a job nor none', (_what, body) => {
  expect(read(body)).toEqual({ kind: 'newer', version: body.version });
});
