import type { PropRules } from '../internal/prop-rules';

const DRAFT = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/;
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** Keywords whose value is a schema, a list of schemas, or a map of them. */
const INNER = ['additionalItems', 'additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then'];
const INNER_LISTS = ['allOf', 'anyOf', 'items', 'oneOf'];
const INNER_MAPS = ['definitions', 'dependencies', 'patternProperties', 'properties'];

/** What would only be seen when the function that accepts jobs starts, and then refuses every one of them. */
export function checkSchema(rules: PropRules, schema: Record<string, unknown>): void {
  rules.check(schema.$schema === undefined || DRAFT.test(String(schema.$schema)), {
    rule: 'payloadSchema.$schema must be draft-07',
    value: String(schema.$schema),
    fix: "give 'http://json-schema.org/draft-07/schema#', or leave it out",
  });
  checkKeywords(rules, 'payloadSchema', schema);
}

function checkKeywords(rules: PropRules, path: string, schema: unknown): void {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return; // true and false are schemas too
  }
  const given = schema as Record<string, unknown>;
  for (const type of given.type === undefined ? [] : [given.type].flat()) {
    rules.check(TYPES.includes(String(type)), { rule: `${path}.type must be one of ${TYPES.join(', ')}`, value: String(type), fix: 'correct the type' });
  }
  checkPattern(rules, `${path}.pattern`, given.pattern);
  Object.keys(asMap(given.patternProperties)).forEach((pattern) => checkPattern(rules, `${path}.patternProperties`, pattern));
  rules.check(given.$ref === undefined || String(given.$ref).startsWith('#'), {
    rule: `${path}.$ref must point into the schema itself`,
    value: String(given.$ref),
    fix: 'put what it refers to under definitions',
  });
  INNER.forEach((keyword) => checkKeywords(rules, `${path}.${keyword}`, given[keyword]));
  INNER_LISTS.forEach((keyword) => {
    const list = given[keyword];
    (Array.isArray(list) ? list : []).forEach((item, index) => checkKeywords(rules, `${path}.${keyword}[${index}]`, item));
  });
  INNER_MAPS.forEach((keyword) => Object.entries(asMap(given[keyword])).forEach(([name, item]) => checkKeywords(rules, `${path}.${keyword}.${name}`, item)));
}

function checkPattern(rules: PropRules, path: string, pattern: unknown): void {
  if (pattern === undefined) {
    return;
  }
  let compiles = true;
  try {
    new RegExp(String(pattern), 'u');
  } catch {
    compiles = false;
  }
  rules.check(compiles, { rule: `${path} must be a regular expression`, value: String(pattern), fix: 'escape what is meant literally' });
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}
