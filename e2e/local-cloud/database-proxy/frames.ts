/**
 * Messages of PostgreSQL's protocol 3.0 in a stream of bytes. They are passed on as they came, so nothing but their borders is needed here;
 * `pg-protocol` reads the messages of servers only, and forgets their bytes.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

/** A message after the start of a connection: one letter, four bytes of length, and what it says. */
export interface Frame {
  readonly type: string;
  /** All of it, to be passed on. */
  readonly bytes: Buffer;
  /** What it says. */
  readonly body: Buffer;
}

const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
/** Nothing that a client sends before it is known may take up more room. */
const MOST_STARTUP_BYTES = 10_000;

/** Cuts a stream into messages. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The messages that are complete with these bytes. */
  add(bytes: Buffer): Frame[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const frames: Frame[] = [];
    let at = 0;
    while (this.rest.length - at >= HEADER_BYTES) {
      const end = at + 1 + this.rest.readInt32BE(at + 1);
      if (end > this.rest.length) break;
      frames.push({ type: String.fromCharCode(this.rest[at]), bytes: this.rest.subarray(at, end), body: this.rest.subarray(at + HEADER_BYTES, end) });
      at = end;
    }
    this.rest = this.rest.subarray(at);
    return frames;
  }
}

/** The first message of a client, which has no letter. */
export interface Opening {
  readonly code: number;
  readonly body: Buffer;
  /** What came after it. */
  readonly rest: Buffer;
}

/** @returns nothing as long as it is not complete */
export function opening(bytes: Buffer): Opening | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const length = bytes.readInt32BE(0);
  if (length < 2 * LENGTH_BYTES || length > MOST_STARTUP_BYTES) throw new Error(`no message of PostgreSQL begins with ${length}`);
  return bytes.length < length ? undefined : { code: bytes.readInt32BE(4), body: bytes.subarray(8, length), rest: bytes.subarray(length) };
}

/** Names and values, each ended by a zero, as in the message by which a session starts. */
export function pairs(body: Buffer): Record<string, string> {
  const texts = body.toString('utf8').split('\0');
  const found: Record<string, string> = {};
  for (let index = 0; index + 1 < texts.length && texts[index] !== ''; index += 2) {
    found[texts[index]] = texts[index + 1];
  }
  return found;
}

/** The text up to the first zero, and what follows it. */
export function cutText(body: Buffer, from = 0): { readonly text: string; readonly next: number } {
  const end = body.indexOf(0, from);
  return { text: body.toString('utf8', from, end < 0 ? body.length : end), next: end < 0 ? body.length : end + 1 };
}
