import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** Where clients come in: a port of 127.0.0.1, and everybody who is connected there. */
export class Door {
  static async open(onClient: (socket: Socket) => Promise<void>): Promise<Door> {
    const door = new Door(onClient);
    await new Promise<void>(resolve => door.server.listen(0, HOST, resolve));
    return door;
  }

  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(onClient: (socket: Socket) => Promise<void>) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
      onClient(socket).catch(() => socket.destroy());
    });
    this.server.unref();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => this.server.close(resolve));
  }
}
