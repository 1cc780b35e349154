import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { returns, RunnerHarness } from './harness';
import { callAnswer } from '../../../../src/runtime/handlers/runner/call-answer';
import { CALL_ERROR } from '../../../../src/runtime/handlers/runner/call-errors';

/* docs/schemas and docs/call-function.md say what the runner does. */

const DOCS = join(__dirname, '../../../../docs');
const TEXT = readFileSync(join(DOCS, 'call-function.md'), 'utf8');
const [REQUEST_EXAMPLE, ...ANSWER_EXAMPLES] = [...TEXT.matchAll(/```json\n([^]*?)```\n/g)].map(([, text]) => JSON.parse(text) as Record<string, unknown>);

function schemaOf(name: 'request' | 'response') {
  const schema = JSON.parse(readFileSync(join(DOCS, `schemas/call-function-${name}.schema.json`), 'utf8')) as { properties: object };
  return { schema, fits: new Ajv({ strict: true, strictRequired: false, strictTypes: false }).compile(schema) };
}

const request = schemaOf('request');
const response = schemaOf('response');

describe('the request', () => {
  test.each([
    ['of a first attempt', {}, undefined],
    ['that goes on from a checkpoint, with uploads', { run: 3, attempt: 1, checkpoint: '{"page":2}', stages_completed: ['read'] }, { bucket: 'files', filesPrefix: 'Jobs-1A2B3C' }],
  ])('%s fits its schema, which has every field', async (_, known, uploads) => {
    const runner = new RunnerHarness(returns(null), { uploads });
    await runner.run(known);
    const sent = runner.calls[0].request;
    expect([request.fits(sent), request.fits.errors]).toEqual([true, null]);
    expect(Object.keys(request.schema.properties)).toEqual(expect.arrayContaining(Object.keys(sent)));
  });

  test('that is documented fits, and is of the fields that are sent', async () => {
    expect([request.fits(REQUEST_EXAMPLE), request.fits.errors]).toEqual([true, null]);
    const runner = new RunnerHarness(returns(null), { uploads: { bucket: 'files', filesPrefix: 'Jobs-1A2B3C' } });
    await runner.run();
    expect(Object.keys(REQUEST_EXAMPLE)).toEqual(Object.keys(runner.calls[0].request));
  });
});

describe('the response', () => {
  test.each(ANSWER_EXAMPLES.map((example) => [JSON.stringify(example)]))('%s, as documented, fits and is understood', (text) => {
    expect(response.fits(JSON.parse(text))).toBe(true);
    expect(Object.keys(callAnswer(text).end)).not.toEqual(['jobworks']);
  });

  test('has examples of each kind', () => {
    expect(ANSWER_EXAMPLES.map(({ jobworks }) => Object.keys(jobworks as object)[0])).toEqual(['result', 'failed', 'retry_later_seconds']);
  });

  const NAMES = ['', 'n', 'n'.repeat(128), 'n'.repeat(129), 7, null];
  const envelopes: unknown[] = [
    {}, 1, null, [], { result: 1 }, { result: null }, { more: 1, result: 1 }, { result: 1, failed: { message: '' } }, { checkpoint: 1 }, { result: 1, checkpoint: 1 },
    { failed: {} }, { failed: 1 }, { failed: null }, { failed: [] }, { failed: { message: 1 } }, { failed: { message: 'm', more: 1 } },
    ...NAMES.map((type) => ({ failed: { type, message: 'm' } })),
    ...[0, 1.5, -1, 31_622_400, 31_622_401, '1', null].map((retry_later_seconds) => ({ retry_later_seconds })),
    { retry_later_seconds: 1, checkpoint: null }, { retry_later_seconds: 1, stage: 's' }, { failed: { message: 'm' }, stage: 's', checkpoint: 1 },
    ...NAMES.map((stage) => ({ retry_later_seconds: 1, checkpoint: 1, stage })),
    ...NAMES.map((stage) => ({ result: 1, stages_completed: [stage] })),
    ...[[], 'a', Array(100).fill('s'), Array(101).fill('s'), {}].map((stages_completed) => ({ result: 1, stages_completed })),
    ...NAMES.map((name) => ({ result: 1, metrics: [{ name, value: 1 }] })),
    ...[[], {}, [1], [{ name: 'n' }], [{ name: 'n', value: '1' }], [{ name: 'n', value: 1, unit: 1 }], [{ name: 'n', value: 1, unit: 'Bytes' }],
      [{ name: 'n', value: 1, more: 1 }], Array(101).fill({ name: 'n', value: 1 })].map((metrics) => ({ result: 1, metrics })),
  ];

  test.each(envelopes.map((jobworks) => [JSON.stringify({ jobworks }).slice(0, 120), jobworks]))('%s is judged as its schema says', (_, jobworks) => {
    const understood = () => callAnswer(JSON.stringify({ jobworks }));
    if (response.fits({ jobworks })) {
      expect(understood).not.toThrow();
    } else {
      expect(understood).toThrow(expect.objectContaining({ name: 'JobFailed', type: 'CallContract' }));
    }
  });

  test.each([1, null, [], {}, { jobworks: 1, more: 1 }, 'jobworks'])('%j is a result, by its schema and by the runner', (value) => {
    expect(response.fits(value)).toBe(true);
    expect(callAnswer(JSON.stringify(value)).end).toEqual({ result: value });
  });
});

test('every way a call ends is told', () => {
  for (const type of [...Object.values(CALL_ERROR), 'CallContract', 'WorkerLost']) {
    expect(TEXT).toContain(`\`${type}\``);
  }
});
