import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from '../../support/postgres/certificate';

const SSL_REQUEST_BYTES = 8;
const CLEARTEXT_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

/** What a server that asks IAM says of a token that it does not take. */
function refusal(): Buffer {
  const body = Buffer.from('SFATAL\0VFATAL\0C28000\0MPAM authentication failed for user "app"\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Stands where a database should, and listens: without TLS, or with a certificate. Whoever trusts it is asked for a password, and refused. */
export class Impostor {
  static async start(certificate?: Certificate): Promise<Impostor> {
    const impostor = new Impostor(certificate);
    await new Promise<void>((resolve) => impostor.server.listen(0, '127.0.0.1', resolve));
    return impostor;
  }

  /** What it could read, whoever it was from, without the question for TLS. */
  heard = '';
  connections = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(certificate: Certificate | undefined) {
    this.server = createServer((socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.once('data', (data) => {
        this.heard += data.subarray(SSL_REQUEST_BYTES).toString('latin1');
        if (!certificate) {
          socket.on('data', (more) => { this.heard += more.toString('latin1'); });
          socket.write('N');
          return;
        }
        socket.write('S');
        const secureContext = createSecureContext({ cert: certificate.certificate, key: certificate.key });
        const secure = new TLSSocket(socket, { isServer: true, secureContext });
        secure.on('error', () => {}).on('data', (more) => this.answer(secure, more));
      });
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** To who says its name, and to a password. */
  private answer(socket: TLSSocket, data: Buffer): void {
    const text = data.toString('latin1');
    this.heard += text;
    if (text.startsWith('p')) socket.end(refusal());
    else socket.write(CLEARTEXT_PASSWORD);
  }
}
