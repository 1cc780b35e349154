import { overlaps, verdictOn } from './verdict';
import type { JobRecord } from '../../src/runtime/protocol/record';
import type { JournalEntry } from '../support/journal';
import type { Change } from '../support/stream';

/** The judge of the fault runs sees what is wrong. */
const record = (job_id: string, status: JobRecord['status'], generation = 0) => ({ job_id, status, generation }) as JobRecord;
const change = (from: string | undefined, to: string, generation = 0, fromGeneration = generation): Change =>
  ({ job_id: 'a', from, to, run: 1, generation, ...(from !== undefined && { fromGeneration }) });
const LIFE = [change(undefined, 'queued'), change('queued', 'processing'), change('processing', 'failed')];
const AGAIN = [change('failed', 'queued', 1, 0), change('queued', 'processing', 1), change('processing', 'succeeded', 1)];

const NOTHING = { lost: [], endedTwice: [], untold: [], revived: [] };

test('one end a generation is as it must be', () => {
  expect(verdictOn(['a'], [record('a', 'succeeded', 1)], [...LIFE, ...AGAIN])).toStrictEqual(NOTHING);
});

test.each<[string, JobRecord[], Change[], object]>([
  ['a job without a record', [], [], { lost: ['a'] }],
  ['a job that is not over', [record('a', 'processing')], LIFE.slice(0, 2), { lost: ['a'] }],
  ['a second end', [record('a', 'failed')], [...LIFE, change('queued', 'failed')], { endedTwice: ['a#0'] }],
  ['an end that no change tells of', [record('a', 'failed')], LIFE.slice(0, 2), { untold: ['a#0'] }],
  ['a generation without an end', [record('a', 'succeeded', 1)], AGAIN, { untold: ['a#0'] }],
  ['a change after the end', [record('a', 'failed')], [...LIFE, change('failed', 'failed')], { revived: [expect.anything()] }],
  ['a revival without a new generation', [record('a', 'failed')], [...LIFE, change('failed', 'queued')], { revived: [expect.anything()] }],
])('%s is found', (_, records, changes, expected) => {
  expect(verdictOn(['a'], records, changes)).toMatchObject({ ...NOTHING, ...expected });
});

const entry = (event: JournalEntry['event'], at: number, pid: number): JournalEntry => ({ job_id: 'a', attempt: 1, event, at, pid });

test.each<[string, JournalEntry[], number]>([
  ['after the end of the last', [entry('start', 0, 1), entry('end', 500, 1), entry('start', 600, 2)], 0],
  ['after its kill', [entry('start', 0, 1), entry('kill', 10, 1), entry('start', 600, 2)], 0],
  ['after its time', [entry('start', 0, 1), entry('start', 3_100, 2)], 0],
  ['while it is at work', [entry('start', 0, 1), entry('start', 2_000, 2)], 1],
  ['while it is frozen, and its time is not over', [entry('start', 0, 1), entry('freeze', 1, 1), entry('start', 2_000, 2)], 1],
])('an attempt that begins %s', (_, entries, found) => {
  expect(overlaps(entries, 3)).toHaveLength(found);
});
