import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

/** Passes every request on to an endpoint of AWS's API, and remembers what was called. */
export class CountingProxy {
  public static async start(target: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(target));
    await new Promise<void>((done, fail) => proxy.server.once('error', fail).listen(0, HOST, done));
    return proxy;
  }

  /** Operations, in the order in which they came: `SendMessage`, `PutItem`, … */
  public readonly calls: string[] = [];
  private readonly server: Server;

  private constructor(private readonly target: URL) {
    this.server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
  }

  public get endpoint(): string {
    return `http://${HOST}:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>(done => this.server.close(() => done()));
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.calls.push(operationOf(incoming));
    const passed = request({
      host: this.target.hostname,
      port: this.target.port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, host: this.target.host },
    }, answer => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once('error', () => outgoing.destroy()); // the caller sees a broken connection, as it would without us
    incoming.pipe(passed);
  }
}

/** DynamoDB and SQS name the operation in a header, `DynamoDB_20120810.PutItem`. */
function operationOf({ headers, method, url }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? target.split('.').at(-1)! : `${method} ${url}`;
}
