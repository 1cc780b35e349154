import { freshRecord, JobMessage } from '../../src/runtime/protocol/message';
import { payloadHash } from '../../src/runtime/protocol/payload';
import { JobRecord } from '../../src/runtime/protocol/record';

/** A moment for tests that stand still in time. */
export const NOW = 1_800_000_000_000;

export function message(changes: Partial<JobMessage> = {}): JobMessage {
  return {
    version: 1,
    job_id: 'job_01HZZZZZZZZZZZZZZZZZZZZZZZ',
    owner: 'customer:acme',
    generation: 0,
    payload: '{"drawing":"a.pdf"}',
    payload_hash: payloadHash({ drawing: 'a.pdf' }),
    max_attempts: 3,
    created_at: NOW - 1_000,
    deadline_at: NOW + 3_600_000,
    retention_seconds: 86_400,
    correlation_id: 'correlation-1',
    ...changes,
  };
}

/** A record that is queued, as its submission puts it, unless changed. */
export function record(changes: Partial<JobRecord> = {}): JobRecord {
  return { ...freshRecord(message()), ...changes };
}

export function processing(changes: Partial<JobRecord> = {}): JobRecord {
  return record({ status: 'processing', run: 1, attempt: 1, started_at: NOW - 500, lease_expires_at: NOW + 60_000, ...changes });
}

export function ended(status: 'succeeded' | 'failed' | 'cancelled', changes: Partial<JobRecord> = {}): JobRecord {
  return record({
    status,
    run: 1,
    attempt: 1,
    started_at: NOW - 500,
    finished_at: NOW - 100,
    expires_at: Math.ceil(NOW / 1000) + 86_400,
    ...(status === 'failed' && { error: { type: 'Error', message: 'broken', attempt: 1 } }),
    ...(status === 'succeeded' && { result: '{"pages":3}', progress: 1 }),
    ...changes,
  });
}
