import { payloadSchemas } from '../../src/job-api/open-api-payload';

const payload = (schema: Record<string, unknown>) => payloadSchemas('Payload', schema).Payload;

test('what both understand is kept, at every depth', () => {
  const schema = {
    title: 'A drawing',
    type: 'object',
    required: ['pages'],
    minProperties: 1,
    additionalProperties: { type: 'string', maxLength: 5 },
    properties: { pages: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'number', multipleOf: 2, minimum: 1, default: 2 } } },
    allOf: [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { oneOf: [{ required: ['c'] }, { required: ['d'] }] }, { not: { required: ['e'] } }],
  };
  expect(payload(schema)).toEqual(schema);
});

test.each<[string, Record<string, unknown>, unknown]>([
  ['a constant', { const: 'dxf' }, { enum: ['dxf'] }],
  ['a constant that is null', { const: null }, { enum: [null] }],
  ['null beside a type', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
  ['null alone', { type: 'null' }, { nullable: true, enum: [null] }],
  ['several types', { type: ['integer', 'string', 'null'], minimum: 1 }, {
    minimum: 1, allOf: [{ anyOf: [{ type: 'integer', nullable: true }, { type: 'string', nullable: true }] }],
  }],
  ['bounds that exclude', { exclusiveMinimum: 1, exclusiveMaximum: 9 }, { minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true }],
  ['the narrower of two bounds', { exclusiveMinimum: 1, minimum: 2, exclusiveMaximum: 9, maximum: 9 }, { minimum: 2, maximum: 9, exclusiveMaximum: true }],
  ['an array of anything', { type: 'array' }, { type: 'array', items: {} }],
  ['a list of schemas for items', { type: 'array', items: [{ type: 'string' }] }, { type: 'array', items: {} }],
  ['true and false', { properties: { any: true, nothing: false } }, { properties: { any: {}, nothing: { not: {} } } }],
  ['an empty list of required properties', { required: [] }, {}],
])('%s is said otherwise', (_what, schema, expected) => {
  expect(payload(schema)).toEqual(expected);
});

test.each<[string, Record<string, unknown>]>([
  ['a condition', { if: { type: 'string' }, then: false, else: true }],
  ['names by pattern, and with them what else is allowed', { patternProperties: { '^x-': {} }, additionalProperties: false }],
  ['dependencies, names and contents', { dependencies: {}, propertyNames: { pattern: 'x' }, contains: {} }],
  ['a negation of what it cannot say', { not: { properties: { a: { contains: { const: 1 } } } } }],
  ['a negation of what stands elsewhere', { not: { $ref: '#/definitions/a' } }],
  ['a reference to where nothing is', { $ref: '#/properties/a' }],
  ['what says nothing', { $schema: 'x', $id: 'y', $comment: 'z', examples: [1] }],
])('%s is left out', (_what, schema) => {
  expect(payload(schema)).toEqual({});
});

test('a choice of one, where a part loses something, is a choice of any', () => {
  expect(payload({ oneOf: [{ type: 'string', contains: {} }, { type: 'number' }] })).toEqual({ anyOf: [{ type: 'string' }, { type: 'number' }] });
});

test('definitions are schemas of their own, whatever they are called', () => {
  const schemas = payloadSchemas('Payload', {
    properties: { page: { $ref: '#/definitions/a~1b page' }, parent: { $ref: '#' } },
    definitions: { 'a/b page': { type: 'string' }, 'other': { $ref: '#/definitions/other' } },
  });
  expect(schemas).toEqual({
    'Payload': { properties: { page: { $ref: '#/components/schemas/Payload.1' }, parent: { $ref: '#/components/schemas/Payload' } } },
    'Payload.1': { type: 'string' },
    'Payload.2': { $ref: '#/components/schemas/Payload.2' },
  });
});
