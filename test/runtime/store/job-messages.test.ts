import { JOB_ID_PATTERN } from '../../../src/runtime/protocol/job-id';
import { parseMessage } from '../../../src/runtime/protocol/message';
import { newMessage, rejectedMessage } from '../../../src/runtime/store/job-messages';
import { JobSettings } from '../../../src/runtime/store/settings';
import { NOW } from '../../support/job-fixtures';

const SETTINGS: JobSettings = { maxAttempts: 3, deadlineSeconds: 3_600, retentionSeconds: 86_400 };

test('a new job', () => {
  const job = { payload: '{"a": 1}', payload_hash: 'hash', owner: 'public', correlation_id: 'c' };
  const made = newMessage(job, SETTINGS, NOW);
  expect(made).toEqual({
    ...job,
    version: 1,
    job_id: expect.stringMatching(JOB_ID_PATTERN),
    generation: 0,
    max_attempts: 3,
    created_at: NOW,
    deadline_at: NOW + 3_600_000,
    retention_seconds: 86_400,
  });
  expect(parseMessage(JSON.stringify(made))).toEqual(made);
  expect(newMessage({ ...job, job_id: 'job_given' }, SETTINGS, NOW).job_id).toBe('job_given');
});

describe('what is no job', () => {
  test('is the same one each time', () => {
    const [first, second] = [rejectedMessage('message-1', 'hello', NOW), rejectedMessage('message-1', 'hello', NOW + 1)];
    expect(first).toMatchObject({ owner: 'system', payload: '"hello"', job_id: second.job_id, correlation_id: 'message-1', retention_seconds: 1_209_600 });
    expect(rejectedMessage('message-2', 'hello', NOW).job_id).not.toBe(first.job_id);
  });

  test.each(['a'.repeat(262_144), '"'.repeat(262_144), '\u0000'.repeat(262_144), '漢'.repeat(87_000)])('is cut to what a record can hold', (body) => {
    const { payload } = rejectedMessage('message-1', body, NOW);
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(65_536);
    expect(Buffer.byteLength(payload)).toBeGreaterThan(45_000);
    expect(JSON.parse(payload).slice(0, 100)).toBe(body.slice(0, 100));
  });
});
