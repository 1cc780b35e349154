type Schema = Record<string, unknown>;

/** What JSON Schema calls the type of a value. */
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/**
 * What a schema refuses of a payload that is known at synthesis, as far as plain keywords say it. The function that accepts jobs judges the whole of
 * it; what it refuses beyond this fails the smoke test.
 *
 * @returns each thing that is wrong, with its path
 */
export function refusedBy(schema: unknown, value: unknown, path = 'payload'): string[] {
  if (!isObject(schema)) {
    return schema === false ? [`${path} is not allowed`] : [];
  }
  return [
    ...typeProblems(schema, value, path),
    ...objectProblems(schema, value, path),
    ...(Array.isArray(value) && isObject(schema.items) ? value.flatMap((each, index) => refusedBy(schema.items, each, `${path}[${index}]`)) : []),
    ...textProblems(schema, value, path),
    ...numberProblems(schema, value, path),
  ];
}

function typeProblems({ type, enum: values, const: constant }: Schema, value: unknown, path: string): string[] {
  const types = [type ?? []].flat() as string[];
  const same = (one: unknown) => JSON.stringify(one) === JSON.stringify(value);
  return [
    ...(types.length > 0 && !types.some((name) => TYPES[name]?.(value) ?? true) ? [`${path} must be ${types.join(' or ')}`] : []),
    ...(Array.isArray(values) && !values.some(same) ? [`${path} must be one of ${values.map((one) => JSON.stringify(one)).join(', ')}`] : []),
    ...(constant !== undefined && !same(constant) ? [`${path} must be ${JSON.stringify(constant)}`] : []),
  ];
}

function objectProblems({ required, properties, additionalProperties, patternProperties }: Schema, value: unknown, path: string): string[] {
  if (!isObject(value)) {
    return [];
  }
  const known = isObject(properties) ? properties : {};
  const further = additionalProperties === false && patternProperties === undefined ? Object.keys(value).filter((name) => !(name in known)) : [];
  return [
    ...(Array.isArray(required) ? required as string[] : []).filter((name) => value[name] === undefined).map((name) => `${path}.${name} is missing`),
    ...further.map((name) => `${path}.${name} is not allowed`),
    ...Object.entries(known).filter(([name]) => value[name] !== undefined).flatMap(([name, of]) => refusedBy(of, value[name], `${path}.${name}`)),
  ];
}

function textProblems({ minLength, maxLength, pattern }: Schema, value: unknown, path: string): string[] {
  if (typeof value !== 'string') {
    return [];
  }
  return [
    ...(typeof minLength === 'number' && [...value].length < minLength ? [`${path} must have ${minLength} characters or more`] : []),
    ...(typeof maxLength === 'number' && [...value].length > maxLength ? [`${path} must have at most ${maxLength} characters`] : []),
    ...(typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value) ? [`${path} must match ${pattern}`] : []),
  ];
}

function numberProblems({ minimum, maximum }: Schema, value: unknown, path: string): string[] {
  if (typeof value !== 'number') {
    return [];
  }
  return [
    ...(typeof minimum === 'number' && value < minimum ? [`${path} must be at least ${minimum}`] : []),
    ...(typeof maximum === 'number' && value > maximum ? [`${path} must be at most ${maximum}`] : []),
  ];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
