import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Backoff, backoffDelay } from '../../../src/runtime/protocol/backoff';
import { decide } from '../../../src/runtime/protocol/decide';
import { Decision, OUTCOMES, WriteStep } from '../../../src/runtime/protocol/decision';
import { JobEvent } from '../../../src/runtime/protocol/event';
import { idempotentJobId, JOB_ID_PATTERN, newJobId, rejectedJobId } from '../../../src/runtime/protocol/job-id';
import { parseMessage } from '../../../src/runtime/protocol/message';
import { payloadHash } from '../../../src/runtime/protocol/payload';
import { JobRecord } from '../../../src/runtime/protocol/record';
import { apply, holds } from '../../../src/runtime/protocol/write';

/*
 * The same files are read by every language that speaks the protocol. So a file, a field or an event that this test
 * does not know is an error: another language would not know it either.
 */

const FOLDER = join(__dirname, '../../../src/runtime/protocol/vectors');

const EVENTS: readonly JobEvent['type'][] = [
  'submit', 'deliver', 'reject', 'checkpoint', 'complete_stage', 'progress', 'succeed', 'fail', 'defer', 'stop', 'cancel', 'retry', 'dead_letter', 'sweep', 'started',
];

/** Rules 5 and 12 are about time and size and make no transition. */
const RULES = [1, 2, 3, 4, 6, 7, 8, 9, 10, 11];

interface EventVector {
  readonly name: string;
  readonly rule: number;
  readonly record: JobRecord | null;
  readonly event: JobEvent;
  readonly now: number;
  readonly expect: Decision;
}

function vectors<T extends { readonly name: string }>(file: string, ...shapes: string[][]): T[] {
  const found = JSON.parse(readFileSync(join(FOLDER, `${file}.json`), 'utf8')) as T[];
  for (const vector of found) {
    expect(shapes.map((fields) => [...fields].sort())).toContainEqual(Object.keys(vector).sort());
  }
  expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
  return found;
}

const eventVectors = (type: JobEvent['type']) => vectors<EventVector>(type, ['name', 'rule', 'record', 'event', 'now', 'expect']);

test('every file is one of those read here', () => {
  const others = ['writes', 'backoff', 'job-ids', 'payload-hash', 'messages'];
  expect(readdirSync(FOLDER).sort()).toEqual([...EVENTS, ...others].map((name) => `${name}.json`).sort());
});

describe.each(EVENTS)('%s', (type) => {
  test.each(eventVectors(type))('$name', ({ record, event, now, expect: { outcome, steps } }) => {
    expect(event.type).toBe(type);
    expect(decide(record ?? undefined, event, now)).toStrictEqual({ outcome, steps });
  });

  test.each(eventVectors(type))('$name: its write holds on the record it was decided on', ({ record, event, now }) => {
    const write = decide(record ?? undefined, event, now).steps.find((step): step is WriteStep => step.do === 'create' || step.do === 'update');
    expect(write ? holds(write, record ?? undefined, now) : true).toBe(true);
  });
});

test('every outcome and every rule is in a vector', () => {
  const all = EVENTS.flatMap(eventVectors);
  expect([...new Set(all.map(({ expect: { outcome } }) => outcome))].sort()).toEqual([...OUTCOMES].sort());
  expect([...new Set(all.map(({ rule }) => rule))].sort((a, b) => a - b)).toEqual(RULES);
});

describe('writes', () => {
  interface WriteVector {
    readonly name: string;
    readonly write: WriteStep;
    readonly stored: JobRecord | null;
    readonly now: number;
    readonly expect: { readonly held: boolean; readonly record?: JobRecord };
  }

  const all = vectors<WriteVector>('writes', ['name', 'write', 'stored', 'now', 'expect']);

  test.each(all)('$name', ({ write, stored, now, expect: { held, record } }) => {
    expect(holds(write, stored ?? undefined, now)).toBe(held);
    expect(held ? apply(write, stored ?? undefined) : undefined).toStrictEqual(record);
  });
});

describe('backoff', () => {
  interface BackoffVector {
    readonly name: string;
    readonly backoff: Backoff;
    readonly attempt: number;
    readonly random: number;
    readonly expect: number;
  }

  test.each(vectors<BackoffVector>('backoff', ['name', 'backoff', 'attempt', 'random', 'expect']))('$name', (vector) => {
    expect(backoffDelay(vector.backoff, vector.attempt, vector.random)).toBe(vector.expect);
  });
});

describe('job ids', () => {
  interface IdVector {
    readonly name: string;
    readonly new?: { readonly now: number; readonly random_hex: string };
    readonly idempotent?: { readonly owner: string; readonly key: string };
    readonly rejected?: { readonly message_id: string };
    readonly expect: string;
  }

  const shapes = ['new', 'idempotent', 'rejected'].map((way) => ['name', way, 'expect']);

  test.each(vectors<IdVector>('job-ids', ...shapes))('$name', ({ new: made, idempotent, rejected, expect: id }) => {
    const found = made ? newJobId(made.now, Buffer.from(made.random_hex, 'hex'))
      : idempotent ? idempotentJobId(idempotent.owner, idempotent.key)
        : rejectedJobId(rejected!.message_id);
    expect(found).toBe(id);
    expect(found).toMatch(JOB_ID_PATTERN);
  });
});

describe('payload hash', () => {
  type HashVector = { readonly name: string; readonly json: string; readonly expect: string };

  test.each(vectors<HashVector>('payload-hash', ['name', 'json', 'expect']))('$name', ({ json, expect: hash }) => {
    expect(payloadHash(JSON.parse(json))).toBe(hash);
  });
});

describe('messages', () => {
  type MessageVector = { readonly name: string; readonly body: string; readonly expect: object };

  test.each(vectors<MessageVector>('messages', ['name', 'body', 'expect']))('$name', ({ body, expect: message }) => {
    expect(parseMessage(body)).toStrictEqual(message);
  });
});
