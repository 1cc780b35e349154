import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { described } from '../internal/value-kinds';

/**
 * What a job's payload must look like: a JSON Schema (draft-07).
 *
 * The whole schema is judged in the function that accepts jobs, which answers 400 with everything that is wrong. API Gateway is given the part
 * that it understands, so that most of what is wrong never starts a function; its answer is a 400 that does not say what.
 *
 * @see https://json-schema.org/draft-07/json-schema-release-notes
 *
 * @example
 * PayloadSchema.fromText('{"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}}');
 */
export class PayloadSchema {
  /**
   * A schema from a JSON text.
   *
   * @param text the schema, such as `{"type": "object", "required": ["url"]}`
   * @returns the schema
   * @throws if the text is not a JSON object
   */
  public static fromText(text: string): PayloadSchema {
    return new PayloadSchema(parse(text, 'the text given to PayloadSchema.fromText()'));
  }

  /**
   * A schema from a JSON file, read when the app is synthesised.
   *
   * @param path the file, relative to the working directory
   * @returns the schema
   * @throws if the file cannot be read or is not a JSON object
   */
  public static fromFile(path: string): PayloadSchema {
    return new PayloadSchema(parse(read(path), path));
  }

  /**
   * A schema written in the app.
   *
   * @param schema the schema, such as `{ type: 'object', required: ['url'] }`
   * @returns the schema
   * @throws if it is no object
   */
  public static fromObject(schema: Record<string, unknown>): PayloadSchema {
    return new PayloadSchema(objectOf(schema, 'what was given to PayloadSchema.fromObject()'));
  }

  /** @internal */
  private constructor(
    /** @internal */
    public readonly _schema: Record<string, unknown>,
  ) {}

  /**
   * The schema as JSON.
   *
   * @returns the JSON text
   */
  public toJson(): string {
    return JSON.stringify(this._schema);
  }
}

function read(path: string): string {
  if (typeof path !== 'string') { // as JavaScript lets pass
    throw new Error(`PayloadSchema.fromFile(): the path must be a text, not ${described(path)}. Give the path of a JSON Schema, such as join(__dirname, 'schema.json').`);
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`PayloadSchema.fromFile(): ${resolve(path)} cannot be read (${(error as Error).message}). Give the path of a JSON Schema, such as join(__dirname, 'schema.json').`);
  }
}

function parse(text: string, source: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`PayloadSchema: ${source} is not JSON (${(error as Error).message}). Give it a JSON Schema, such as {"type": "object"}.`);
  }
  return objectOf(value, source);
}

function objectOf(value: unknown, source: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`PayloadSchema: ${source} is not a JSON object but ${described(value)}. Give it a JSON Schema, such as {"type": "object"}.`);
  }
  return value as Record<string, unknown>;
}
