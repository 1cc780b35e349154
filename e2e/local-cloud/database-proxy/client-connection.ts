import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { FrameReader, opening, pairs, type Frame, type Opening } from './frames';
import { authentication, AUTHENTICATION, fatal, OPENING, type Refusal } from './messages';
import type { Parameters } from './server-connection';
import type { Certificate } from '../../../test/support/postgres/certificate';

/** A client that has said what it wants. Nobody has judged it yet. */
export class ClientConnection {
  /**
   * Hears a client until it says who it is, over TLS if it asks for that.
   *
   * @returns nothing where it only wanted to cancel something, or went
   */
  static async greet(socket: Socket, { certificate, key }: Certificate): Promise<ClientConnection | undefined> {
    let stream: Duplex = socket;
    for (let encrypted = false; ;) {
      const found = await readOpening(stream);
      if (!found || found.code === OPENING.cancel) {
        stream.destroy();
        return undefined;
      }
      if (found.code === OPENING.startup) return new ClientConnection(stream, pairs(found.body), encrypted, found.rest);
      const upgrades = found.code === OPENING.ssl && !encrypted && found.rest.length === 0;
      stream.write(upgrades ? 'S' : 'N');
      if (upgrades) {
        stream = new TLSSocket(socket, { isServer: true, cert: certificate, key, minVersion: 'TLSv1.2' });
        stream.on('error', () => {});
        encrypted = true;
      }
    }
  }

  ended = false;
  private corked = false;
  private readonly reader = new FrameReader();

  private constructor(
    private readonly stream: Duplex, readonly parameters: Parameters, readonly encrypted: boolean, private readonly rest: Buffer,
  ) {
    stream.on('error', () => {}); // `close` follows
    stream.on('close', () => {
      this.ended = true;
      this.onEnd();
    });
  }

  onFrame: (frame: Frame) => void = () => {};
  onEnd: () => void = () => {};

  get user(): string {
    return this.parameters.user ?? '';
  }

  /** The one that it names, or that of its own name. */
  get database(): string {
    return this.parameters.database ?? this.user;
  }

  private readonly hear = (bytes: Buffer) => this.reader.add(bytes).forEach(frame => this.onFrame(frame));

  /** From now on `onFrame` is told what it says. */
  listen(): void {
    this.hear(this.rest);
    this.stream.on('data', this.hear).resume();
  }

  /** From now on everything goes as it comes, both ways. */
  pipe(server: Duplex): void {
    this.stream.off('data', this.hear);
    this.onEnd = () => server.destroy();
    server.on('error', () => {}).on('close', () => this.end());
    this.stream.pipe(server).pipe(this.stream);
    if (this.ended) server.destroy();
  }

  /** Asks for a password. @returns nothing where it went instead */
  async password(): Promise<string | undefined> {
    this.send(authentication(AUTHENTICATION.cleartext));
    return new Promise((resolve) => {
      this.onEnd = () => resolve(undefined);
      this.onFrame = ({ type, body }) => resolve(type === 'p' ? body.toString('utf8', 0, body.length - 1) : undefined);
    });
  }

  /** What is sent at once goes out at once. */
  send(bytes: Buffer): void {
    if (!this.corked) {
      this.corked = true;
      this.stream.cork();
      process.nextTick(() => {
        this.corked = false;
        this.stream.uncork();
      });
    }
    this.stream.write(bytes);
  }

  refuse(refusal: Refusal): void {
    this.stream.end(fatal(refusal));
  }

  end(): void {
    this.stream.end();
  }
}

async function readOpening(stream: Duplex): Promise<Opening | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const settle = (found: Opening | undefined) => {
      stream.off('data', hear).off('close', went).pause();
      resolve(found);
    };
    const went = () => settle(undefined);
    const hear = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        const found = opening(bytes);
        if (found) settle(found);
      } catch {
        settle(undefined); // it speaks something else
      }
    };
    stream.on('data', hear).on('close', went).resume();
  });
}
