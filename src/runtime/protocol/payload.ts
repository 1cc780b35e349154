import { createHash } from 'node:crypto';

/** Payload, result and checkpoint are kept in the record up to this size each. */
export const INLINE_LIMIT_BYTES = 65_536;

/**
 * The hash by which a repeated submission is recognised: of the value, not of its spelling,
 * so that the order of keys and white space make no difference.
 * Canonical as in RFC 8785: keys by their UTF-16 code units, numbers and texts as ECMAScript writes them.
 * @param value as `JSON.parse` gives it
 */
export function payloadHash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
