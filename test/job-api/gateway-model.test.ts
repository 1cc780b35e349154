import { gatewayModel } from '../../src/job-api/gateway-model';

const draft4 = { schema: 'http://json-schema.org/draft-04/schema#' };

test('keywords that narrow are kept, at every depth', () => {
  const schema = {
    type: 'object',
    required: ['pages'],
    additionalProperties: false,
    properties: { pages: { type: 'array', minItems: 1, maxItems: 9, items: { type: 'string', minLength: 2, maxLength: 3, enum: ['ab'] } } },
  };
  expect(gatewayModel(schema)).toEqual({ ...draft4, ...schema });
});

test.each([
  ['a negation', { not: { const: 1 } }],
  ['a choice', { oneOf: [{ type: 'string' }], anyOf: [], allOf: [] }],
  ['a condition', { if: { type: 'string' }, then: false }],
  ['what draft-04 spells differently', { const: 1, exclusiveMinimum: 3, $id: 'x', examples: [1] }],
  ['what is judged by the function', { pattern: '^x', format: 'uri', $ref: '#/definitions/x' }],
  ['an empty list of required properties', { required: [] }],
])('%s is left to the function', (_what, schema) => {
  expect(gatewayModel(schema)).toEqual(draft4);
});

test('names that a left-out pattern allows are not refused', () => {
  expect(gatewayModel({ additionalProperties: false, patternProperties: { '^x-': {} } })).toEqual(draft4);
});

test('a property that may be anything stays a property', () => {
  expect(gatewayModel({ properties: { any: true }, additionalProperties: false }))
    .toEqual({ ...draft4, properties: { any: {} }, additionalProperties: false });
});

test('a list of schemas for items is left to the function', () => {
  expect(gatewayModel({ items: [{ type: 'string' }] })).toEqual(draft4);
});

test('an integer may be written as 1.0', () => {
  expect(gatewayModel({ type: 'integer' })).toEqual({ ...draft4, type: 'number' });
  expect(gatewayModel({ type: ['integer', 'number', 'null'] })).toEqual({ ...draft4, type: ['number', 'null'] });
});
