import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { FrameReader, type Frame } from './frames';
import { AUTHENTICATION, refusalIn, sslRequest, startup, TERMINATE, type Refusal } from './messages';

/** Where a server is, for whoever needs no password there: its socket trusts who may open the folder. */
export interface TrustingServer {
  readonly socketFolder: string;
  readonly port: number;
}

/** What a session begins with: `user`, `database` and settings. */
export type Parameters = Readonly<Record<string, string>>;

/** A server that refused a session, or that could not be reached. */
export class ServerRefused extends Error {
  readonly name = 'ServerRefused';

  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** A session on the real server. What it says goes to `onFrame`, and its end to `onEnd`. */
export class ServerConnection {
  /** Comes as a role that has been judged already. @throws ServerRefused */
  static async open({ socketFolder, port }: TrustingServer, parameters: Parameters): Promise<ServerConnection> {
    const connection = new ServerConnection(connect(`${socketFolder}/.s.PGSQL.${port}`), parameters);
    await connection.begun;
    return connection;
  }

  ended = false;
  /** What the server tells of its settings when a session begins. */
  readonly told: Buffer[] = [];
  private readonly reader = new FrameReader();
  private readonly begun: Promise<void>;

  private constructor(private readonly socket: Socket, parameters: Parameters) {
    socket.setNoDelay(true);
    this.begun = new Promise<void>((resolve, reject) => {
      const unreachable = () => reject(new ServerRefused({ code: '08006', message: 'the server cannot be reached' }));
      socket.once('close', unreachable);
      socket.on('error', () => {}); // `close` follows
      socket.once('connect', () => socket.write(startup(parameters)));
      this.onFrame = (frame) => {
        if (frame.type === 'E') reject(new ServerRefused(refusalIn(frame)));
        if (frame.type === 'R' && frame.body.readInt32BE(0) !== AUTHENTICATION.ok) reject(new ServerRefused({ code: '28000', message: 'the server does not trust its socket' }));
        if (frame.type === 'S') this.told.push(frame.bytes);
        if (frame.type === 'Z') {
          socket.removeListener('close', unreachable);
          resolve();
        }
      };
    });
    this.begun.catch(() => this.socket.destroy());
    socket.on('data', bytes => this.reader.add(bytes).forEach(frame => this.onFrame(frame)));
    socket.on('close', () => {
      this.ended = true;
      this.onEnd();
    });
  }

  onFrame: (frame: Frame) => void = () => {};
  onEnd: () => void = () => {};

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Ends the session; what was not committed is undone. */
  end(): void {
    this.socket.end(TERMINATE);
  }
}

/** A stream to the server's own door, over TLS, for who brings a password that the server knows. */
export async function openOverTls(port: number, ca: string): Promise<Socket> {
  const plain = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    plain.once('error', reject);
    plain.once('data', answer => (answer.toString('latin1') === 'S' ? resolve() : reject(new Error('the server has no TLS'))));
    plain.write(sslRequest());
  });
  return new Promise<Socket>((resolve, reject) => {
    const socket = connectTls({ socket: plain, ca, servername: 'localhost' }, () => resolve(socket));
    socket.once('error', reject);
  });
}
