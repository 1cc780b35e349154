import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultsOf } from './judge';

const HOST = '127.0.0.1';
const REQUEST_LIMIT_MS = 30_000;
const MOST_KEPT = 20;

/** What went by, counted. */
export interface Testimony {
  readonly requests: number;
  readonly serverErrors: number;
  readonly otherFormats: number;
  /** The first ones of either, in words. */
  readonly findings: readonly string[];
  readonly byStatus: Readonly<Record<number, number>>;
}

/**
 * Stands between who asks and the API, passes everything on as it is, and judges every answer by itself: what is counted are requests
 * that were sent and answered, whoever sent them.
 */
export class Witness {
  /** @param target of the stage, such as `http://127.0.0.1:4566/…/v1/` */
  public static async stand(target: string, onProgress: (requests: number) => void = () => {}): Promise<Witness> {
    const witness = new Witness(new URL(target), onProgress);
    await new Promise<void>((done) => witness.server.listen(0, HOST, done));
    return witness;
  }

  private requests = 0;
  private serverErrors = 0;
  private otherFormats = 0;
  private readonly findings: string[] = [];
  private readonly byStatus: Record<number, number> = {};
  // what a parser of its own would refuse is for the API to refuse
  private readonly server: Server = createServer({ insecureHTTPParser: true }, (asked, answered) => this.receive(asked, answered));

  private constructor(private readonly target: URL, private readonly onProgress: (requests: number) => void) {}

  /** The same stage, by way of the witness. */
  public get url(): string {
    return `http://${HOST}:${(this.server.address() as AddressInfo).port}${this.target.pathname}`;
  }

  public testimony(): Testimony {
    const { requests, serverErrors, otherFormats, findings, byStatus } = this;
    return { requests, serverErrors, otherFormats, findings: [...findings], byStatus: { ...byStatus } };
  }

  public async leave(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** A header with a zero in it reaches nobody, here or on AWS: such requests are not counted. */
  private receive(asked: IncomingMessage, answered: ServerResponse): void {
    try {
      this.pass(asked, answered);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_CHAR') throw error;
      asked.resume();
      answered.writeHead(400);
      answered.end();
    }
  }

  private pass(asked: IncomingMessage, answered: ServerResponse): void {
    const { method = '', url = '' } = asked;
    const passed = request({
      host: this.target.hostname,
      port: this.target.port,
      method,
      path: url,
      headers: [['Host', this.target.host], ...pairs(asked.rawHeaders).filter(([name]) => name.toLowerCase() !== 'host')].flat(),
      timeout: REQUEST_LIMIT_MS,
      insecureHTTPParser: true,
    }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        this.note(asked, answer.statusCode!, answer.headers, body.toString());
        answered.writeHead(answer.statusCode!, answer.rawHeaders);
        answered.end(body);
      });
    });
    passed.on('timeout', () => passed.destroy(new Error('no answer in time')));
    passed.on('error', (error) => {
      this.note(asked, 502, {}, `no answer: ${error.message}`);
      answered.writeHead(502);
      answered.end();
    });
    asked.pipe(passed);
  }

  private note({ method = '', url: path = '', headers }: IncomingMessage, status: number, answered: IncomingMessage['headers'], body: string): void {
    const faults = faultsOf({ method, path, requestHeaders: single(headers), status, headers: single(answered), body });
    this.requests++;
    this.byStatus[status] = (this.byStatus[status] ?? 0) + 1;
    this.serverErrors += status >= 500 ? 1 : 0;
    this.otherFormats += faults.length > 0 ? 1 : 0;
    if ((status >= 500 || faults.length > 0) && this.findings.length < MOST_KEPT) {
      this.findings.push(`${method} ${path} -> ${status} ${faults.join('; ')} ${body.slice(0, 300)}`);
    }
    this.onProgress(this.requests);
  }
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1]] as [string, string]] : []));
}

function single(headers: IncomingMessage['headers']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}
