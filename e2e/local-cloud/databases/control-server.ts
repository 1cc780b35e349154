import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request with JSON. What it throws is what the resource fails with. */
export type Answer = (name: string, body: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** What the overlay asks for, by method and kind: `PUT /servers/NAME`. On 127.0.0.1, for this run's emulator. */
export class ControlServer {
  static async start(answers: Readonly<Record<string, Answer>>): Promise<ControlServer> {
    const control = new ControlServer(answers);
    await new Promise<void>(resolve => control.server.listen(0, '127.0.0.1', resolve));
    control.server.unref();
    return control;
  }

  private readonly server: Server;

  private constructor(answers: Readonly<Record<string, Answer>>) {
    this.server = createServer((request, response) => {
      const [, kind, name = ''] = request.url!.split('/');
      const answer = answers[`${request.method} ${kind}`];
      const answered = (status: number, value: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? {}));
      if (!answer) return void answered(404, { message: `nothing is at ${request.url}` });
      bodyOf(request).then(async body => answer(decodeURIComponent(name), body)).then(
        value => answered(200, value), error => answered(400, { message: error instanceof Error ? error.message : String(error) }));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : JSON.parse(text) as Record<string, unknown>;
}
