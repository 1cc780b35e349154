import { inflateRawSync } from 'node:zlib';
import Ajv, { ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { isLong, PAYLOAD_LIMIT_BYTES, TextTooLong } from '../../store/files/limits';
import { Environment } from '../../store/settings';
import { ENVIRONMENT } from '../../wire/environment';
import { ERROR_CODE } from '../../wire/http';
import { ApiError } from '../http/answer';
import { badRequest, bodyText, parseBody } from '../http/json-body';

/** Throws an ApiError that names everything about a payload that is wrong. */
export type JudgePayload = (payload: unknown) => void;

/** How payloads are judged. */
export interface PayloadRules {
  readonly judge: JudgePayload;
  /** Whether what is too long for a record has a place to go. */
  readonly hasBucket: boolean;
}

/** A payload that is fine. */
export interface Payload {
  readonly value: unknown;
  readonly text: string;
  /** It does not fit into the record. */
  readonly isLong: boolean;
}

const MOST_LEVELS = 100;

/** So many faults are named: more help nobody. */
const MOST_FAULTS = 10;

/** The payload of a request whose body it is. */
export function payloadOf(event: APIGatewayProxyEvent, rules: PayloadRules): Payload {
  const body = bodyText(event);
  checkSize(body, rules);
  return judged(parseBody(body, 'the payload of the job'), rules);
}

/** @throws ApiError saying what is wrong with it */
export function judged(value: unknown, rules: PayloadRules): Payload {
  checkDepth(value, MOST_LEVELS);
  rules.judge(value);
  const text = JSON.stringify(value);
  return { value, text, isLong: checkSize(text, rules) }; // numbers may be longer than they were written: 1e20
}

/** The parser takes any depth; what walks through the value afterwards (hash, schema) would run out of stack. */
function checkDepth(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (left === 0) {
    throw badRequest(`a payload is nested at most ${MOST_LEVELS} levels deep`);
  }
  Object.values(value).forEach((part) => checkDepth(part, left - 1));
}

function checkSize(text: string, { hasBucket }: PayloadRules): boolean {
  try {
    return isLong('payload', text, hasBucket, PAYLOAD_LIMIT_BYTES);
  } catch (error) {
    throw error instanceof TextTooLong ? new ApiError(413, ERROR_CODE.payloadTooLarge, error.message) : error;
  }
}

/** Compiles the schema that the construct was given; without one every payload is fine. */
export function payloadJudge(environment: Environment): JudgePayload {
  const packed = environment[ENVIRONMENT.payloadSchema];
  if (!packed) {
    return () => {};
  }
  const validate = schemaValidator().compile(JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString()) as object);
  return (payload) => {
    if (!validate(payload)) {
      throw new ApiError(400, ERROR_CODE.invalidPayload, `the payload ${faults(validate.errors ?? [])}`);
    }
  };
}

/** What judges payloads. Keywords and formats that it does not know it passes over; the construct refuses them, or warns, by a table of its own. */
export function schemaValidator(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false });
  addFormats(ajv);
  return ajv;
}

/** Where and what, never the value: it may be a secret, and it is the caller's anyway. */
function faults(errors: readonly ErrorObject[]): string {
  const named = errors.slice(0, MOST_FAULTS).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? ` ("${String(params.additionalProperty)}")` : '';
    return `${instancePath === '' ? '' : `${instancePath} `}${message}${extra}`;
  });
  const rest = errors.length - named.length;
  return [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}
