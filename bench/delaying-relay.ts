import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** Stands before a server on this machine and passes on what is sent to it so much later: on a way there and back as long as that. */
export class DelayingRelay {
  public static async start(port: number, delayMs: number): Promise<DelayingRelay> {
    const relay = new DelayingRelay(port, delayMs);
    await new Promise<void>((done, fail) => relay.server.once('error', fail).listen(0, HOST, done));
    return relay;
  }

  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(to: number, delayMs: number) {
    this.server = createServer({ noDelay: true }, client => {
      const server = connect({ host: HOST, port: to, noDelay: true });
      for (const [socket, other] of [[client, server], [server, client]]) {
        this.sockets.add(socket);
        socket.on('error', () => {}).on('close', () => {
          this.sockets.delete(socket);
          other.destroy();
        });
      }
      client.on('data', data => setTimeout(() => server.write(data), delayMs)); // timers of one length keep their order
      server.pipe(client);
    });
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public async stop(): Promise<void> {
    this.sockets.forEach(socket => socket.destroy());
    await new Promise<void>(done => this.server.close(() => done()));
  }
}
