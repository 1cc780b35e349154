import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ApiError } from './answer';
import { header } from './request';
import { ERROR_CODE } from '../../wire/http';

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** The body as text; empty where there is none. */
export function bodyText(event: APIGatewayProxyEvent): string {
  const type = header(event, 'Content-Type');
  if (type !== undefined && !JSON_TYPE.test(type)) {
    throw new ApiError(415, ERROR_CODE.unsupportedMediaType, 'the body is sent as application/json');
  }
  if (!event.isBase64Encoded) {
    return event.body ?? '';
  }
  const bytes = Buffer.from(event.body ?? '', 'base64');
  if (!isUtf8(bytes)) {
    throw badRequest('the body is not UTF-8');
  }
  return bytes.toString();
}

/** @param meaning what the body is, for the error that says that it is empty */
export function parseBody(text: string, meaning: string): unknown {
  if (text.trim() === '') {
    throw badRequest(`the body is empty: it is ${meaning}, as JSON`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // what the parser says quotes the body
    throw badRequest('the body is not JSON');
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, ERROR_CODE.badRequest, message);
}

/** What is wrong with the fields of an object, all at once: `rules` say for each name what it is, and whether a value is that. */
export type FieldRules = Readonly<Record<string, { readonly fits: (value: unknown) => boolean; readonly is: string; readonly required?: true }>>;

/** @returns in words, nothing where all is well; no values, which may be secrets */
export function faultsOf(value: unknown, rules: FieldRules): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return ['it must be an object'];
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const isGiven = (name: string) => Object.hasOwn(fields, name);
  return [
    ...Object.keys(fields).filter((name) => !Object.hasOwn(rules, name))
      .map((name) => `${JSON.stringify(name.slice(0, 40))} is unknown: there are ${Object.keys(rules).join(', ')}`),
    ...Object.entries(rules).filter(([name, { required }]) => required && !isGiven(name)).map(([name]) => `"${name}" is missing`),
    ...Object.entries(rules).filter(([name, { fits }]) => isGiven(name) && !fits(fields[name])).map(([name, { is }]) => `"${name}" must be ${is}`),
  ];
}
