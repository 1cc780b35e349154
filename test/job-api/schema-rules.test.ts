import { Annotations as Acknowledging, App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { PropRules } from '../../src/internal/prop-rules';
import { FORMATS, KEYWORDS } from '../../src/job-api/schema-keywords';
import { checkSchema, warnOfFormats } from '../../src/job-api/schema-rules';
import { schemaValidator } from '../../src/runtime/handlers/submit/payload';

type Schema = Record<string, unknown>;

/** What is said, one line a rule. */
function broken(schema: Schema): string[] {
  const rules = new PropRules({ node: { path: 'Stack/Jobs' } });
  checkSchema(rules, schema);
  try {
    rules.throwIfBroken();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map((line) => line.replace(/^ {2}\d+\. Stack\/Jobs: /, ''));
  }
}

const passedOver = (path: string, fix: string) => `payloadSchema.${path} is no keyword of JSON Schema draft-07: payloads would be accepted as if it were not there. `
  + `Fix: ${fix}; if it is for another tool, remove it, or begin its name with x-.`;

describe('a keyword that is none is refused: every payload would pass it', () => {
  test.each<[string, Schema, string, string]>([
    ['a typo', { requred: ['url'] }, 'requred', 'write required'],
    ['letters exchanged', { properties: { url: { tpye: 'string' } } }, 'properties.url.tpye', 'write type'],
    ['another case', { items: [{ minlength: 3 }] }, 'items[0].minlength', 'write minLength'],
    ['deep inside', { allOf: [{ if: { contains: { maximun: 3 } } }] }, 'allOf[0].if.contains.maximun', 'write maximum'],
    ['in a definition that nothing uses', { $defs: { a: { dependencies: { b: { enums: [1] } } } } }, '$defs.a.dependencies.b.enums', 'write enum'],
    ['of another draft', { dependentRequired: { a: ['b'] } }, 'dependentRequired', 'write dependencies'],
    ['like what every object has', { constructor: 'schema' }, 'constructor', 'correct it'],
    ['like nothing', { color: 'red' }, 'color', 'correct it'],
  ])('%s', (_what, schema, path, fix) => {
    expect(broken(schema)).toEqual([passedOver(path, fix)]);
  });

  const opinions = 'it is of OpenAPI, and what judges payloads does not agree on it: API Gateway would refuse null';
  test.each<[string, Schema, string, string]>([
    ['of draft-04', { id: 'schema' }, 'it is of draft-04, and the function that accepts jobs could not start', 'write $id'],
    ['of OpenAPI', { type: 'integer', nullable: true }, opinions, "write type: ['integer', 'null']"],
    ['of OpenAPI, beside types', { type: ['string', 'number', 'null'], nullable: true }, opinions, "write type: ['string', 'number', 'null']"],
    ['of OpenAPI, beside values', { type: 'string', enum: ['a'], nullable: true }, opinions, "write type: ['string', 'null'], and null among those of enum"],
    ['of OpenAPI, without a type', { nullable: true }, opinions, "write anyOf: [ …, { type: 'null' } ]"],
    ['of OpenAPI, to no avail', { type: 'string', nullable: false }, opinions, 'remove it'],
    ["the validator's own", { $async: true }, 'only the validator knows it', 'correct it'],
  ])('%s, with what it would do', (_what, schema, why, fix) => {
    const keyword = Object.keys(schema).at(-1);
    expect(broken(schema)).toEqual([
      `payloadSchema.${keyword} is no keyword of JSON Schema draft-07: ${why}. Fix: ${fix}; if it is for another tool, remove it, or begin its name with x-.`,
    ]);
  });

  test('all of them at once', () => {
    expect(broken({ requred: [], properties: { a: { tpye: 'string' } } })).toHaveLength(2);
  });
});

test('what readers and other tools are told breaks no rule, nor does what is only called like a keyword', () => {
  expect(broken({
    'x-owner': 'drawings',
    'deprecated': true,
    'example': { a: 1 },
    'examples': [],
    'title': 'Drawing',
    '$comment': '…',
    'default': {},
    'properties': { requred: true, required: { type: 'array' }, type: { enum: ['pdf', 'dxf'] } },
    'const': { requred: 1 },
    'enum': [{ tpye: 1 }],
    'minItems': undefined,
  })).toEqual([]);
});

/** What the validator does not take makes the function that accepts jobs refuse every one of them. */
const UNUSABLE: [string, Schema][] = [
  ['names as a text', { required: 'url' }],
  ['the same name twice', { required: ['a', 'a'] }],
  ['a name that is a number', { required: [1] }],
  ['a number in quotes', { properties: { a: { minLength: '5' } } }],
  ['half an item', { minItems: 1.5 }],
  ['less than nothing', { maxLength: -1 }],
  ['a switch of draft-04', { exclusiveMinimum: true }],
  ['a multiple of nothing', { multipleOf: 0 }],
  ['a flag in quotes', { uniqueItems: 'yes' }],
  ['properties as a list', { properties: ['url'] }],
  ['a property without a schema', { properties: { url: 'string' } }],
  ['required among the properties', { properties: { url: {}, required: ['url'] } }],
  ['nothing for a schema', { not: null }],
  ['a list for a schema', { additionalProperties: [] }],
  ['no alternative', { anyOf: [] }],
  ['an alternative that is none', { oneOf: ['string'] }],
  ['items of nothing', { items: [] }],
  ['no value', { enum: [] }],
  ['the same value twice', { enum: ['a', 'b', 'a'] }],
  ['no type', { type: [] }],
  ['a type that is null', { type: null }],
  ['the same type twice', { type: ['string', 'string'] }],
  ['a dependency on a text', { dependencies: { a: 'b' } }],
  ['examples that are no list', { examples: 1 }],
  ['a title that is a number', { title: 5 }],
  ['a format that is a number', { format: 5 }],
  ['a pattern that is none', { pattern: '(' }],
  ['a name pattern that is none', { patternProperties: { '(': { type: 'string' } } }],
  ['a reference to what is not there', { $ref: '#/definitions/a' }],
  ['a reference past a schema that is there', { $ref: '#/definitions/a/b', definitions: { a: {} } }],
  ['a reference to a name that nothing has', { $ref: '#a' }],
  ['a reference to elsewhere', { $ref: 'https://example.com/a.json' }],
  ['a reference to what is not there, beside a name', { $id: 'https://example.com/root.json', $ref: '#/definitions/a' }],
  ['a reference to elsewhere, beside a name', { $id: 'https://example.com/root.json', $ref: 'https://example.com/a.json' }],
  ['a reference to a name that another part has not', { definitions: { a: { $id: '#a' } }, allOf: [{ $ref: '#b' }] }],
  ['a reference from the root, within a part that is a root itself', { definitions: { a: { $id: 'a.json', items: { $ref: '#/definitions/b' } }, b: {} }, $ref: 'a.json' }],
  ['a reference into a named part, to what is not there', { definitions: { a: { $id: 'a.json' } }, $ref: 'a.json#/items' }],
  ['a reference that is escaped wrongly', { definitions: { 'b%2': {} }, $ref: '#/definitions/b%2' }],
  ['a reference to itself', { properties: { a: { $ref: '#/properties/a' } } }],
  ['references that go in a circle', { definitions: { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } }, $ref: '#/definitions/a' }],
  ['a draft under an address that the validator does not know', { $schema: 'https://json-schema.org/draft-07/schema#' }],
  ['a name twice', { definitions: { a: { $id: '#a' }, b: { $id: '#a' } } }],
  ['an address twice, written in two ways', { $id: 'https://example.com/root.json', items: [{ $id: 'a.json' }, { $id: 'https://example.com/a.json' }] }],
  ['the name of the draft', { $id: 'http://json-schema.org/draft-07/schema#' }],
  ['the name of the draft, inside', { definitions: { a: { $id: 'http://json-schema.org/draft-07/schema' } } }],
  ['the same object twice, in another order', { enum: [{ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }] }],
];

/** What would compile, and never come to an end when it judges. */
const ENDLESS: [string, Schema][] = [
  ['a reference to the whole', { $ref: '#' }],
  ['by a choice', { type: 'object', anyOf: [{ type: 'string' }, { not: { $ref: '#' } }] }],
  ['by a condition', { if: { allOf: [{ $ref: '#' }] }, then: { required: ['a'] } }],
];

describe('a value that a keyword does not take is refused, as the validator could not start', () => {
  test.each(UNUSABLE)('%s', (_what, schema) => {
    expect(() => schemaValidator().compile(schema)).toThrow();
    expect(broken(schema)).not.toEqual([]);
  });

  test.each(ENDLESS)('one that has no end: %s', (_what, schema) => {
    expect(() => schemaValidator().compile(schema)({})).toThrow(RangeError);
    expect(broken(schema)).toEqual([expect.stringContaining('$ref must not lead back to where it stands')]);
  });

  test('what every object has is no schema', () => {
    expect(broken({ definitions: {}, $ref: '#/definitions/__proto__' })).toEqual([expect.stringContaining('must point to a schema that is there')]);
  });

  test('with the value, but not what is inside', () => {
    expect(broken({ required: 'url' })).toEqual(["payloadSchema.required must be a list of different names. Given: 'url'. Fix: correct required."]);
    expect(broken({ properties: { a: { minLength: '5' } } })).toEqual(["payloadSchema.properties.a.minLength must be a whole number from 0. Given: '5'. Fix: correct minLength."]);
    expect(broken({ $ref: '#/definitions/a' }))
      .toEqual(["payloadSchema.$ref must point to a schema that is there. Given: #/definitions/a. Fix: write '#/definitions/' and the name of one of definitions."]);
  });
});

test.each<[string, Schema]>([
  ['nothing', {}],
  ['every keyword', {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: ['object', 'null'],
    required: [],
    properties: { a: true, b: { type: 'string', format: 'date', pattern: '^\\p{L}+$', minLength: 0, maxLength: 5, contentEncoding: 'base64', contentMediaType: 'text/plain' } },
    patternProperties: { '^x': { type: 'integer', minimum: 0, maximum: 5, exclusiveMinimum: -1, exclusiveMaximum: 6, multipleOf: 0.5 } },
    additionalProperties: { items: [{}, false], additionalItems: {}, contains: {}, uniqueItems: true, minItems: 0, maxItems: 3 },
    propertyNames: {},
    minProperties: 0,
    maxProperties: 9,
    dependencies: { a: ['b'], b: {}, c: [] },
    if: {},
    then: {},
    else: false,
    not: false,
    allOf: [{}],
    anyOf: [true],
    oneOf: [{}],
    readOnly: true,
    writeOnly: false,
    title: '',
    description: '',
    default: null,
    examples: [1],
    const: null,
  }],
  ['references', {
    definitions: { 'a': { items: { $ref: '#' } }, 'b/c d': { items: { type: 'string' } }, '~': {} },
    allOf: [{ $ref: '#/definitions/a' }, { $ref: '#/definitions/b~1c%20d/items' }, { $ref: '#/definitions/~0' }, { $ref: '#/$defs/e' }, { $ref: '#/allOf/0' }],
    $defs: { e: {} },
  }],
  ['a part that holds itself deeper inside', { properties: { children: { items: { $ref: '#' } }, next: { anyOf: [{ type: 'null' }, { $ref: '#' }] } } }],
  ['the address of a part', {
    $id: 'https://example.com/root.json',
    definitions: { a: { $id: 'a.json', definitions: { c: { $id: '#c' } }, properties: { d: { $ref: '#c' }, e: { $ref: '#/definitions/c' } } } },
    allOf: [{ $ref: 'a.json' }, { $ref: 'https://example.com/a.json#/definitions/c' }, { $ref: 'a.json#c' }, { $ref: '#/definitions/a' }],
  }],
  ['a name that is no address on the web', { $id: 'urn:example:job', definitions: { a: {} }, allOf: [{ $ref: '#/definitions/a' }, { $ref: 'urn:example:job#/definitions/a' }] }],
  ['the draft itself', { properties: { schema: { $ref: 'http://json-schema.org/draft-07/schema#' } } }],
  ['what is alike and not the same', { enum: [{ a: 1, b: 2 }, { a: 2, b: 1 }, ['a', 'b'], ['b', 'a'], 1, '1', null] }],
  ['references by names', { $id: 'https://example.com/root.json', definitions: { a: { $id: '#a' } }, allOf: [{ $ref: '#a' }, { $ref: '#/definitions/a' }] }],
])('%s breaks no rule, and the validator takes it', (_what, schema) => {
  expect(() => schemaValidator().compile(schema)).not.toThrow();
  expect(broken(schema)).toEqual([]);
});

describe('the tables are those of the validator', () => {
  /** It knows these, and the construct does not take them: they are no part of draft-07, and some break it. */
  const REFUSED = ['$async', '$vocabulary', 'id', 'nullable', 'contentSchema', 'formatMaximum', 'formatMinimum', 'formatExclusiveMaximum', 'formatExclusiveMinimum'];
  /** It does not know these, and need not: they judge nothing. */
  const FOR_READERS = ['discriminator', 'example'];

  test('of keywords', () => {
    const known = Object.keys(schemaValidator().RULES.keywords);
    expect([...KEYWORDS.keys()].sort()).toEqual([...known.filter((keyword) => !REFUSED.includes(keyword)), ...FOR_READERS].sort());
  });

  test('of formats', () => {
    expect([...FORMATS].sort()).toEqual(Object.keys(schemaValidator().formats).sort());
  });
});

describe('a format that nothing judges', () => {
  const warnings = (schema: Schema, stack = new Stack(new App(), 'Stack')) => {
    warnOfFormats(stack, schema);
    return Annotations.fromStack(stack).findWarning('/Stack', Match.anyValue()).map(({ entry }) => entry.data as string);
  };
  const schema = { properties: { a: { format: 'emial' }, b: { format: 'iri' }, c: { format: 'date-time' } } };

  test('is warned of, all in one', () => {
    expect(warnings(schema)).toEqual([
      expect.stringMatching(/passes: payloadSchema\.properties\.a\.format 'emial' \(is email meant\?\), payloadSchema\.properties\.b\.format 'iri' \(is uri meant\?\)\. .*\[ack: cdk-jobworks:pipeline\.unknownFormat\]$/),
    ]);
    expect(broken(schema)).toEqual([]);
  });

  test('can be acknowledged', () => {
    const stack = new Stack(new App(), 'Stack');
    Acknowledging.of(stack).acknowledgeWarning('cdk-jobworks:pipeline.unknownFormat');
    expect(warnings(schema, stack)).toEqual([]);
  });

  test('is none that is judged, nor what is called so', () => {
    expect(warnings({ properties: { format: { const: 'emial' }, c: { format: 'uuid' } } })).toEqual([]);
  });
});

describe('what is required must be allowed', () => {
  test.each<[string, Schema, string[]]>([
    ['a name that is nowhere else', { required: ['url', 'ulr'], properties: { url: {} }, additionalProperties: false },
      ['payloadSchema.required must not name what additionalProperties: false forbids: every payload would be refused. Given: ulr. Fix: correct the name, or add it to properties.']],
    ['inside', { properties: { page: { required: ['no'], additionalProperties: false } } },
      ['payloadSchema.properties.page.required must not name what additionalProperties: false forbids: whatever is there would be refused. Given: no. Fix: correct the name, or add it to properties.']],
    ['a name that a pattern allows', { required: ['x-a'], patternProperties: { '^x-': {} }, additionalProperties: false }, []],
    ['further names', { required: ['a'] }, []],
    ['further names of a kind', { required: ['a'], additionalProperties: { type: 'string' } }, []],
    ['what is meant never to hold', { not: { required: ['a'], additionalProperties: false } }, []],
  ])('%s', (_what, schema, lines) => {
    expect(broken(schema)).toEqual(lines);
  });
});
