import { PayloadSchema } from '../../../src/job-api/payload-schema';
import { packed } from '../../../src/job-functions/submit-function';
import { ApiError } from '../../../src/runtime/handlers/http/answer';
import { payloadJudge } from '../../../src/runtime/handlers/submit/payload';

const judgeOf = (schema: Record<string, unknown>) => payloadJudge({ JOBWORKS_PAYLOAD_SCHEMA: packed(PayloadSchema.fromObject(schema)) });

function verdict(schema: Record<string, unknown>, payload: unknown): string | undefined {
  try {
    judgeOf(schema)(payload);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 400, code: 'InvalidPayload' });
    return (error as ApiError).message;
  }
}

const DRAWING = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['url', 'pages'],
  additionalProperties: false,
  properties: { url: { type: 'string', format: 'uri' }, pages: { type: 'array', items: { type: 'integer' } } },
};

test('a payload that fits passes', () => {
  expect(verdict(DRAWING, { url: 'https://example.com/a', pages: [1] })).toBeUndefined();
});

test('everything that is wrong is named with its place, and no value', () => {
  const message = verdict(DRAWING, { url: 'no-uri-but-a-secret', pages: [1, 'x'], more: 1 });
  expect(message).toContain('/url must match format "uri"');
  expect(message).toContain('/pages/1 must be integer');
  expect(message).toContain('must NOT have additional properties ("more")');
  expect(message).not.toContain('secret');
});

test('what API Gateway does not understand is judged here', () => {
  expect(verdict({ if: { properties: { a: { const: 1 } } }, then: { required: ['b'] } }, { a: 1 })).toContain('must have required property \'b\'');
});

test('many faults are counted and not all named', () => {
  expect(verdict({ items: { type: 'integer' } }, Array(30).fill('x'))).toMatch(/; and 20 more$/);
});

test('without a schema anything passes', () => {
  expect(() => payloadJudge({})({ any: 'thing' })).not.toThrow();
});
