import { Life, message, START } from './life';
import { idempotentJobId } from '../../../src/runtime/protocol/job-id';
import { parseMessage } from '../../../src/runtime/protocol/message';
import { payloadHash, INLINE_LIMIT_BYTES } from '../../../src/runtime/protocol/payload';
import { MAX_DELAY_MS, LEASE_MARGIN_MS, VISIBILITY_MARGIN_MS } from '../../../src/runtime/protocol/record';
import { toItem } from '../../../src/runtime/store/dynamodb/item';

/*
 * Each of the twelve rules in `protocol.md`, with somebody who tries to break it. What only shows between the calls of
 * several processes is the scheduler's; each single decision is a vector's.
 */

const MINUTE = 60_000;

describe('rule 1: send, then put if absent', () => {
  test('a submission that dies after its send still becomes a record', () => {
    const life = new Life();
    life.happens({ type: 'submit', message: message() }, { steps: 1 });
    expect(life.record).toBeUndefined();
    expect(life.delivered()).toBe('claimed');
    expect(life.record).toMatchObject({ status: 'processing', run: 1, attempt: 1, payload: '{"pages":3}' });
  });

  test('a submission that dies before its send leaves nothing behind', () => {
    const life = new Life();
    life.happens({ type: 'submit', message: message() }, { steps: 0 });
    expect([life.record, life.messages]).toEqual([undefined, []]);
  });

  test('a put that comes after the worker changes nothing', () => {
    const life = new Life();
    life.happens({ type: 'submit', message: message() }, { steps: 1 });
    life.delivered();
    life.reports({ type: 'succeed', result: '1' });
    const before = life.record;
    life.happens({ type: 'submit', message: message() }, { known: undefined });
    expect(life.record).toEqual(before);
  });

  test('a worker that takes the record for absent loses nothing of it', () => {
    const life = new Life().submitted();
    life.delivered();
    life.fails();
    expect(life.happens({ type: 'deliver', message: message(), remaining_ms: MINUTE }, { known: undefined })).toBe('claimed');
    expect(life.record).toMatchObject({ run: 2, attempt: 2, error: { message: 'broken' } });
  });
});

describe('rule 2: a terminal state changes only by an explicit retry', () => {
  test.each(['succeed', 'stop'] as const)('nothing but a retry moves a job after %s', (type) => {
    const life = new Life().submitted();
    life.delivered();
    life.reports({ type });
    const before = life.record;
    life.later(2 * 3_600_000);
    life.delivered();
    life.fails();
    life.reports({ type: 'checkpoint', checkpoint: '1' });
    life.reports({ type: 'defer', delay_ms: 0 });
    life.happens({ type: 'cancel' });
    life.happens({ type: 'sweep' });
    life.happens({ type: 'dead_letter', message: message() });
    life.happens({ type: 'reject', message: message(), reason: 'broken' });
    life.happens({ type: 'submit', message: message() });
    expect(life.record).toEqual(before);
  });

  test('a retry sends the next generation, whose message is enough', () => {
    const life = failed();
    life.happens({ type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE }, { steps: 1 });
    expect(life.record).toMatchObject({ status: 'failed', generation: 0 });
    expect(life.delivered()).toBe('claimed');
    expect(life.record).toMatchObject({ status: 'processing', generation: 1, attempt: 1, run: 4 });
    expect(life.record).not.toHaveProperty('error');
    expect(life.record).not.toHaveProperty('expires_at');
  });

  test('two retries of one end are one', () => {
    const life = failed();
    const event = { type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE } as const;
    const seen = life.record;
    expect(life.happens(event)).toBe('retried');
    expect(life.happens(event, { known: seen })).toBe('retried');
    expect(life.record).toMatchObject({ generation: 1 });
    expect(life.messages.map(({ generation }) => generation)).toEqual([0, 1, 1]);
    life.delivered(life.messages[1]);
    expect(life.delivered(life.messages[2])).toBe('leased');
  });

  test('a message of a generation gone by is dropped', () => {
    const life = failed();
    life.happens({ type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE });
    expect(life.delivered(life.messages[0])).toBe('stale');
    expect(life.does('acknowledge')).toBe(true);
  });

  test('a retry keeps payload, checkpoint and what was done', () => {
    const life = new Life().submitted();
    life.delivered();
    life.reports({ type: 'checkpoint', checkpoint: '{"page":2}' });
    life.reports({ type: 'complete_stage', stage: 'read' });
    life.reports({ type: 'fail', error: { type: 'JobFailed', message: 'no', attempt: 1 }, retry: false, delay_ms: 0 });
    life.happens({ type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE });
    life.delivered();
    expect(life.record).toMatchObject({ payload: '{"pages":3}', checkpoint: '{"page":2}', stages_completed: ['read'] });
    // what an earlier generation saved was not moved forward by this one
    life.later(2 * MINUTE);
    expect(life.delivered()).toBe('claimed');
    expect(life.record).toMatchObject({ attempt: 2 });
  });
});

describe('rule 3: one live attempt', () => {
  test('a second delivery waits until the lease is over', () => {
    const life = new Life().submitted();
    life.delivered();
    life.later(MINUTE + LEASE_MARGIN_MS - 1);
    expect(life.delivered()).toBe('leased');
    expect(life.last.steps).toEqual([{ do: 'hide', until: START + MINUTE + 2 * LEASE_MARGIN_MS }]);
    life.later(1);
    expect(life.delivered()).toBe('claimed');
    expect(life.record).toMatchObject({ run: 2 });
  });

  test('of two deliveries that saw the same record one claims', () => {
    const life = new Life().submitted();
    const seen = life.record;
    const event = { type: 'deliver', message: message(), remaining_ms: MINUTE } as const;
    expect(life.happens(event, { known: seen })).toBe('claimed');
    expect(life.happens(event, { known: seen })).toBe('leased');
    expect(life.happens(event, { known: undefined })).toBe('leased');
    expect(life.record).toMatchObject({ run: 1, attempt: 1 });
  });

  test('a frozen worker that wakes after another has claimed the job writes nothing', () => {
    const life = new Life().submitted();
    life.delivered();
    life.later(2 * MINUTE);
    life.delivered();
    const before = life.record;
    expect(life.reports({ type: 'succeed' }, 1)).toBe('fenced');
    expect(life.reports({ type: 'checkpoint', checkpoint: '1' }, 1)).toBe('fenced');
    expect(life.reports({ type: 'defer', delay_ms: 0 }, 1)).toBe('fenced');
    expect(life.record).toEqual(before);
    expect(life.messages).toHaveLength(1);
  });

  test('nor when it holds the record as it was', () => {
    const life = new Life().submitted();
    life.delivered();
    const known = life.record;
    life.later(2 * MINUTE);
    life.delivered();
    const before = life.record;
    expect(life.happens({ type: 'succeed', run: 1 }, { known })).toBe('fenced');
    expect(life.record).toEqual(before);
  });

  test('run never falls, through attempts and generations', () => {
    const life = failed();
    life.happens({ type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE });
    expect(life.record).toMatchObject({ run: 3, attempt: 0 });
    life.delivered();
    expect(life.record).toMatchObject({ run: 4, attempt: 1 });
  });
});

describe('rule 4: the record counts attempts', () => {
  test('receives that start nothing are not charged', () => {
    const life = new Life().submitted({ not_before: START + 10 });
    for (let receives = 0; receives < 20; receives++) {
      expect(life.delivered()).toBe('early');
    }
    life.later(10);
    expect(life.delivered()).toBe('claimed');
    expect(life.record).toMatchObject({ attempt: 1 });
  });

  test('attempts that crash are, and the last one fails the job', () => {
    const life = new Life().submitted({ max_attempts: 2 });
    life.delivered();
    life.later(2 * MINUTE);
    life.delivered();
    life.later(2 * MINUTE);
    expect(life.delivered()).toBe('exhausted');
    expect(life.record).toMatchObject({ status: 'failed', attempt: 2, error: { type: 'WorkerLost', attempt: 2 } });
  });

  test('an attempt that moved its checkpoint is not charged, however often it crashes', () => {
    const life = new Life().submitted({ max_attempts: 1, deadline_at: START + 1000 * MINUTE });
    for (let page = 1; page <= 10; page++) {
      expect(life.delivered()).toBe('claimed');
      life.reports({ type: 'checkpoint', checkpoint: String(page) });
      life.later(2 * MINUTE);
      expect(life.delivered()).toBe('resumed');
      expect(life.messages).toHaveLength(page + 1);
    }
    expect(life.delivered()).toBe('claimed');
    life.reports({ type: 'checkpoint', checkpoint: '10' });
    life.later(2 * MINUTE);
    expect(life.delivered()).toBe('exhausted');
  });
});

describe('rule 5: a crash is retried soon', () => {
  test('a message comes back when the lease of its attempt is over', () => {
    expect(VISIBILITY_MARGIN_MS).toBeGreaterThan(LEASE_MARGIN_MS);
    const life = new Life().submitted();
    life.delivered();
    life.later(MINUTE + VISIBILITY_MARGIN_MS);
    expect(life.delivered()).toBe('claimed');
  });
});

describe('rule 6: dead letters', () => {
  const dead = (life: Life, given = life.messages.at(-1)!) => life.happens({ type: 'dead_letter', message: given });

  test('a live attempt goes on', () => {
    const life = new Life().submitted();
    life.delivered();
    const before = life.record;
    expect(dead(life)).toBe('leased');
    expect(life.record).toEqual(before);
    expect(life.reports({ type: 'succeed' })).toBe('succeeded');
    expect(dead(life)).toBe('stale');
  });

  test('the last error known is what the job failed of', () => {
    const life = new Life().submitted();
    life.delivered();
    life.fails();
    expect(dead(life)).toBe('dead_lettered');
    expect(life.record).toMatchObject({ status: 'failed', error: { message: 'broken' } });
  });

  test('a message of another generation touches nothing', () => {
    const life = failed();
    life.happens({ type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE });
    life.delivered();
    const before = life.record;
    expect(dead(life, life.messages[0])).toBe('stale');
    expect(life.record).toEqual(before);
  });

  test('a retry whose message nobody took has failed, and can be retried again', () => {
    const life = failed();
    life.happens({ type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE }, { steps: 1 });
    expect(dead(life)).toBe('dead_lettered');
    expect(life.record).toMatchObject({ status: 'failed', generation: 1, attempt: 0, error: { type: 'DeadLettered' } });
    expect(life.happens({ type: 'retry', generation: 1, deadline_at: life.now + 60 * MINUTE })).toBe('retried');
  });

  test('what is no job is kept, and cannot be run', () => {
    const life = new Life();
    life.happens({ type: 'reject', message: message({ owner: 'system' }), reason: 'the body is not JSON' });
    expect(life.record).toMatchObject({ status: 'failed', error: { type: 'InvalidMessage', message: 'the body is not JSON', attempt: 0 } });
    expect(life.happens({ type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE })).toBe('not_retryable');
  });
});

describe('rule 7: waiting', () => {
  test('a deferral sends before it deletes, and dies in between without harm', () => {
    const life = new Life().submitted();
    life.delivered();
    life.happens({ type: 'defer', run: 1, delay_ms: 5_000 }, { steps: 2 });
    expect(life.last.steps.map(({ do: what }) => what)).toEqual(['update', 'send', 'acknowledge']);
    expect(life.messages).toHaveLength(2);
    // both messages are there now
    expect([life.delivered(life.messages[0]), life.delivered(life.messages[1])]).toEqual(['early', 'early']);
    life.later(5_000);
    expect([life.delivered(life.messages[1]), life.delivered(life.messages[0])]).toEqual(['claimed', 'leased']);
    expect(life.record).toMatchObject({ run: 2, attempt: 1 });
  });

  test('a wait longer than the queue can delay is chained, and no link of it starts the job early', () => {
    const life = new Life().submitted({ deadline_at: START + 100 * MAX_DELAY_MS });
    life.delivered();
    life.reports({ type: 'defer', delay_ms: 3 * MAX_DELAY_MS });
    for (let link = 1; link <= 2; link++) {
      life.later(MAX_DELAY_MS);
      expect(life.delivered()).toBe('early');
      expect(life.does('send')).toBe(link === 1);
    }
    life.later(MAX_DELAY_MS - 1);
    expect(life.delivered()).toBe('early');
    life.later(1);
    expect(life.delivered()).toBe('claimed');
  });

  test('attempts that only waited are free', () => {
    const life = new Life().submitted({ max_attempts: 1 });
    for (let round = 0; round < 10; round++) {
      expect(life.delivered()).toBe('claimed');
      expect(life.reports({ type: 'defer', delay_ms: 0 })).toBe('deferred');
    }
    life.delivered();
    expect(life.fails()).toBe('failed');
  });
});

describe('rule 8: near the timeout', () => {
  test('the next attempt has the checkpoint of the last', () => {
    const life = new Life().submitted();
    life.delivered();
    life.reports({ type: 'checkpoint', checkpoint: '{"page":2}', stage: 'measure' });
    expect(life.fails()).toBe('resumed');
    life.delivered();
    expect(life.record).toMatchObject({ attempt: 1, run: 2, checkpoint: '{"page":2}', current_stage: 'measure' });
  });

  test('to save the same again is not to move', () => {
    const life = new Life().submitted({ max_attempts: 2 });
    life.delivered();
    life.reports({ type: 'checkpoint', checkpoint: '1' });
    life.fails();
    life.delivered();
    life.reports({ type: 'checkpoint', checkpoint: '1' });
    expect(life.fails()).toBe('retrying');
    expect(life.record).toMatchObject({ attempt: 1 });
  });
});

describe('rule 9: cancel', () => {
  test('a job that waits never starts', () => {
    const life = new Life().submitted();
    expect(life.happens({ type: 'cancel' })).toBe('cancelled');
    expect(life.delivered()).toBe('already_ended');
    expect(life.happens({ type: 'deliver', message: message(), remaining_ms: MINUTE }, { known: undefined })).toBe('already_ended');
  });

  test('an attempt learns of it by its next write', () => {
    const life = new Life().submitted();
    life.delivered();
    const known = life.record;
    life.happens({ type: 'cancel' });
    expect(life.happens({ type: 'progress', run: 1, progress: 0.5 }, { known })).toBe('saved');
    expect(life.record).toMatchObject({ cancel_requested: true, progress: 0.5 });
  });

  test.each([
    ['success wins', 'succeed', 'succeeded'],
    ['a stop ends it', 'stop', 'cancelled'],
    ['an error ends it', 'fail', 'cancelled'],
    ['a wait ends it', 'defer', 'cancelled'],
  ] as const)('%s, also of an attempt that has not heard of it', (_, type, status) => {
    const life = new Life().submitted();
    life.delivered();
    const known = life.record;
    life.happens({ type: 'cancel' });
    const error = { type: 'Error', message: 'broken', attempt: 1 };
    life.happens(type === 'fail' ? { type, run: 1, error, retry: true, delay_ms: 0 }
      : type === 'defer' ? { type, run: 1, delay_ms: 0 } : { type, run: 1 }, { known });
    expect(life.record).toMatchObject({ status });
    expect(life.messages).toHaveLength(1);
  });

  test('a crash ends it', () => {
    const life = new Life().submitted();
    life.delivered();
    life.reports({ type: 'checkpoint', checkpoint: '1' });
    life.happens({ type: 'cancel' });
    life.later(2 * MINUTE);
    expect(life.delivered()).toBe('cancelled');
  });

  test('a retry forgets it', () => {
    const life = new Life().submitted();
    life.delivered();
    life.happens({ type: 'cancel' });
    life.fails();
    life.happens({ type: 'retry', generation: 0, deadline_at: life.now + 60 * MINUTE });
    expect(life.record).toMatchObject({ status: 'queued', cancel_requested: false });
    expect(life.delivered()).toBe('claimed');
  });
});

describe('rule 10: idempotency', () => {
  const other = { payload: '{"pages":4}', payload_hash: payloadHash({ pages: 4 }) };

  test('the same owner and key give the same id, and no other pair does', () => {
    const ids = [['a', 'bc'], ['ab', 'c'], ['abc', ''], ['', 'abc'], ['a', 'bC'], ['1:a', 'bc']].map(([owner, key]) => idempotentJobId(owner, key));
    expect(new Set(ids).size).toBe(ids.length);
    expect(idempotentJobId('a', 'bc')).toBe(ids[0]);
  });

  test('another payload never takes the place of the first, whoever comes when', () => {
    const life = new Life().submitted();
    // the second asked before the first had put its record
    expect(life.happens({ type: 'submit', message: message(other) }, { known: undefined })).toBe('conflict');
    expect(life.messages).toHaveLength(2); // sent before anybody could know: the worker drops it
    expect(life.happens({ type: 'deliver', message: message(other), remaining_ms: MINUTE }, { known: undefined })).toBe('mismatch');
    expect(life.happens({ type: 'dead_letter', message: message(other) }, { known: undefined })).toBe('stale');
    expect(life.record).toMatchObject({ status: 'queued', payload: '{"pages":3}' });
  });

  test('the same payload, spelled otherwise, is known', () => {
    expect(payloadHash({ a: 1, b: [{ c: 2, d: undefined }] })).toBe(payloadHash(JSON.parse('{"b":[{"c":2}], "a":1.0}')));
  });
});

describe('rule 11: nothing waits for ever', () => {
  test.each(['queued', 'waiting', 'lost'])('a job that is %s is failed after its deadline, without any message', (how) => {
    const life = new Life().submitted();
    if (how !== 'queued') life.delivered();
    if (how === 'waiting') life.fails(10 * 3_600_000);
    life.later(3_600_000 - 1);
    expect(life.happens({ type: 'sweep' })).toBe('not_due');
    life.later(1);
    expect(life.happens({ type: 'sweep' })).toBe('overdue');
    expect(life.record).toMatchObject({ status: 'failed', error: { type: 'DeadlineExceeded' } });
  });

  test('no message that is left can start a job again, before or after its record is gone', () => {
    const life = new Life().submitted();
    life.delivered();
    life.reports({ type: 'succeed' });
    for (const ms of [MINUTE, 3_600_000, 86_399_999, 1, 86_400_000]) {
      life.later(ms);
      for (const known of [life.record, undefined]) {
        const event = { message: message(), remaining_ms: MINUTE } as const;
        expect(['already_ended', 'stale']).toContain(life.happens({ type: 'deliver', ...event }, { known }));
        expect(life.happens({ type: 'dead_letter', ...event }, { known })).toBe('stale');
      }
    }
    expect(life.record).toMatchObject({ status: 'succeeded', run: 1 });
  });

  test('only an ended job expires', () => {
    const life = new Life().submitted();
    expect(life.record).not.toHaveProperty('expires_at');
    life.delivered();
    expect(life.record).not.toHaveProperty('expires_at');
    life.reports({ type: 'succeed' });
    expect(life.record).toMatchObject({ expires_at: (START + 3_600_000) / 1000 + 86_400 });
  });

  test('an id whose record has expired can be used again', () => {
    const life = new Life().submitted();
    life.happens({ type: 'cancel' });
    life.later(3_600_000 + 86_400_000);
    const again = message({ created_at: life.now, deadline_at: life.now + 60 * MINUTE });
    expect(life.happens({ type: 'submit', message: again })).toBe('submitted');
    expect(life.record).toMatchObject({ status: 'queued', created_at: life.now });
  });
});

describe('rule 12: limits', () => {
  test('payload, result, checkpoint and error at their largest fit into one item', () => {
    const text = 'x'.repeat(INLINE_LIMIT_BYTES);
    const life = new Life().submitted({ payload: text, owner: 'o'.repeat(1024), correlation_id: 'c'.repeat(1024) });
    life.delivered();
    life.reports({ type: 'checkpoint', checkpoint: text });
    life.reports({ type: 'succeed', result: text });
    expect(JSON.stringify(toItem(life.record!)).length).toBeLessThan(400 * 1024);
  });

  test('a message whose record could never be written is refused', () => {
    expect(parseMessage(JSON.stringify(message({ payload: 'x'.repeat(4 * INLINE_LIMIT_BYTES) })))).toHaveProperty('job_id');
    expect(parseMessage(JSON.stringify(message({ payload: 'x'.repeat(4 * INLINE_LIMIT_BYTES + 1) })))).toHaveProperty('invalid');
  });
});

/** A job that has used up its three attempts. */
function failed(): Life {
  const life = new Life().submitted();
  for (let attempt = 1; attempt <= 3; attempt++) {
    life.delivered();
    life.fails();
  }
  expect(life.record).toMatchObject({ status: 'failed', attempt: 3 });
  return life;
}

describe('attempts that are executions', () => {
  const asking = (life: Life, judged_run = 0) => life.happens({ type: 'deliver', message: message(), remaining_ms: 60_000, judged_run });
  const started = (life: Life, run = life.record!.run) => life.happens({ type: 'started', generation: 0, run, lease_ms: 60 * MINUTE });

  test('no lease says that one is over: its execution is asked about', () => {
    const life = new Life().submitted();
    expect(asking(life)).toBe('claimed');
    life.later(10 * MINUTE);
    expect(asking(life)).toBe('unsettled');
    expect(life.happens({ type: 'dead_letter', message: message(), judged_run: 0 })).toBe('unsettled');
    life.later(100 * MINUTE);
    expect(life.happens({ type: 'sweep', judged_run: 0 })).toBe('unsettled');
    expect(life.record).toMatchObject({ status: 'processing', run: 1, attempt: 1 });
  });

  test('what is known of one run says nothing of the next', () => {
    const life = new Life().submitted();
    asking(life);
    life.later(2 * MINUTE);
    expect(asking(life, 1)).toBe('claimed');
    life.later(2 * MINUTE);
    expect(asking(life, 1)).toBe('unsettled');
    expect(life.record).toMatchObject({ run: 2, attempt: 2 });
  });

  test('one that has started is alive for as long as it may take, and its message is done with', () => {
    const life = new Life().submitted();
    asking(life);
    expect(started(life)).toBe('started');
    expect(life.does('acknowledge')).toBe(true);
    life.later(59 * MINUTE);
    expect(asking(life, 1)).toBe('leased');
  });

  test('one that fails sends the message of the next attempt first', () => {
    const life = new Life().submitted();
    asking(life);
    started(life);
    const failure = { type: 'fail', run: 1, error: { type: 'E', message: 'm', attempt: 1 }, retry: true, delay_ms: 0, detached: true } as const;
    life.happens(failure, { steps: 1 });
    expect(life.messages).toHaveLength(2);
    expect(life.record!.status).toBe('processing');
    expect(asking(life)).toBe('unsettled');
    expect(life.happens(failure)).toBe('retrying');
    expect(life.record).toMatchObject({ status: 'queued', attempt: 1 });
    expect(asking(life)).toBe('claimed');
  });

  test('one whose job has gone on is told so when it starts', () => {
    const life = new Life().submitted();
    asking(life);
    life.later(2 * MINUTE);
    asking(life, 1);
    expect(started(life, 1)).toBe('fenced');
    expect(life.does('acknowledge')).toBe(false);
  });
});
