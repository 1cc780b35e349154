import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide } from '../../../src/runtime/protocol/decide';
import { Decision, OUTCOMES, WriteStep } from '../../../src/runtime/protocol/decision';
import { JobEvent } from '../../../src/runtime/protocol/event';
import { parseMessage } from '../../../src/runtime/protocol/message';
import { INLINE_LIMIT_BYTES } from '../../../src/runtime/protocol/payload';
import { JobRecord, LEASE_MARGIN_MS, MAX_DELAY_MS, RECORD_VERSION, VISIBILITY_MARGIN_MS } from '../../../src/runtime/protocol/record';
import { apply } from '../../../src/runtime/protocol/write';

/* protocol.md says what the code does: where both are lists, they are compared. */

const FOLDER = join(__dirname, '../../../src/runtime/protocol');
const TEXT = readFileSync(join(FOLDER, 'protocol.md'), 'utf8');

interface Vector {
  readonly record: JobRecord | null;
  readonly event: JobEvent;
  readonly now: number;
  readonly expect: Decision;
}

const VECTORS = readdirSync(join(FOLDER, 'vectors'))
  .flatMap((file) => JSON.parse(readFileSync(join(FOLDER, 'vectors', file), 'utf8')) as Vector[])
  .filter(({ event }) => event !== undefined);

function section(title: string): string {
  const found = TEXT.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`no section "${title}"`);
  return found;
}

/** The rows of a section's table, without its head. */
function rows(title: string): string[][] {
  return section(title).split('\n').filter((line) => line.startsWith('|')).slice(2)
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

const plain = (cell: string) => cell.replace(/`/g, '');

test('the outcomes', () => {
  expect(rows('Outcomes').map(([outcome]) => plain(outcome))).toEqual(OUTCOMES);
  rows('Outcomes').forEach(([, meaning]) => expect(meaning).not.toBe(''));
});

test('the fields of a record', () => {
  const fields = VECTORS.flatMap(({ record, event, now }) => {
    const writes = decide(record ?? undefined, event, now).steps.filter((step): step is WriteStep => step.do === 'create' || step.do === 'update');
    return [record ?? {}, ...writes.map((step) => apply(step, record ?? undefined))].flatMap(Object.keys);
  });
  expect(rows('Record').map(([field]) => plain(field)).sort()).toEqual([...new Set(fields)].sort());
});

test('the outcomes of each event, and the calls that lead to them', () => {
  let event = '';
  const told = new Set<string>();
  for (const [given, , calls, outcome] of rows('Events and the order of their calls')) {
    event = given || event;
    const types = event === 'any report of an attempt'
      ? ['checkpoint', 'complete_stage', 'progress', 'succeed', 'fail', 'defer', 'stop']
      : [...event.matchAll(/`(\w+)`/g)].map(([, type]) => type);
    for (const way of calls.split(', or ').flatMap((some) => (some.includes('unless') ? ['', some.split(', unless')[0]] : [some]))) {
      types.forEach((type) => told.add([type, plain(outcome), callsOf(way)].join(' ')));
    }
  }
  const made = new Set(VECTORS.map(({ event: { type }, expect: { outcome, steps } }) => [
    type, outcome, steps.map(({ do: what }) => what).join(','),
  ].join(' ')));
  expect([...told].sort()).toEqual([...made].sort());
});

/** "update to queued, send, ack" as `update,send,acknowledge`. */
function callsOf(way: string): string {
  return way.split(/, | and /).map((call) => call.split(' ')[0].replace(/^end$/, 'update').replace(/^ack$/, 'acknowledge')).join(',');
}

test('the examples', () => {
  const [record, message] = ['Record', 'Message'].map((title) => JSON.parse(/```json\n([^`]*)```/.exec(section(title))![1]) as object);
  expect(parseMessage(JSON.stringify(message))).toEqual(message);
  expect(Object.keys(record).filter((field) => !rows('Record').some(([name]) => plain(name) === field))).toEqual([]);
  expect(decide(record as JobRecord, { type: 'cancel' }, 0).outcome).toBe('cancel_requested');
  expect(record).toMatchObject({ version: RECORD_VERSION, payload_hash: expect.stringMatching(/^[\w-]{43}$/) });
});

test('the figures', () => {
  expect(TEXT).toContain(`time the attempt has left and ${LEASE_MARGIN_MS / 1000} s`);
  expect(TEXT).toContain(`time it has left and ${VISIBILITY_MARGIN_MS / 1000} s`);
  expect(TEXT).toContain(`a delay of at most ${MAX_DELAY_MS / 1000} s`);
  expect(TEXT).toContain(`up to ${INLINE_LIMIT_BYTES.toLocaleString('en')} bytes each`);
});

test('the rules are twelve', () => {
  const numbers = [...section('The twelve rules').matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});
