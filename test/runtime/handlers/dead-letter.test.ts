import type { SQSRecord } from 'aws-lambda';
import { processDeadLetters } from '../../../src/runtime/handlers/dead-letter/dead-letter';
import { noQueue } from '../../../src/runtime/handlers/no-queue';
import { rejectedJobId } from '../../../src/runtime/protocol/job-id';
import type { JobRecord } from '../../../src/runtime/protocol/record';
import { ended, message, NOW, processing, record } from '../../support/job-fixtures';
import { MemoryStore } from '../../support/memory-store';
import { jobRecord, MemoryLog, MemoryMetrics, sqsRecord } from '../../support/worker-harness';

let store: MemoryStore;
let log: MemoryLog;
let metrics: MemoryMetrics;
let hidden: { receipt: string; ms: number }[];

beforeEach(() => {
  store = new MemoryStore();
  log = new MemoryLog();
  metrics = new MemoryMetrics();
  hidden = [];
});

const put = (job: JobRecord) => store.records.set(job.job_id, job);

/** @returns the ids of the messages that stay */
async function handle(...records: SQSRecord[]): Promise<string[]> {
  const { batchItemFailures } = await processDeadLetters(records, {
    filesPrefix: 'Jobs-1A2B3C',
    ports: { store, queue: noQueue, now: () => NOW },
    visibility: { hide: async (receipt, ms) => { hidden.push({ receipt, ms }); } },
    metrics,
    log,
  });
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

test('a job whose worker was never heard of fails with the last error known, is counted and deleted', async () => {
  put(record({ run: 2, attempt: 2, error: { type: 'WorkerLost', message: 'attempt 2 ended without a word', attempt: 2 } }));
  expect(await handle(jobRecord({}, { receiveCount: 11 }))).toEqual([]);
  expect(store.only).toMatchObject({ status: 'failed', error: { type: 'WorkerLost', attempt: 2 }, finished_at: NOW });
  expect(metrics.counted).toEqual({ JobsDeadLettered: 1, JobsFailed: 1 });
  expect(metrics.causes).toEqual({ fuse: 1 });
  expect(metrics.published).toBe(1);
});

test('its line in the log has what helps, and not its payload', async () => {
  put(record({ attempt: 2, run: 3, checkpoint: '{"secret":"c"}', payload: '{"secret":"p"}', payload_hash: 'h' }));
  await handle(jobRecord({ payload: '{"secret":"p"}', payload_hash: 'h' }, { receiveCount: 11 }));
  const { level, fields } = log.lines.find((line) => line.message === 'job given up')!;
  expect(level).toBe('error');
  expect(fields).toEqual({
    job_id: message().job_id,
    correlation_id: 'correlation-1',
    owner: 'customer:acme',
    generation: 0,
    message_id: 'message-1',
    receive_count: 11,
    outcome: 'dead_lettered',
    job_status: 'failed',
    attempt: 2,
    max_attempts: 3,
    run: 3,
    created_at: new Date(NOW - 1_000).toISOString(),
    deadline_at: new Date(NOW + 3_600_000).toISOString(),
    error_type: 'DeadLettered',
    error_message: expect.any(String),
  });
  expect(JSON.stringify(log.lines)).not.toContain('secret');
});

test('a job that has no record yet gets one that failed', async () => {
  expect(await handle(jobRecord())).toEqual([]);
  expect(store.only).toMatchObject({ status: 'failed', error: { type: 'DeadLettered', attempt: 0 } });
  expect(metrics.counted).toEqual({ JobsDeadLettered: 1, JobsFailed: 1 });
});

test('the record is read before anything is written: a submission\'s is not overwritten blindly', async () => {
  put(record());
  await handle(jobRecord());
  expect(store.calls).toEqual(['read', 'update']);
});

test('a job that is alive is hidden until its lease is over, and stays', async () => {
  put(processing());
  expect(await handle(jobRecord())).toEqual(['message-1']);
  expect(hidden).toEqual([{ receipt: 'receipt-1', ms: 62_000 }]);
  expect(store.only.status).toBe('processing');
  expect(metrics.counted).toEqual({});
});

test.each([
  ['that has ended', ended('succeeded')],
  ['whose retry is under way', record({ generation: 1 })],
  ['of another payload', record({ payload_hash: 'another' })],
])('a message of a job %s is dropped', async (_what, job) => {
  put(job);
  expect(await handle(jobRecord())).toEqual([]);
  expect(store.only).toEqual(job);
  expect(metrics.counted).toEqual({});
  expect(log.of('nothing to give up')).toMatchObject({ outcome: 'stale' });
});

test('a job that was to be cancelled ends so, and is not counted as given up', async () => {
  put(processing({ cancel_requested: true, lease_expires_at: NOW - 1 }));
  expect(await handle(jobRecord())).toEqual([]);
  expect(store.only.status).toBe('cancelled');
  expect(metrics.counted).toEqual({ JobsCancelled: 1 });
});

describe('what is no job', () => {
  test('is kept as a failed record of the system\'s, as the worker keeps it', async () => {
    expect(await handle(sqsRecord('hello'))).toEqual([]);
    expect(store.only).toMatchObject({
      job_id: rejectedJobId('message-1'), owner: 'system', status: 'failed', payload: '"hello"', error: { type: 'InvalidMessage' },
    });
    expect(metrics.counted).toEqual({ JobsFailed: 1 });
    expect(log.of('no job')).toMatchObject({ outcome: 'rejected', reason: 'the body is not JSON' });
  });

  test('is dropped where the worker has kept it already', async () => {
    await handle(sqsRecord('hello'));
    const kept = store.only;
    expect(await handle(sqsRecord('hello'))).toEqual([]);
    expect(store.only).toEqual(kept);
    expect(metrics.counted).toEqual({ JobsFailed: 1 });
  });
});

test('a message of a newer version stays for those who know it', async () => {
  expect(await handle(jobRecord({ version: 2 }))).toEqual(['message-1']);
  expect(store.calls).toEqual([]);
  expect(log.of('a message of a newer version is left')).toEqual({ message_id: 'message-1', version: 2 });
});

test('so does a job whose record is of a newer version', async () => {
  put(record({ version: 2 }));
  expect(await handle(jobRecord())).toEqual(['message-1']);
  expect(store.only.status).toBe('queued');
  expect(log.lines.at(-1)).toMatchObject({ level: 'warn', message: 'a job of a newer version is left' });
});

test('a forged message, whose payload is another owner\'s file, is no job', async () => {
  expect(await handle(jobRecord({ payload: 's3:drawings/other/jobs/1/payload' }))).toEqual([]);
  expect(store.only).toMatchObject({ owner: 'system', error: { type: 'InvalidMessage' } });
});

describe('a store that does not answer', () => {
  test.each(['read', 'update'] as const)('a %s leaves the message, and nothing is counted', async (call) => {
    put(record());
    store.before = (asked) => {
      if (asked === call) throw new Error('throttled');
    };
    expect(await handle(jobRecord())).toEqual(['message-1']);
    expect(metrics.counted).toEqual({});
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', message: 'the dead letter could not be judged, and comes again' });
  });

  test('for one does not keep the others', async () => {
    const [one, other] = ['job_01HZZZZZZZZZZZZZZZZZZZZZZA', 'job_01HZZZZZZZZZZZZZZZZZZZZZZB'];
    put(record({ job_id: one }));
    put(record({ job_id: other }));
    store.before = (call, step) => {
      if (call === 'update' && step?.do === 'update' && step.job_id === one) throw new Error('throttled');
    };
    expect(await handle(jobRecord({ job_id: one }, { messageId: 'a' }), jobRecord({ job_id: other }, { messageId: 'b' }))).toEqual(['a']);
    expect(store.records.get(other)!.status).toBe('failed');
    expect(metrics.counted).toEqual({ JobsDeadLettered: 1, JobsFailed: 1 });
    expect(metrics.published).toBe(1);
  });

  test('nor a queue that does not hide: the message comes again in its own time', async () => {
    put(processing());
    const failing = processDeadLetters([jobRecord()], {
      filesPrefix: 'Jobs-1A2B3C', ports: { store, queue: noQueue, now: () => NOW }, visibility: { hide: async () => { throw new Error('no'); } }, metrics, log,
    });
    expect((await failing).batchItemFailures).toEqual([{ itemIdentifier: 'message-1' }]);
  });
});

test('this function sends nothing', async () => {
  await expect(noQueue.send(message(), 0)).rejects.toThrow('sends no jobs');
});
