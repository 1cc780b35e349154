import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What becomes of the next answer. */
type Trouble = 'lose' | 'keep';

/** Stands between a client and a server, and loses answers: what the server did stays done, and the client does not know. */
export class Relay {
  static async to(port: number): Promise<Relay> {
    const relay = new Relay(port);
    await new Promise<void>((resolve) => relay.server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  /** How many connections were made. */
  connections = 0;
  private trouble?: Trouble;
  private dropping = false;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(to: number) {
    this.server = createServer((client) => {
      this.connections++;
      const server = connect(to, '127.0.0.1');
      [client, server].forEach((socket) => {
        this.sockets.add(socket);
        socket.on('error', () => {}).on('close', () => [client, server].forEach((other) => other.destroy()));
      });
      client.on('data', (data) => {
        if (this.dropping) {
          this.dropping = false;
          client.destroy();
        } else {
          server.write(data);
        }
      });
      let silent = false;
      server.on('data', (data) => {
        const trouble = this.trouble;
        this.trouble = undefined;
        silent ||= trouble !== undefined;
        if (!silent) {
          client.write(data);
        }
        if (trouble === 'lose') {
          void this.meanwhile().finally(() => client.destroy());
        }
      });
    });
  }

  /** Called when an answer was there and nobody has heard of it yet. */
  meanwhile: () => Promise<unknown> = async () => {};

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What is said next does not arrive, and its connection ends. */
  dropNext(): void {
    this.dropping = true;
  }

  /** The next answer of the server does not arrive, and its connection ends. */
  loseNext(): void {
    this.trouble = 'lose';
  }

  /** From the next answer on nothing arrives over its connection, which stays open. */
  keepNext(): void {
    this.trouble = 'keep';
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }
}
