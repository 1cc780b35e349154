import { jsonLimit } from '../../../src/runtime/node/checks';
import { JobCancelled, JobFailed, JobSuperseded, RetryLater, TimeoutNear } from '../../../src/runtime/node/errors';
import { outcomeOf } from '../../../src/runtime/node/outcome';
import { JobRecord } from '../../../src/runtime/protocol/record';
import { NOW, processing } from '../../support/job-fixtures';

const NOT_ABORTED = new AbortController().signal;

function outcome(end: Parameters<typeof outcomeOf>[0], signal = NOT_ABORTED, record: JobRecord = processing(), inTransaction = false) {
  return outcomeOf(end, { record, signal, inTransaction, backoff: (attempt) => attempt * 1_000, limit: jsonLimit(false), now: NOW });
}

describe('a handler that returns', () => {
  test.each([
    [undefined, undefined],
    [null, 'null'],
    [0, '0'],
    [{ pages: [1, 2] }, '{"pages":[1,2]}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])('%p succeeds with %p', (value, result) => {
    expect(outcome({ returned: value })).toEqual({ type: 'succeed', run: 1, ...(result !== undefined && { result }) });
  });

  test('fails, as far as its record does not say otherwise, when its end stands in a transaction', () => {
    const event = outcome({ returned: 7 }, NOT_ABORTED, processing(), true);
    expect(event).toMatchObject({ type: 'fail', run: 1, retry: true, error: { type: 'TransactionNotCommitted', attempt: 1 } });
  });

  test('succeeds, though it was asked to stop', () => {
    expect(outcome({ returned: 1 }, AbortSignal.abort(new JobCancelled()))).toMatchObject({ type: 'succeed' });
    expect(outcome({ returned: 1 }, AbortSignal.abort(new TimeoutNear()))).toMatchObject({ type: 'succeed' });
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  test.each<[string, unknown, string]>([
    ['a function', () => {}, 'the result is not JSON: it is a function'],
    ['a cycle', cycle, 'the result is not JSON: Converting circular structure'],
    ['a bigint', 1n, 'the result is not JSON: Do not know how to serialize a BigInt'],
    ['too much', 'x'.repeat(65_535), 'the result is 65537 bytes of JSON, and a job keeps up to 65536: give the pipeline a bucket (its prop bucket)'],
  ])('%s fails, and another attempt would be of no use', (_, value, message) => {
    expect(outcome({ returned: value })).toMatchObject({
      type: 'fail', retry: false, error: { type: 'InvalidResult', message: expect.stringContaining(message), attempt: 1 },
    });
  });
});

describe('a handler that throws', () => {
  test('any error is tried again after its backoff', () => {
    expect(outcome({ threw: new TypeError('broken') }, NOT_ABORTED, processing({ attempt: 2 }))).toEqual({
      type: 'fail', run: 1, retry: true, delay_ms: 2_000, error: { type: 'TypeError', message: 'broken', attempt: 2 },
    });
  });

  test.each<[unknown, string, string]>([
    ['text', 'Error', 'text'],
    [undefined, 'Error', 'undefined'],
    [null, 'Error', 'something that is no error was thrown'],
    [{}, 'Error', 'something that is no error was thrown'],
    [{ name: '', message: '' }, 'Error', ''],
    [{ name: 7, message: 7 }, 'Error', 'something that is no error was thrown'],
    [{ name: 'Odd', message: 'but readable' }, 'Odd', 'but readable'],
  ])('%p is an error as well', (threw, type, message) => {
    expect(outcome({ threw })).toMatchObject({ type: 'fail', retry: true, error: { type, message } });
  });

  test('what is long is cut', () => {
    const threw = Object.assign(new Error('m'.repeat(5_000)), { name: 'N'.repeat(500) });
    const event = outcome({ threw });
    if (event.type !== 'fail') throw new Error(event.type);
    expect(event.error.message).toHaveLength(1_024);
    expect(event.error.message).toMatch(/^m+…$/);
    expect(event.error.type).toHaveLength(128);
  });

  test.each([
    new JobFailed('no'),
    Object.assign(new Error('no'), { name: 'JobFailed' }),
  ])('JobFailed, by its name, is not tried again', (threw) => {
    expect(outcome({ threw })).toMatchObject({ type: 'fail', retry: false, error: { type: 'JobFailed', message: 'no' } });
  });

  test('JobFailed can say what callers see', () => {
    expect(outcome({ threw: new JobFailed('no', 'UnreadableDrawing') })).toMatchObject({ retry: false, error: { type: 'UnreadableDrawing' } });
  });

  test.each([
    [new RetryLater(60), 60_000],
    [new RetryLater(0), 0],
    [new RetryLater(0.0004), 0],
    [Object.assign(new Error(), { name: 'RetryLater', seconds: 1.5 }), 1_500],
    [new RetryLater(Infinity), 366 * 86_400_000],
  ])('RetryLater, by its name, is deferred', (threw, delay_ms) => {
    expect(outcome({ threw })).toEqual({ type: 'defer', run: 1, delay_ms });
  });

  test.each<[unknown, number]>([['120', 120], ['Fri, 15 Jan 2027 08:02:00 GMT', 120], [undefined, 60], [null, 60], [NaN, 60], [-1, 60], ['soon', 60], [{}, 60]])(
    'RetryLater of the handler\'s own with seconds %p waits for %p s', (seconds, expected) => {
      expect(outcome({ threw: { name: 'RetryLater', seconds } })).toEqual({ type: 'defer', run: 1, delay_ms: expected * 1_000 });
    });

  test('JobCancelled stops', () => {
    expect(outcome({ threw: new JobCancelled() })).toEqual({ type: 'stop', run: 1 });
    expect(outcome({ threw: Object.assign(new Error(), { name: 'JobCancelled' }) })).toEqual({ type: 'stop', run: 1 });
  });
});

describe('a handler that throws after it was asked to stop', () => {
  const abortError = Object.assign(new Error('This operation was aborted'), { name: 'AbortError' });

  test('for a cancellation', () => {
    const signal = AbortSignal.abort(new JobCancelled());
    expect(outcome({ threw: signal.reason }, signal)).toEqual({ type: 'stop', run: 1 });
    expect(outcome({ threw: abortError }, signal)).toEqual({ type: 'stop', run: 1 });
    expect(outcome({ threw: new Error('broken') }, signal)).toMatchObject({ type: 'fail', error: { type: 'Error' } });
  });

  test('for the timeout, goes on at once when it has come forward', () => {
    const signal = AbortSignal.abort(new TimeoutNear());
    const moved = processing({ checkpoint: '1', checkpoint_run: 1 });
    expect(outcome({ threw: signal.reason }, signal, moved)).toMatchObject({ type: 'fail', retry: true, delay_ms: 0, error: { type: 'TimeoutNear' } });
    expect(outcome({ threw: abortError }, signal, moved)).toMatchObject({
      delay_ms: 0,
      error: { type: 'TimeoutNear', message: 'the timeout was near, and the handler ended with AbortError: This operation was aborted' },
    });
    expect(outcome({ threw: signal.reason }, signal)).toMatchObject({ retry: true, delay_ms: 1_000, error: { type: 'TimeoutNear' } });
  });

  test('for the timeout, and says what is to be done', () => {
    const signal = AbortSignal.abort(new TimeoutNear());
    expect(outcome({ threw: new RetryLater(5) }, signal)).toMatchObject({ type: 'defer' });
    expect(outcome({ threw: new JobFailed('no') }, signal)).toMatchObject({ type: 'fail', retry: false });
  });

  test('for another attempt, whatever it says is fenced later', () => {
    expect(outcome({ threw: abortError }, AbortSignal.abort(new JobSuperseded()))).toMatchObject({ type: 'fail', error: { type: 'AbortError' } });
  });
});
