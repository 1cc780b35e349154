import { KEYWORDS } from './schema-keywords';

/** A JSON schema, or a part of one that is a schema itself. */
export type Schema = Readonly<Record<string, unknown>>;

/** Is called with a schema, and each part of it that is one itself, and where it stands. */
export type Visit = (path: string, schema: Schema) => void;

/** The same, with what was returned for the part around it. */
export type VisitWithin<T> = (path: string, schema: Schema, around: T) => T;

/** Visits a schema and all within it, each part after the one around it. */
export function walk(path: string, schema: unknown, visit: Visit): void {
  walkWithin<void>(path, schema, visit, undefined);
}

/** @param around what the outermost schema is visited with */
export function walkWithin<T>(path: string, schema: unknown, visit: VisitWithin<T>, around: T): void {
  if (!isSchema(schema)) {
    return; // true and false are schemas too, and what is none is said by the rule of its keyword
  }
  const told = visit(path, schema, around);
  for (const [keyword, value] of given(schema)) {
    const kind = KEYWORDS.get(keyword);
    if (kind?.startsWith('an object of schemas')) {
      Object.entries(asMap(value)).forEach(([name, inner]) => walkWithin(`${path}.${keyword}.${name}`, inner, visit, told));
    } else if (kind?.endsWith('a list of schemas') && Array.isArray(value)) {
      value.forEach((inner, index) => walkWithin(`${path}.${keyword}[${index}]`, inner, visit, told));
    } else if (kind?.startsWith('a schema')) {
      walkWithin(`${path}.${keyword}`, value, visit, told);
    }
  }
}

/** What is undefined is not in the JSON. */
export function given(schema: Schema): [string, unknown][] {
  return Object.entries(schema).filter(([, value]) => value !== undefined);
}

export function asMap(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
