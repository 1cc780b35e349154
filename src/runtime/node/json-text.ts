import { INLINE_LIMIT_BYTES } from '../protocol/payload';

/**
 * A value as the JSON text that the record keeps.
 * @param what as the message names it, such as "the result"
 * @throws TypeError if it has no JSON, RangeError if it is too large
 */
export function jsonText(what: string, value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new TypeError(`${what} is not JSON: ${(error as Error).message}`);
  }
  if (text === undefined) {
    throw new TypeError(`${what} is not JSON: it is ${value === undefined ? 'undefined' : `a ${typeof value}`}`);
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > INLINE_LIMIT_BYTES) {
    throw new RangeError(`${what} is ${bytes} bytes of JSON, and the record keeps up to ${INLINE_LIMIT_BYTES}: `
      + 'store it elsewhere, such as in S3, and keep its key here');
  }
  return text;
}
