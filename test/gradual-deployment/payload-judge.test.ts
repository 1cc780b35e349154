import { refusedBy } from '../../src/gradual-deployment/payload-judge';

const SCHEMA = {
  type: 'object',
  required: ['url', 'pages'],
  additionalProperties: false,
  properties: {
    url: { type: 'string', pattern: '^https://', minLength: 10, maxLength: 30 },
    pages: { type: 'integer', minimum: 1, maximum: 5 },
    kind: { enum: ['a', 'b'] },
    version: { const: 1 },
    tags: { type: 'array', items: { type: ['string', 'null'] } },
    nested: { properties: { deep: { type: 'boolean' } } },
  },
};

test.each<[unknown]>([
  [{ url: 'https://x.y', pages: 1 }],
  [{ url: 'https://x.y', pages: 5, kind: 'b', version: 1, tags: ['a', null], nested: { deep: true, more: 1 } }],
])('%j is what the schema allows', (payload) => {
  expect(refusedBy(SCHEMA, payload)).toEqual([]);
});

test.each<[unknown, string[]]>([
  [{}, ['payload.url is missing', 'payload.pages is missing']],
  [[], ['payload must be object']],
  [{ url: 1, pages: '1' }, ['payload.url must be string', 'payload.pages must be integer']],
  [{ url: 'http://x.yz', pages: 1.5 }, ['payload.url must match ^https://', 'payload.pages must be integer']],
  [{ url: 'https://x', pages: 0 }, ['payload.url must have 10 characters or more', 'payload.pages must be at least 1']],
  [{ url: `https://${'x'.repeat(30)}`, pages: 6 }, ['payload.url must have at most 30 characters', 'payload.pages must be at most 5']],
  [{ url: 'https://x.y', pages: 1, kind: 'c', version: 2 }, ['payload.kind must be one of "a", "b"', 'payload.version must be 1']],
  [{ url: 'https://x.y', pages: 1, tags: ['a', 1] }, ['payload.tags[1] must be string or null']],
  [{ url: 'https://x.y', pages: 1, nested: { deep: 'x' } }, ['payload.nested.deep must be boolean']],
  [{ url: 'https://x.y', pages: 1, more: 1 }, ['payload.more is not allowed']],
])('%j is not', (payload, problems) => {
  expect(refusedBy(SCHEMA, payload)).toEqual(problems);
});

test('what is not understood is left to the function that accepts jobs', () => {
  expect(refusedBy({ oneOf: [{ type: 'string' }], $ref: '#/definitions/x', type: 'thing' }, {})).toEqual([]);
  expect(refusedBy(true, 1)).toEqual([]);
  expect(refusedBy(false, 1)).toEqual(['payload is not allowed']);
  expect(refusedBy({ properties: { a: false } }, { a: 1 })).toEqual(['payload.a is not allowed']);
});
