import { cutText, type Frame } from './frames';

/** What the first message of a client may be. */
export const OPENING = { startup: 196_608, cancel: 80_877_102, ssl: 80_877_103, gss: 80_877_104 } as const;

/** What `R` asks of a client. */
export const AUTHENTICATION = { ok: 0, cleartext: 3 } as const;

/** What ends a connection, in the words of whoever ends it. */
export interface Refusal {
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
}

/** A message of a server. */
function frame(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

export function fatal({ code, message }: Refusal): Buffer {
  return frame('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`));
}

export function authentication(kind: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeInt32BE(kind);
  return frame('R', body);
}

/** What a client may use to cancel; nobody listens to that here. */
export function backendKey(): Buffer {
  return frame('K', Buffer.alloc(8));
}

export function readyForQuery(): Buffer {
  return frame('Z', Buffer.from('I'));
}

/** What begins a session. */
export function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`).join('')}\0`);
  const header = Buffer.alloc(8);
  header.writeInt32BE(body.length + 8);
  header.writeInt32BE(OPENING.startup, 4);
  return Buffer.concat([header, body]);
}

/** What asks a server for TLS. */
export function sslRequest(): Buffer {
  const message = Buffer.alloc(8);
  message.writeInt32BE(8);
  message.writeInt32BE(OPENING.ssl, 4);
  return message;
}

export const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);

/** An error of a server, by its fields. */
export function refusalIn({ body }: Frame): Refusal {
  const fields: Record<string, string> = {};
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const { text, next } = cutText(body, at + 1);
    fields[String.fromCharCode(body[at])] = text;
    at = next;
  }
  return { code: fields.C, message: fields.M };
}
