import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { FOREIGN, FORMATS, KEYWORDS, nearest, PASSED_OVER, type KeywordKind } from './schema-keywords';
import { asMap, given, isSchema, type Schema, walk } from './schema-parts';
import { checkReferences } from './schema-references';
import type { PropRules } from '../internal/prop-rules';
import { described } from '../internal/value-kinds';

const DRAFT = /^http:\/\/json-schema\.org\/draft-07\/schema#?$/;
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** What the validator would pass over, or what would only be seen when the function that accepts jobs starts, and then refuses every one of them. */
export function checkSchema(rules: PropRules, schema: Schema): void {
  rules.check(schema.$schema === undefined || DRAFT.test(String(schema.$schema)), {
    rule: 'payloadSchema.$schema must be draft-07',
    value: String(schema.$schema),
    fix: "give 'http://json-schema.org/draft-07/schema#', or leave it out",
  });
  walk('payloadSchema', schema, (path, part) => {
    for (const [keyword, value] of given(part)) {
      checkKeyword(rules, path, part, keyword, value);
    }
    checkType(rules, path, part.type);
    checkRequired(rules, path, part);
    checkPattern(rules, `${path}.pattern`, part.pattern);
    Object.keys(asMap(part.patternProperties)).forEach((pattern) => checkPattern(rules, `${path}.patternProperties`, pattern));
  });
  checkReferences(rules, schema);
}

/** A format is more of a hint than a rule in JSON Schema, and generators of schemas have their own: so none of them is refused, but said. */
export function warnOfFormats(scope: IConstruct, schema: Schema): void {
  const found: string[] = [];
  walk('payloadSchema', schema, (path, { format }) => {
    if (typeof format === 'string' && !FORMATS.has(format)) {
      const meant = nearest(format, FORMATS);
      found.push(`${path}.format '${format}'${meant === undefined ? '' : ` (is ${meant} meant?)`}`);
    }
  });
  if (found.length > 0) {
    Annotations.of(scope).addWarningV2('cdk-jobworks:pipeline.unknownFormat',
      `payloadSchema has formats that nothing judges, so that every text passes: ${found.join(', ')}. Correct them, say it by a pattern, or acknowledge this if `
      + `they are meant for readers. Judged are ${[...FORMATS].join(', ')}.`);
  }
}

function checkKeyword(rules: PropRules, path: string, part: Schema, keyword: string, value: unknown): void {
  const kind = KEYWORDS.get(keyword);
  if (kind === undefined) {
    const foreign = FOREIGN.get(keyword);
    const meant = nearest(keyword, KEYWORDS.keys());
    const correct = foreign ? foreign.write?.(part) : meant && `write ${meant}`;
    rules.check(keyword.startsWith('x-'), {
      rule: `${path}.${keyword} is no keyword of JSON Schema draft-07: ${foreign?.why ?? PASSED_OVER}`,
      fix: `${correct ?? 'correct it'}; if it is for another tool, remove it, or begin its name with x-`,
    });
    return;
  }
  rules.check(FITS[kind](value), { rule: `${path}.${keyword} must be ${kind}`, value: described(value), fix: `correct ${keyword}` });
}

/** Whether a value is what a keyword takes. */
const FITS: Readonly<Record<KeywordKind, (value: unknown) => boolean>> = {
  'a schema': isSchemaOrFlag,
  'a schema, or a list of schemas': (value) => isSchemaOrFlag(value) || isListOfSchemas(value),
  'a list of schemas': isListOfSchemas,
  'an object of schemas': (value) => isSchema(value) && Object.values(value).every(isSchemaOrFlag),
  'an object of schemas, or of lists of names': (value) => isSchema(value) && Object.values(value).every((one) => isSchemaOrFlag(one) || isListOfNames(one)),
  'a whole number from 0': (value) => Number.isInteger(value) && (value as number) >= 0,
  'a number': (value) => Number.isFinite(value),
  'a number above 0': (value) => Number.isFinite(value) && (value as number) > 0,
  'true or false': (value) => typeof value === 'boolean',
  'a text': (value) => typeof value === 'string',
  'a list of different names': isListOfNames,
  'a list of different values': (value) => Array.isArray(value) && value.length > 0 && isUnique(value),
  'a list': Array.isArray,
  'anything': () => true,
};

function checkType(rules: PropRules, path: string, type: unknown): void {
  if (type === undefined) {
    return;
  }
  const types = [type].flat() as unknown[];
  for (const one of types) {
    rules.check(TYPES.includes(one as string), { rule: `${path}.type must be one of ${TYPES.join(', ')}`, value: String(one), fix: 'correct the type' });
  }
  rules.check(types.length > 0 && isUnique(types), {
    rule: `${path}.type must be a type, or a list of different ones`, value: types.join(', ') || 'an empty list', fix: 'correct the type',
  });
}

function checkPattern(rules: PropRules, path: string, pattern: unknown): void {
  if (typeof pattern !== 'string') {
    return;
  }
  let compiles = true;
  try {
    new RegExp(pattern, 'u');
  } catch {
    compiles = false;
  }
  rules.check(compiles, { rule: `${path} must be a regular expression`, value: pattern, fix: 'escape what is meant literally' });
}

/** In these a schema may be meant never to hold. */
const CONDITIONS = /\.(?:not|if|anyOf|oneOf|contains)\b/;

/** What is required, and forbidden by what is said beside it: nothing would pass. */
function checkRequired(rules: PropRules, path: string, { required, properties, patternProperties, additionalProperties }: Schema): void {
  if (additionalProperties !== false || !isListOfNames(required) || CONDITIONS.test(path)) {
    return;
  }
  const patterns = Object.keys(asMap(patternProperties));
  const isAllowed = (name: string) => Object.hasOwn(asMap(properties), name) || patterns.some((pattern) => matches(pattern, name));
  const forbidden = (required as string[]).filter((name) => !isAllowed(name));
  rules.check(forbidden.length === 0, {
    rule: `${path}.required must not name what additionalProperties: false forbids: `
      + `${path === 'payloadSchema' ? 'every payload' : 'whatever is there'} would be refused`,
    value: forbidden.join(', '),
    fix: 'correct the name, or add it to properties',
  });
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(name);
  } catch {
    return true; // said of the pattern
  }
}

function isSchemaOrFlag(value: unknown): boolean {
  return typeof value === 'boolean' || isSchema(value);
}

function isListOfSchemas(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isSchemaOrFlag);
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string') && isUnique(value);
}

function isUnique(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value, sorted))).size === values.length;
}

/** Whatever the order of its keys, an object is the same. */
function sorted(_key: string, value: unknown): unknown {
  return isSchema(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value;
}
