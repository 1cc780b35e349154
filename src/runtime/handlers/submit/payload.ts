import { isUtf8 } from 'node:buffer';
import { inflateRawSync } from 'node:zlib';
import Ajv, { ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { INLINE_LIMIT_BYTES } from '../../protocol/payload';
import { Environment } from '../../store/settings';
import { ENVIRONMENT } from '../../wire/environment';
import { ERROR_CODE } from '../../wire/http';
import { ApiError } from '../http/answer';
import { header } from '../http/request';

/** Throws an ApiError that names everything about a payload that is wrong. */
export type JudgePayload = (payload: unknown) => void;

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

const MOST_LEVELS = 100;

/** So many faults are named: more help nobody. */
const MOST_FAULTS = 10;

/** The payload of a submission, and its text. */
export function payloadOf(event: APIGatewayProxyEvent, judge: JudgePayload): { readonly value: unknown; readonly text: string } {
  const type = header(event, 'Content-Type');
  if (type !== undefined && !JSON_TYPE.test(type)) {
    throw new ApiError(415, ERROR_CODE.unsupportedMediaType, 'a payload is sent as application/json');
  }
  const body = bodyOf(event);
  checkSize(body);
  const value = parse(body);
  checkDepth(value, MOST_LEVELS);
  judge(value);
  const text = JSON.stringify(value);
  checkSize(text); // numbers may be longer than they were written: 1e20
  return { value, text };
}

function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  if (!isBase64Encoded) {
    return body ?? '';
  }
  const bytes = Buffer.from(body ?? '', 'base64');
  if (!isUtf8(bytes)) {
    throw new ApiError(400, ERROR_CODE.badRequest, 'the body is not UTF-8');
  }
  return bytes.toString();
}

/** The parser takes any depth; what walks through the value afterwards (hash, schema) would run out of stack. */
function checkDepth(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (left === 0) {
    throw new ApiError(400, ERROR_CODE.badRequest, `a payload is nested at most ${MOST_LEVELS} levels deep`);
  }
  Object.values(value).forEach((part) => checkDepth(part, left - 1));
}

function checkSize(text: string): void {
  const size = Buffer.byteLength(text);
  if (size > INLINE_LIMIT_BYTES) {
    throw new ApiError(413, ERROR_CODE.payloadTooLarge, `a payload has at most ${INLINE_LIMIT_BYTES} bytes, not ${size}`);
  }
}

function parse(body: string): unknown {
  if (body.trim() === '') {
    throw new ApiError(400, ERROR_CODE.badRequest, 'the body is empty: it is the payload of the job, as JSON');
  }
  try {
    return JSON.parse(body);
  } catch {
    // what the parser says quotes the body
    throw new ApiError(400, ERROR_CODE.badRequest, 'the body is not JSON');
  }
}

/** Compiles the schema that the construct was given; without one every payload is fine. */
export function payloadJudge(environment: Environment): JudgePayload {
  const packed = environment[ENVIRONMENT.payloadSchema];
  if (!packed) {
    return () => {};
  }
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false });
  addFormats(ajv);
  const validate = ajv.compile(JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString()) as object);
  return (payload) => {
    if (!validate(payload)) {
      throw new ApiError(400, ERROR_CODE.invalidPayload, `the payload ${faults(validate.errors ?? [])}`);
    }
  };
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
