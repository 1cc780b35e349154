import { editDistance } from '../internal/edit-distance';

/*
 * What the validator behind the API knows of JSON Schema (draft-07), and what it takes as the value of each keyword. A test holds this table
 * to the validator itself, which is bundled with the handlers and so is not there when an app is synthesised.
 */

/** What stands under a keyword, as it is said after "must be". */
export type KeywordKind = keyof typeof KINDS;

const KINDS = {
  'a schema': ['additionalItems', 'additionalProperties', 'contains', 'else', 'if', 'not', 'propertyNames', 'then'],
  'a schema, or a list of schemas': ['items'],
  'a list of schemas': ['allOf', 'anyOf', 'oneOf'],
  'an object of schemas': ['$defs', 'definitions', 'patternProperties', 'properties'],
  'an object of schemas, or of lists of names': ['dependencies'],
  'a whole number from 0': ['maxItems', 'maxLength', 'maxProperties', 'minItems', 'minLength', 'minProperties'],
  'a number': ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum'],
  'a number above 0': ['multipleOf'],
  'true or false': ['readOnly', 'uniqueItems', 'writeOnly'],
  'a text': ['$comment', '$id', '$ref', '$schema', 'contentEncoding', 'contentMediaType', 'description', 'format', 'pattern', 'title'],
  'a list of different names': ['required'],
  'a list of different values': ['enum'],
  'a list': ['examples'],
  // beside draft-07 what later drafts and OpenAPI tell only readers by, and generators of schemas write
  'anything': ['const', 'default', 'deprecated', 'discriminator', 'example', 'type'],
} as const;

/** Every keyword that may be in a schema, and what it takes. The types are judged by a rule of their own. */
export const KEYWORDS: ReadonlyMap<string, KeywordKind> = new Map(
  (Object.entries(KINDS) as [KeywordKind, readonly string[]][]).flatMap(([kind, names]) => names.map((name) => [name, kind] as const)),
);

/** Formats that are judged. Of draft-07 there are not those of international names (`idn-email`, `idn-hostname`, `iri`, `iri-reference`). */
export const FORMATS: ReadonlySet<string> = new Set([
  'binary', 'byte', 'date', 'date-time', 'double', 'duration', 'email', 'float', 'hostname', 'int32', 'int64', 'ipv4', 'ipv6', 'iso-date-time', 'iso-time',
  'json-pointer', 'json-pointer-uri-fragment', 'password', 'regex', 'relative-json-pointer', 'time', 'uri', 'uri-reference', 'uri-template', 'url', 'uuid',
]);

/** Why a keyword is refused that this draft has not. */
export const PASSED_OVER = 'payloads would be accepted as if it were not there';

/** A keyword of another draft, of OpenAPI or of the validator alone. */
export interface Foreign {
  readonly why: string;
  /** What to write, for the part that has it. */
  readonly write?: (part: Readonly<Record<string, unknown>>) => string;
}

const VALIDATORS_OWN = 'only the validator knows it';

/** Keywords that are refused though the validator knows them, and those that have another name here. */
export const FOREIGN: ReadonlyMap<string, Foreign> = new Map<string, Foreign>([
  ...Object.entries({
    dependentRequired: 'dependencies',
    dependentSchemas: 'dependencies',
    prefixItems: 'items: [ … ], and additionalItems for the rest',
    unevaluatedItems: 'additionalItems',
    unevaluatedProperties: 'additionalProperties',
  }).map(([keyword, instead]): [string, Foreign] => [keyword, { why: PASSED_OVER, write: () => `write ${instead}` }]),
  ['id', { why: 'it is of draft-04, and the function that accepts jobs could not start', write: () => 'write $id' }],
  ['nullable', { why: 'it is of OpenAPI, and what judges payloads does not agree on it: API Gateway would refuse null', write: withNull }],
  ...['$async', 'formatMaximum', 'formatMinimum', 'formatExclusiveMaximum', 'formatExclusiveMinimum']
    .map((keyword): [string, Foreign] => [keyword, { why: VALIDATORS_OWN }]),
]);

/** How a part says that it may be null too. */
function withNull({ nullable, type, enum: values }: Readonly<Record<string, unknown>>): string {
  const types = ([type].flat() as unknown[]).filter((one) => typeof one === 'string' && one !== 'null');
  if (nullable === false) {
    return 'remove it';
  }
  const choice = types.length === 0 ? "write anyOf: [ …, { type: 'null' } ]" : `write type: [${[...types, 'null'].map((one) => `'${one}'`).join(', ')}]`;
  return Array.isArray(values) && !values.includes(null) ? `${choice}, and null among those of enum` : choice;
}

/** The name among some that a wrong one was probably meant to be: two letters at most are missing, too many, wrong or exchanged. */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = wrong.length < 4 ? 2 : 3;
  for (const name of names) {
    const apart = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (apart < least) {
      [best, least] = [name, apart];
    }
  }
  return best;
}
