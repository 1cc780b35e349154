import type * as apigateway from 'aws-cdk-lib/aws-apigateway';

type Schema = Record<string, unknown>;

/** Keywords that mean the same in draft-04, which API Gateway speaks, and draft-07; each only narrows what the others allow. */
const SCALAR_KEYWORDS = ['type', 'required', 'enum', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'];

/**
 * The part of a draft-07 schema that API Gateway understands. What is left out only ever makes it accept more, never less:
 * only keywords that narrow are taken, and none of those that negate or choose (`not`, `oneOf`, `if`).
 */
export function gatewayModel(schema: Record<string, unknown>): apigateway.JsonSchema {
  return { schema: 'http://json-schema.org/draft-04/schema#' as apigateway.JsonSchemaVersion, ...(narrow(schema) as apigateway.JsonSchema) };
}

function narrow(schema: Schema): Schema {
  const kept: Schema = {};
  for (const keyword of SCALAR_KEYWORDS) {
    // draft-04 forbids an empty `required`
    if (schema[keyword] !== undefined && !(keyword === 'required' && (schema.required as unknown[]).length === 0)) {
      kept[keyword] = keyword === 'type' ? looserType(schema.type) : schema[keyword];
    }
  }
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  if (properties.length > 0) {
    kept.properties = Object.fromEntries(properties.map(([name, property]) => [name, isSchema(property) ? narrow(property) : {}]));
  }
  if (isSchema(schema.items)) {
    kept.items = narrow(schema.items);
  }
  // With patternProperties left out, the names they allow would be refused.
  if (schema.additionalProperties === false && schema.patternProperties === undefined) {
    kept.additionalProperties = false;
  }
  return kept;
}

/** 1.0 is an integer in draft-07 and none in draft-04. */
function looserType(type: unknown): unknown {
  const loosened = [type].flat().map((one) => (one === 'integer' ? 'number' : one));
  return Array.isArray(type) ? [...new Set(loosened)] : loosened[0];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
