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

/** What to write instead of keywords of other drafts and of OpenAPI. */
export const INSTEAD: Readonly<Record<string, string>> = {
  dependentRequired: 'dependencies',
  dependentSchemas: 'dependencies',
  id: '$id',
  nullable: "type: ['string', 'null']",
  prefixItems: 'items: [ … ], and additionalItems for the rest',
  unevaluatedItems: 'additionalItems',
  unevaluatedProperties: 'additionalProperties',
};

/** The name among some that a wrong one was probably meant to be: two letters at most are missing, too many, wrong or exchanged. */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = wrong.length < 4 ? 2 : 3;
  for (const name of names) {
    const apart = distance(wrong.toLowerCase(), name.toLowerCase());
    if (apart < least) {
      [best, least] = [name, apart];
    }
  }
  return best;
}

/** Levenshtein's distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let index = 1; index <= one.length; index++) {
    const above = row;
    row = [index];
    for (let column = 1; column <= other.length; column++) {
      const changed = above[column - 1] + (one[index - 1] === other[column - 1] ? 0 : 1);
      row.push(Math.min(above[column] + 1, row[column - 1] + 1, changed));
    }
  }
  return row[other.length];
}
