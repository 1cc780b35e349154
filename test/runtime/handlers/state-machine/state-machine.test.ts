import { ExecutionWorld, TIMEOUT_MS } from './harness';
import { StartRefused } from '../../../../src/runtime/handlers/state-machine/executions';
import type { JobRecord } from '../../../../src/runtime/protocol/record';
import { jobKey, ownerPrefix } from '../../../../src/runtime/store/files/keys';
import { message, NOW, processing, record } from '../../../support/job-fixtures';
import { MemoryFiles } from '../../../support/memory-files';

const ID = message().job_id;
const FIRST = `${ID}-0-1`;
const SECOND = `${ID}-0-2`;

let world: ExecutionWorld;

beforeEach(() => {
  world = new ExecutionWorld();
});

function put(...records: JobRecord[]): void {
  records.forEach((one) => world.store.records.set(one.job_id, one));
}

async function started(changes: Parameters<typeof message>[0] = {}): Promise<void> {
  expect(await world.deliver(message(changes))).toBe(true);
}

describe('start', () => {
  test('claims, takes a slot, starts, leases the job for as long as the execution may take, and deletes the message', async () => {
    await started();
    expect(world.executions.running).toEqual([FIRST]);
    expect([...world.slots.taken]).toEqual([FIRST]);
    expect(world.store.only).toMatchObject({ status: 'processing', run: 1, attempt: 1, lease_expires_at: NOW + TIMEOUT_MS + 60_000 });
    expect(JSON.parse(world.executions.all.get(FIRST)!.input)).toEqual({
      job_id: ID,
      payload: { drawing: 'a.pdf' },
      payload_file: null,
      attempt: 1,
      checkpoint: null,
      checkpoint_file: null,
      correlation_id: 'correlation-1',
      uploads: null,
    });
    expect(world.log.of('execution started')).toMatchObject({ job_id: ID, owner: 'customer:acme', attempt: 1, outcome: 'started' });
  });

  test('a long payload is passed as the place of its file', async () => {
    world.files = new MemoryFiles();
    const key = jobKey('Jobs-1A2B3C', 'customer:acme', ID, 'payload');
    await started({ payload: `s3:${key}` });
    expect(JSON.parse(world.executions.all.get(FIRST)!.input)).toMatchObject({
      payload: null,
      payload_file: { bucket: 'files', key },
      uploads: { bucket: 'files', prefix: `${ownerPrefix('Jobs-1A2B3C', 'customer:acme')}uploads/` },
    });
  });

  test('an input that Step Functions would not take fails the job at once, and names the limit', async () => {
    put(record({ payload: JSON.stringify('x'.repeat(200_000)), checkpoint: JSON.stringify('y'.repeat(65_000)) }));
    await world.deliver(message(), 2);
    expect(world.store.only).toMatchObject({ status: 'failed', error: { type: 'PayloadTooLarge', message: expect.stringContaining('262144') } });
    expect(world.executions.all.size).toBe(0);
    expect(world.slots.taken.size).toBe(0);
  });

  test('an Express state machine fails the job and says so', async () => {
    world.executions.refuse = new StartRefused('express', 'Express');
    await world.deliver();
    expect(world.store.only).toMatchObject({ status: 'failed', error: { type: 'ExpressStateMachine' } });
    expect(world.slots.taken.size).toBe(0);
  });

  test('one that Step Functions has no room for waits, and is not charged', async () => {
    world.executions.refuse = new StartRefused('busy', 'busy');
    expect(await world.deliver()).toBe(true);
    expect(world.store.only).toMatchObject({ status: 'queued', attempt: 0 });
    expect(world.queue.sent).toHaveLength(1);
    expect(world.slots.taken.size).toBe(0);
  });

  test('a state machine that may not be started is a failed attempt', async () => {
    world.executions.refuse = new StartRefused('state_machine', 'the state machine could not be started (AccessDeniedException)');
    expect(await world.deliver()).toBe(false);
    expect(world.store.only).toMatchObject({ status: 'queued', attempt: 1, error: { type: 'StateMachineNotStarted' } });
    expect(world.slots.taken.size).toBe(0);
  });

  test('a call that was not answered is asked about when its message comes again', async () => {
    world.watch = (call, when) => {
      if (call === 'start' && when === 'after') throw new Error('socket hang up');
    };
    expect(await world.deliver()).toBe(false);
    world.watch = () => undefined;
    expect(world.store.only.lease_expires_at).toBe(NOW + 32_000);
    world.now += 60_000;
    expect(await world.deliver(message(), 2)).toBe(true);
    expect(world.store.only).toMatchObject({ status: 'processing', run: 1, lease_expires_at: NOW + 60_000 + TIMEOUT_MS + 60_000 });
    expect([...world.executions.all.keys()]).toEqual([FIRST]);
  });

  test('one that was started already is taken for what it is', async () => {
    world.executions.all.set(FIRST, { status: 'SUCCEEDED', input: 'another', output: '{"lines":7}' });
    expect(await world.deliver()).toBe(true);
    expect(world.store.only).toMatchObject({ status: 'succeeded', result: '{"lines":7}' });
    expect(world.slots.taken.size).toBe(0);
  });

  test('a job that was cancelled meanwhile is stopped', async () => {
    world.watch = (call, when) => {
      if (call === 'start' && when === 'before') put({ ...world.store.only, cancel_requested: true });
    };
    await world.deliver();
    expect(world.executions.all.get(FIRST)).toMatchObject({ status: 'ABORTED', error: 'JobCancelled' });
    await world.told(FIRST);
    expect(world.store.only.status).toBe('cancelled');
  });

  test('an execution whose attempt has lost the job is stopped', async () => {
    world.watch = (call, when) => {
      if (call === 'start' && when === 'before') put({ ...world.store.only, run: 2, attempt: 2 });
    };
    expect(await world.deliver()).toBe(false);
    expect(world.executions.all.get(FIRST)?.status).toBe('ABORTED');
  });
});

describe('slots', () => {
  test('without one a job stays as it is: queued, not charged, hidden for a while', async () => {
    world.slots.taken.add('another');
    put(record());
    expect(await world.deliver()).toBe(false);
    expect(world.store.only).toEqual(record());
    expect(world.hidden.at(-1)).toEqual({ receipts: ['receipt-1'], ms: 10_000 });
  });

  test('the queue\'s count of receives is not used up by it', async () => {
    world.slots.taken.add('another');
    expect(await world.deliver(message(), 4)).toBe(true);
    expect(world.sentAgain).toEqual([{ body: JSON.stringify(message()), delay_ms: 10_000 }]);
  });

  test('who has waited for long asks less often', async () => {
    world.slots.taken.add('another');
    await world.deliver(message({ created_at: NOW - 1_200_000 }));
    await world.deliver(message({ created_at: NOW - 36_000_000 }));
    expect(world.hidden.map(({ ms }) => ms)).toEqual([34_000, 120_000, 34_000, 300_000]);
  });

  test('the last one is taken by somebody else meanwhile: the job waits, and is not charged', async () => {
    world.watch = (call, when) => {
      if (call === 'take' && when === 'before') world.slots.taken.add('another');
    };
    expect(await world.deliver()).toBe(true);
    expect(world.store.only).toMatchObject({ status: 'queued', attempt: 0, not_before: NOW + 10_000 });
    expect(world.queue.sent).toEqual([{ message: message(), delay_ms: 10_000 }]);
    expect([...world.slots.taken]).toEqual(['another']);
  });

  test('what has ended or is past its deadline does not wait for one', async () => {
    world.slots.taken.add('another');
    put(record({ status: 'cancelled', finished_at: NOW, expires_at: NOW }));
    expect(await world.deliver()).toBe(true);
    world.store.records.clear();
    expect(await world.deliver(message({ deadline_at: NOW }))).toBe(true);
    expect(world.store.only.error?.type).toBe('DeadlineExceeded');
  });
});

describe('end', () => {
  test('the output is the result, and the slot is free', async () => {
    await started();
    world.now += 5_000;
    world.ends(FIRST, 'SUCCEEDED', { output: '{"lines": 7}' });
    await world.told(FIRST);
    expect(world.store.only).toMatchObject({ status: 'succeeded', result: '{"lines":7}', progress: 1 });
    expect(world.slots.taken.size).toBe(0);
    expect(world.metrics.counted).toMatchObject({ JobsSucceeded: 1, JobDuration: 5_000 });
  });

  test('an output that the event left out is asked for', async () => {
    await started();
    world.ends(FIRST, 'SUCCEEDED', { output: '{"lines":7}' });
    await world.told(FIRST, { output: null, outputDetails: { included: false } });
    expect(world.store.only.result).toBe('{"lines":7}');
  });

  test('an output over 64 KiB fails the job and names the limit, unless there is a bucket', async () => {
    const output = JSON.stringify('x'.repeat(70_000));
    await started();
    world.ends(FIRST, 'SUCCEEDED', { output });
    await world.told(FIRST);
    expect(world.store.only).toMatchObject({ status: 'failed', error: { type: 'InvalidResult', message: expect.stringContaining('65536') } });
    const files = new MemoryFiles();
    world = new ExecutionWorld();
    world.files = files;
    await started();
    world.ends(FIRST, 'SUCCEEDED', { output });
    await world.told(FIRST);
    expect(world.store.only).toMatchObject({ status: 'succeeded', result: expect.stringMatching(/^s3:.*result-0-1$/) });
    expect([...files.objects.values()]).toEqual([output]);
  });

  test('a failed one is tried again by a message of its own, after the pause of the policy', async () => {
    await started();
    world.ends(FIRST, 'FAILED', { error: 'TypeError', cause: JSON.stringify({ errorType: 'TypeError', errorMessage: 'no such page', trace: [] }) });
    await world.told(FIRST);
    expect(world.store.only).toMatchObject({
      status: 'queued', attempt: 1, not_before: NOW + 10_000, error: { type: 'TypeError', message: 'no such page', attempt: 1 },
    });
    expect(world.queue.sent).toEqual([{ message: message(), delay_ms: 10_000 }]);
    expect(world.slots.taken.size).toBe(0);
    world.now += 10_000;
    expect(await world.deliver()).toBe(true);
    expect(world.executions.running).toEqual([SECOND]);
    expect(world.store.only).toMatchObject({ run: 2, attempt: 2 });
  });

  test.each([
    ['FAILED', { error: 'JobFailed', cause: '{"errorMessage":"unreadable"}' }, { status: 'failed', error: { type: 'JobFailed', message: 'unreadable', attempt: 1 } }],
    ['FAILED', { error: 'com.acme.JobFailedException', cause: 'no' }, { status: 'failed', error: { type: 'com.acme.JobFailedException', message: 'no', attempt: 1 } }],
    ['FAILED', {}, { status: 'queued', error: { type: 'ExecutionFailed', message: '', attempt: 1 } }],
    ['TIMED_OUT', {}, { status: 'queued', error: { type: 'ExecutionTimedOut', message: expect.stringContaining('timeout'), attempt: 1 } }],
    ['ABORTED', {}, { status: 'failed', error: { type: 'ExecutionAborted', message: expect.stringContaining('stopped'), attempt: 1 } }],
  ] as const)('%s %j', async (status, more, expected) => {
    await started();
    world.ends(FIRST, status, more);
    await world.told(FIRST);
    expect(world.store.only).toMatchObject(expected);
  });

  test.each([['SUCCEEDED', { output: '1' }], ['FAILED', { error: 'E', cause: 'c' }]] as const)('what the event of one says is not asked for again: %s', async (status, more) => {
    await started();
    world.ends(FIRST, status, more);
    world.watch = (call) => {
      if (call === 'describe') throw new Error('not to be asked');
    };
    await world.told(FIRST);
    expect(world.store.only.status).not.toBe('processing');
  });

  test('one that is told of twice counts once', async () => {
    await started();
    world.ends(FIRST, 'FAILED', { error: 'E', cause: 'c' });
    await world.told(FIRST);
    await world.told(FIRST);
    expect(world.queue.sent).toHaveLength(1);
    expect(world.metrics.counted.JobsRetried).toBe(1);
  });

  test('one before its lease was extended: the message is not needed any more', async () => {
    world.watch = (call, when) => {
      if (call === 'start' && when === 'after') {
        put({ ...world.store.only, status: 'queued', not_before: NOW + 10_000, lease_expires_at: undefined });
      }
    };
    expect(await world.deliver()).toBe(true);
    expect(world.store.only.status).toBe('queued');
  });

  test('what others have started is none of ours, and a run gone by gives its slot back', async () => {
    put(processing({ run: 2 }));
    world.slots.taken.add(FIRST);
    world.executions.all.set('nightly', { status: 'SUCCEEDED', input: '' }).set(FIRST, { status: 'SUCCEEDED', input: '', output: '1' });
    await world.told('nightly');
    await world.told(FIRST);
    expect(world.store.only).toEqual(processing({ run: 2 }));
    expect(world.slots.taken.size).toBe(0);
  });
});

describe('the sweeper', () => {
  test('ends a job whose event was lost', async () => {
    await started();
    world.ends(FIRST, 'SUCCEEDED', { output: '1' });
    await world.sweep();
    expect(world.store.only).toMatchObject({ status: 'succeeded', result: '1' });
    expect(world.slots.taken.size).toBe(0);
    expect(world.log.of('executions swept')).toMatchObject({ settled: 1 });
  });

  test('leaves what is running, also past lease and deadline', async () => {
    await started();
    world.now += 10 * TIMEOUT_MS;
    await world.sweep();
    expect(world.store.only.status).toBe('processing');
    expect(world.executions.running).toEqual([FIRST]);
    expect(world.log.of('an execution takes longer than was stated: it is left to itself')).toBeDefined();
  });

  test('fails what is past its deadline and was never started', async () => {
    put(processing({ deadline_at: NOW - 1, lease_expires_at: NOW - 1 }));
    await world.sweep();
    expect(world.store.only).toMatchObject({ status: 'failed', error: { type: 'DeadlineExceeded' } });
  });

  test('stops what is to be cancelled, and what is no longer its job\'s attempt', async () => {
    await started();
    put({ ...world.store.only, cancel_requested: true });
    world.slots.taken.add(SECOND);
    world.executions.all.set(SECOND, { status: 'RUNNING', input: '' });
    await world.sweep();
    expect(world.executions.running).toEqual([]);
    expect(world.log.of('executions swept')).toMatchObject({ stopped: 2 });
    await world.sweep();
    expect(world.store.only.status).toBe('cancelled');
    expect(world.slots.taken.size).toBe(0);
  });

  test('frees a slot of what was never started, but not while it may be', async () => {
    put(processing({ lease_expires_at: NOW + 1 }));
    world.slots.taken.add(FIRST);
    await world.sweep();
    expect(world.slots.taken.size).toBe(1);
    world.now += 1;
    await world.sweep();
    expect(world.slots.taken.size).toBe(0);
  });

  test('one that cannot be asked about stops nobody else\'s sweep, and is seen', async () => {
    await started();
    world.slots.taken.add(SECOND);
    world.ends(FIRST, 'SUCCEEDED', { output: '1' });
    let calls = 0;
    world.watch = (call) => {
      if (call === 'describe' && calls++ === 1) throw new Error('throttled');
    };
    await expect(world.sweep()).rejects.toThrow('could not be');
    expect(world.store.only.status).toBe('succeeded');
  });
});

describe('a job that was cancelled is counted once', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['by the starter', async () => world.deliver(message(), 2)],
    ['by the sweeper', async () => world.sweep()],
    ['by its dead letter', async () => world.deadLetter()],
    ['by its event', async () => world.told(FIRST)],
  ])('%s', async (_, finds) => {
    await started();
    put({ ...world.store.only, cancel_requested: true, deadline_at: NOW });
    world.ends(FIRST, 'ABORTED');
    await finds();
    expect(world.store.only.status).toBe('cancelled');
    expect(world.metrics.counted.JobsCancelled).toBe(1);
  });
});

describe('a dead letter', () => {
  test('of a job whose execution is under way leaves it to that', async () => {
    await started();
    world.now += TIMEOUT_MS * 2;
    expect(await world.deadLetter()).toBe(true);
    expect(world.store.only.status).toBe('processing');
  });

  test('of one whose execution has failed lets the next attempt begin', async () => {
    await started();
    world.ends(FIRST, 'FAILED', { error: 'E', cause: 'c' });
    expect(await world.deadLetter()).toBe(true);
    expect(world.store.only.status).toBe('queued');
    expect(world.queue.sent).toHaveLength(1);
  });

  test('of one that was never started fails the job', async () => {
    put(processing({ lease_expires_at: NOW - 1 }));
    expect(await world.deadLetter()).toBe(true);
    expect(world.store.only).toMatchObject({ status: 'failed', error: { type: 'DeadLettered' } });
  });
});

describe('every call of a start fails once, before it or after it', () => {
  const calls = ['names', 'take', 'start', 'release', 'describe'] as const;
  const writes = ['create', 'update', 'send'] as const;

  /** The message comes again, its end is told, the sweeper comes, time goes by: as long as anything is left to be done. */
  async function settled(): Promise<void> {
    const first = message();
    let deleted = false;
    for (let round = 0; round < 6; round++) {
      deleted ||= await world.deliver(first, round + 1);
      for (const { message: next } of world.queue.sent.splice(0)) {
        await world.deliver(next);
      }
      expect(world.executions.running.length).toBeLessThanOrEqual(1);
      expect(world.slots.taken.size).toBeLessThanOrEqual(world.most);
      for (const name of world.executions.running) {
        world.ends(name, 'SUCCEEDED', { output: '1' });
        await world.told(name).catch(() => undefined);
      }
      world.now += 10 * 60_000;
      await world.sweep().catch(() => undefined);
    }
    expect(deleted).toBe(true);
  }

  test.each(calls.flatMap((call) => [[call, 'before'], [call, 'after']] as const))('%s, %s', async (call, when) => {
    let broken = false;
    world.watch = (made, then) => {
      if (!broken && made === call && then === when) {
        broken = true;
        throw new Error('lost');
      }
    };
    await settled();
    expect(world.store.only.status).toBe('succeeded');
    expect(world.slots.taken.size).toBe(0);
  });

  test.each(writes)('%s', async (call) => {
    let broken = 0;
    const fail = () => {
      if (broken++ === 0) throw new Error('lost');
    };
    world.store.before = (made) => made === call && fail();
    if (call === 'send') world.queue.before = fail;
    await settled();
    expect(world.store.only.status).toBe('succeeded');
    expect(world.slots.taken.size).toBe(0);
  });
});
