type Schema = Record<string, unknown>;

/** Keywords that mean the same in draft-07 and in OpenAPI 3.0. */
const KEPT = [
  'title', 'description', 'default', 'enum', 'format', 'pattern', 'multipleOf', 'minimum', 'maximum', 'minLength', 'maxLength',
  'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'readOnly', 'writeOnly',
];

/** Keywords that say nothing of what a value must be, and can be left out without a loss. */
const SAYING_NOTHING = ['$schema', '$id', '$comment', 'definitions', 'examples', 'contentEncoding', 'contentMediaType'];

/** What {@link converted} understands beside them. */
const UNDERSTOOD = [
  ...KEPT, ...SAYING_NOTHING, 'type', 'const', 'required', 'properties', 'additionalProperties', 'items', 'allOf', 'anyOf', 'oneOf', 'not', '$ref',
  'exclusiveMinimum', 'exclusiveMaximum',
];

/**
 * A payload's schema (draft-07) as OpenAPI 3.0 can say it. What it cannot say is left out, so that the document never refuses what the API
 * accepts: the function that accepts jobs is the judge.
 *
 * @param name what the schema is called among the document's schemas
 * @returns the schemas: one of that name, and one for each of its definitions
 */
export function payloadSchemas(name: string, schema: Schema): Record<string, unknown> {
  const definitions = isSchema(schema.definitions) ? schema.definitions : {};
  const names = new Map([['#', name], ...Object.keys(definitions).map((key, index) => [`#/definitions/${pointer(key)}`, `${name}.${index + 1}`] as const)]);
  const convert = (part: unknown) => converted(part, names);
  return { [name]: convert(schema), ...Object.fromEntries(Object.keys(definitions).map((key, index) => [`${name}.${index + 1}`, convert(definitions[key])])) };
}

function converted(schema: unknown, names: ReadonlyMap<string, string>): Schema {
  if (!isSchema(schema)) {
    return schema === false ? { not: {} } : {};
  }
  if (schema.$ref !== undefined) {
    const known = names.get(String(schema.$ref));
    return known === undefined ? {} : { $ref: `#/components/schemas/${known}` };
  }
  const convert = (part: unknown) => converted(part, names);
  const result: Schema = Object.fromEntries(KEPT.filter((keyword) => schema[keyword] !== undefined).map((keyword) => [keyword, schema[keyword]]));
  if ('const' in schema) {
    result.enum = [schema.const];
  }
  if (Array.isArray(schema.required) && schema.required.length > 0) {
    result.required = schema.required;
  }
  Object.assign(result, bounds(schema), properties(schema, convert), choices(schema, convert));
  return withType(result, schema, convert);
}

/** Numbers in draft-07, switches of the inclusive bounds in OpenAPI 3.0. */
function bounds(schema: Schema): Schema {
  const result: Schema = {};
  const { exclusiveMinimum: above, exclusiveMaximum: below, minimum, maximum } = schema;
  if (typeof above === 'number' && !(typeof minimum === 'number' && minimum > above)) {
    Object.assign(result, { minimum: above, exclusiveMinimum: true });
  }
  if (typeof below === 'number' && !(typeof maximum === 'number' && maximum < below)) {
    Object.assign(result, { maximum: below, exclusiveMaximum: true });
  }
  return result;
}

function properties(schema: Schema, convert: (part: unknown) => Schema): Schema {
  const result: Schema = {};
  if (isSchema(schema.properties)) {
    result.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => [name, convert(part)]));
  }
  // With patternProperties left out, the names they allow would be refused.
  if (schema.additionalProperties !== undefined && schema.patternProperties === undefined) {
    result.additionalProperties = typeof schema.additionalProperties === 'boolean' ? schema.additionalProperties : convert(schema.additionalProperties);
  }
  return result;
}

/** A part that lost something allows more: in a `not` it would refuse more, and in a `oneOf` two might fit where one did. */
function choices(schema: Schema, convert: (part: unknown) => Schema): Schema {
  const result: Schema = {};
  const list = (value: unknown) => (Array.isArray(value) && value.length > 0 ? value as unknown[] : undefined);
  const { allOf, anyOf, oneOf } = { allOf: list(schema.allOf), anyOf: list(schema.anyOf), oneOf: list(schema.oneOf) };
  if (allOf) {
    result.allOf = allOf.map(convert);
  }
  if (anyOf) {
    result.anyOf = anyOf.map(convert);
  }
  if (oneOf) {
    const whole = oneOf.every(isWhole);
    if (whole || !anyOf) {
      result[whole ? 'oneOf' : 'anyOf'] = oneOf.map(convert);
    }
  }
  if (schema.not !== undefined && isWhole(schema.not)) {
    result.not = convert(schema.not);
  }
  return result;
}

/** One type and `nullable` in OpenAPI 3.0; a list of types is a choice. An array says what it holds. */
function withType(result: Schema, schema: Schema, convert: (part: unknown) => Schema): Schema {
  const types = schema.type === undefined ? [] : [schema.type].flat();
  const nullable = types.includes('null') && { nullable: true };
  const items = isSchema(schema.items) || typeof schema.items === 'boolean' ? convert(schema.items) : {};
  const branches = types.filter((type) => type !== 'null').map((type) => ({ type, ...nullable, ...(type === 'array' && { items }) }));
  if (branches.length === 0) {
    return types.length === 0 ? { ...result, ...(isSchema(schema.items) && { items }) } : { ...result, nullable: true, enum: [null] };
  }
  return branches.length === 1
    ? { ...result, ...branches[0] }
    : { ...result, allOf: [...(result.allOf as unknown[] ?? []), { anyOf: branches }] };
}

/** Whether nothing is lost in it, at any depth. A reference may lead to something that loses. */
function isWhole(schema: unknown): boolean {
  if (Array.isArray(schema)) {
    return schema.every(isWhole);
  }
  if (!isSchema(schema)) {
    return true;
  }
  const parts = [schema.items, schema.additionalProperties, schema.allOf, schema.anyOf, schema.oneOf, schema.not];
  return schema.$ref === undefined && !Array.isArray(schema.items) && Object.keys(schema).every((keyword) => UNDERSTOOD.includes(keyword))
    && parts.every(isWhole) && Object.values(isSchema(schema.properties) ? schema.properties : {}).every(isWhole);
}

/** A name as a reference says it. */
function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
