/**
 * Where a text is that is too long for a record: in the record stands `s3:{key}` instead. No JSON text begins so, so that payload, result and
 * checkpoint are told apart from their references without a field of their own, and the protocol need not know.
 */
const PREFIX = 's3:';

export function referenceTo(key: string): string {
  return `${PREFIX}${key}`;
}

/** The key that a text refers to; undefined where it is the JSON itself. */
export function referredKey(text: string): string | undefined {
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined;
}
