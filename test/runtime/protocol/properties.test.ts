import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { message, START } from './life';
import { brokenRecord, brokenWrite } from './scheduler/invariants';
import { decide } from '../../../src/runtime/protocol/decide';
import { WriteStep } from '../../../src/runtime/protocol/decision';
import { JobEvent } from '../../../src/runtime/protocol/event';
import { idempotentJobId, JOB_ID_PATTERN, newJobId } from '../../../src/runtime/protocol/job-id';
import { freshRecord, JobMessage, messageOf, parseMessage } from '../../../src/runtime/protocol/message';
import { payloadHash } from '../../../src/runtime/protocol/payload';
import { JobRecord } from '../../../src/runtime/protocol/record';
import { apply, holds } from '../../../src/runtime/protocol/write';

// node:assert, because jest's `expect` would take ten times as long for thousands of questions.

/** Numbers from 0 to 1 that are the same in every run of a seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

type Pick = <T>(from: readonly T[]) => T;

function someEvent(pick: Pick, given: JobMessage, record: JobRecord | undefined, now: number): JobEvent {
  const run = (record?.run ?? 0) + pick([0, 0, 0, -1, 1]);
  const error = { type: 'Error', message: 'broken', attempt: record?.attempt ?? 0 };
  const delay_ms = pick([0, 1, 60_000, 900_001]);
  return pick<JobEvent>([
    { type: 'submit', message: given },
    { type: 'deliver', message: given, remaining_ms: pick([1_000, 60_000]) },
    { type: 'deliver', message: given, remaining_ms: 60_000 },
    { type: 'deliver', message: given, remaining_ms: 900_000 },
    { type: 'deliver', message: given, remaining_ms: 60_000, judged_run: pick([0, run]) },
    { type: 'started', generation: record?.generation ?? 0, run, lease_ms: 900_000 },
    { type: 'fail', run, error, retry: true, delay_ms, detached: true },
    { type: 'reject', message: given, reason: 'broken' },
    { type: 'checkpoint', run, checkpoint: pick(['1', '2']), stage: pick(['read', 'measure']) },
    { type: 'checkpoint', run, checkpoint: pick(['1', '2']) },
    { type: 'complete_stage', run, stage: pick(['read', 'measure']) },
    { type: 'progress', run, progress: pick([0, 0.5, 1]), note: 'half' },
    { type: 'succeed', run, result: '1' },
    { type: 'fail', run, error, retry: pick([true, true, true, false]), delay_ms },
    { type: 'defer', run, delay_ms },
    { type: 'stop', run },
    { type: 'cancel' },
    { type: 'retry', generation: record?.generation ?? 0, deadline_at: now + 3_600_000 },
    { type: 'dead_letter', message: given },
    { type: 'sweep' },
  ]);
}

describe('whatever happens to a job, in whatever order', () => {
  test.each([1, 2, 3, 4])('its record stays whole (seed %d)', (seed) => {
    const random = randomNumbers(seed);
    const pick: Pick = (from) => from[Math.floor(random() * from.length)];
    let now = START;
    let record: JobRecord | undefined;
    let sent: JobMessage[] = [message()];
    const seen = new Set<string>();
    for (let step = 0; step < 5_000; step++) {
      now += pick([0, 1, 1_000, 30_000, 62_000, 62_001, 900_000]);
      const known = pick([record, record, record, undefined]);
      const event = someEvent(pick, pick(sent.slice(-4)), record, now);
      const decision = decide(known, event, now);
      seen.add(decision.outcome);
      // a decision is the same for the same question, and travels as JSON
      deepStrictEqual(decide(known, event, now), JSON.parse(JSON.stringify(decision)));
      for (const made of decision.steps) {
        if (made.do === 'send') {
          sent.push(made.message);
          deepStrictEqual(parseMessage(JSON.stringify(made.message)), made.message);
          ok(made.delay_ms >= 0 && made.delay_ms <= 900_000);
        } else if (made.do === 'hide') {
          ok(made.until >= now);
        } else if (made.do === 'create' || made.do === 'update') {
          if (!holds(made, record, now)) break;
          const before = record !== undefined && record.expires_at !== undefined && record.expires_at * 1000 <= now ? undefined : record;
          record = written(made, record);
          strictEqual(brokenRecord(record) ?? brokenWrite(before, record), undefined);
        }
      }
      if (record?.status === 'succeeded' || random() < 0.005) {
        // another job, once in a while
        record = undefined;
        sent = [message({ created_at: now, deadline_at: now + 3_600_000, ...pick([{ not_before: now + 60_000 }, {}]) })];
      }
    }
    expect(seen.size).toBeGreaterThan(20);
  });
});

function written(step: WriteStep, record: JobRecord | undefined): JobRecord {
  const before = JSON.stringify(record);
  const after = apply(step, record);
  strictEqual(JSON.stringify(record), before);
  ok(!Object.values(after).includes(undefined));
  return after;
}

describe('messages', () => {
  test('a record gives back the message it was made of', () => {
    expect(messageOf(freshRecord(message()))).toEqual(message());
  });

  test('a job that waits is not told to wait again by its next message', () => {
    expect(messageOf(freshRecord(message({ not_before: START })))).toEqual(message());
  });

  test('what is not known is dropped, also what is called like something of every object', () => {
    const body = `${JSON.stringify(message()).slice(0, -1)},"__proto__":{"polluted":true},"constructor":1,"toString":2}`;
    const found = parseMessage(body);
    expect(found).toStrictEqual(message());
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
    expect(found).not.toHaveProperty('polluted');
  });

  test.each([
    ['deep', '['.repeat(200_000)],
    ['deep and whole', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['large', JSON.stringify('x'.repeat(1_000_000))],
    ['with a byte order mark', `\ufeff${JSON.stringify(message())}`],
    ['twice', JSON.stringify(message()).repeat(2)],
  ])('a body that is %s is no job', (_, body) => {
    expect(parseMessage(body)).toEqual({ invalid: expect.stringMatching(/^the body is not/) });
  });
});

describe('job ids', () => {
  test('sort by the time they were made', () => {
    const times = [0, 1, 31, 32, 1023, 1024, START, START + 1, 2 ** 47];
    const ids = times.map((time) => newJobId(time));
    expect([...ids].sort()).toEqual(ids);
  });

  test('differ when made at the same time', () => {
    const ids = Array.from({ length: 1_000 }, () => newJobId(START));
    expect(new Set(ids).size).toBe(1_000);
    ids.forEach((id) => expect(id).toMatch(JOB_ID_PATTERN));
  });

  test('have 30 characters, of which none is misread', () => {
    for (const id of [newJobId(START), idempotentJobId('acme', 'k'.repeat(10_000)), idempotentJobId('', '')]) {
      expect(id).toHaveLength(30);
      expect(id).not.toMatch(/[ILOU]/);
    }
  });

  test.each(['job_', 'job_01KDVDNB00ABCDEFGHJKMNPQR', 'job_01KDVDNB00ABCDEFGHJKMNPQRSS', 'job_01kdvdnb00abcdefghjkmnpqrs', 'job_01KDVDNB00ABCDEFGHIKMNPQRS',
    ' job_01KDVDNB00ABCDEFGHJKMNPQRS', 'job_01KDVDNB00ABCDEFGHJKMNPQRS\n'])('%j is none', (text) => {
    expect(text).not.toMatch(JOB_ID_PATTERN);
  });
});

describe('payload hash', () => {
  test('tells apart what JSON tells apart', () => {
    const values = [0, 1, -1, '', '0', null, true, false, [], {}, [null], [[]], [0], { a: null }, { a: [] }, { '': 1 }, [1, 2], [2, 1], ['1,2'], '1,2', { a: 1, b: 2 }, { a: 2, b: 1 }];
    expect(new Set(values.map(payloadHash)).size).toBe(values.length);
  });

  test('does not tell apart what JSON does not', () => {
    expect(payloadHash({ a: undefined })).toBe(payloadHash({}));
    expect(payloadHash([undefined])).toBe(payloadHash([null]));
    expect(payloadHash(undefined)).toBe(payloadHash(null));
    expect(payloadHash(NaN)).toBe(payloadHash(null));
  });

  test('is 43 characters that need no escape', () => {
    expect(payloadHash({ pages: 3 })).toMatch(/^[\w-]{43}$/);
  });
});
