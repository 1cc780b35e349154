/**
 * A cloud on this machine: the emulator ministack with our overlay, listening on 127.0.0.1 only and always stopped.
 *
 *     const cloud = await LocalCloud.start();
 *     try {
 *       const deployment = await deploy(cloud, 'cdk.out');   // deploy.ts
 *       …                                                     // any AWS SDK client: new SQSClient(cloud.clientConfig)
 *     } finally {
 *       await cloud.stop();
 *     }
 *
 * What is true to AWS and what is not: docs/local-cloud.md. What the overlay changes: overlay/launch.py.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseOptions, Databases } from './databases/databases';
import { startDatabaseControl, type DatabaseControl } from './databases/start-databases';
import { pythonEnvironment } from '../../projenrc/tools/python-env';

const HOST = '127.0.0.1';
const ROOT = resolve(__dirname, '../..');
const LOGS = join(ROOT, '.cache', 'local-cloud');
const KEPT_LOGS = 10;
const LOG_TAIL_LINES = 30;
const STOP_LIMIT_MS = 3_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface LocalCloudOptions {
  /** Enforce what every role may do, as AWS does: a missing permission is a real AccessDenied. @default false */
  readonly auth?: boolean;
  /** Port to listen on. @default - a free one */
  readonly port?: number;
  /** How databases are different from what templates say. They run from the first template that has one. @default - as templates say */
  readonly database?: DatabaseOptions;
  /** Seconds between two samples of queue metrics and judgements of alarms. @default 2 */
  readonly sampleSeconds?: number;
  /**
   * How much faster time passes for alarms, and for the age of messages that they judge: with 60, a period of five minutes is over after five
   * seconds. Nothing else is any faster.
   * @default 1
   */
  readonly alarmSpeed?: number;
  /** A file of certificates (PEM) that HTTPS endpoints of topics may have. @default - those that this machine trusts */
  readonly trustedCertificates?: string;
  /** Seconds to wait until it answers. @default 30 */
  readonly startLimitSeconds?: number;
  /** Told what is going on, one line each. @default - silent */
  readonly onProgress?: (text: string) => void;
}

/** What every client of the AWS SDK for JavaScript takes. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What there is before the emulator. */
interface Run {
  readonly runDirectory: string;
  readonly logFile: string;
  readonly control: DatabaseControl;
}

/** The emulator did not start; the message holds the end of its log. */
export class LocalCloudFailed extends Error {
  constructor(problem: string, logFile?: string) {
    super(logFile ? `${problem}\n--- end of ${logFile}\n${tail(logFile)}` : problem);
    this.name = 'LocalCloudFailed';
  }
}

export class LocalCloud {
  /** Start the emulator and wait until it answers. Its Python environment is made on first use (15–30 s). */
  public static async start(options: LocalCloudOptions = {}): Promise<LocalCloud> {
    const report = options.onProgress ?? (() => {});
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'; // a notice for those who deploy with it, not to us
    const { python } = await pythonEnvironment('local-cloud', join(__dirname, 'requirements.txt'), report);
    const port = options.port ?? await freePort();
    if (options.port) await assertFree(options.port);

    report(`starting the local cloud on ${HOST}:${port}`);
    // not under the project: a handler must not find the project's node_modules in a parent folder
    const runDirectory = mkdtempSync(join(tmpdir(), 'jobworks-local-cloud-'));
    const logFile = newLogFile(port);
    const control = await startDatabaseControl({
      ...options.database,
      emulator: `http://${HOST}:${port}`,
      caFile: join(runDirectory, 'database-ca.pem'),
      log: text => appendFileSync(logFile, `[database] refused ${text}\n`),
    });
    const cloud = new LocalCloud(python, port, options, { runDirectory, logFile, control });
    try {
      await cloud.waitUntilHealthy((options.startLimitSeconds ?? 30) * 1000);
    } catch (error) {
      await cloud.stop();
      throw error;
    }
    return cloud;
  }

  public readonly region = 'us-east-1';
  public readonly account = '000000000000';
  public readonly endpoint: string;
  /** For SDK clients of this process. */
  public readonly clientConfig: ClientConfig;
  /** For other processes: the CDK command line, the AWS command line, scripts. */
  public readonly env: Readonly<Record<string, string>>;
  /** What the emulator and all handlers wrote; kept for the last few runs. */
  public readonly logFile: string;
  /** Process of the emulator, which leads the group of all handler processes. */
  public readonly pid: number;

  private readonly process: ChildProcess;
  private readonly runDirectory: string;
  private readonly control: DatabaseControl;
  private readonly ended: Promise<void>;
  private readonly onExit: () => void;
  private readonly onSignal: (signal: NodeJS.Signals) => void;

  private constructor(python: string, port: number, options: LocalCloudOptions, run: Run) {
    this.endpoint = `http://${HOST}:${port}`;
    this.clientConfig = { endpoint: this.endpoint, region: this.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    this.env = {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    this.runDirectory = run.runDirectory;
    this.logFile = run.logFile;
    this.control = run.control;

    const log = openSync(this.logFile, 'a');
    this.process = spawn(python, ['-m', 'overlay.launch'], {
      cwd: __dirname,
      env: emulatorEnvironment(run, port, this.account, options),
      stdio: ['pipe', log, log], // the pipe is the watchdog's: it closes when this process ends, however that happens
      detached: true, // a process group of its own, so that every handler process ends with it
    });
    closeSync(log);
    this.ended = new Promise(done => {
      this.process.once('exit', () => done());
      this.process.once('error', () => done());
    });
    this.pid = this.process.pid ?? 0;
    this.process.unref();
    (this.process.stdin as unknown as { unref(): void }).unref(); // a pipe is a socket here
    this.process.stdin!.on('error', () => {}); // it has ended already

    this.onExit = () => this.killNow();
    this.onSignal = signal => {
      this.killNow();
      // the default action, unless somebody else takes care of the signal
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.once('exit', this.onExit);
    // first in the row, so that others who listen once are still counted
    for (const signal of SIGNALS) process.prependOnceListener(signal, this.onSignal);
  }

  /** The last lines that the emulator and the handlers wrote. */
  public logTail(lines = LOG_TAIL_LINES): string {
    return tail(this.logFile, lines);
  }

  /** The databases of what is deployed. @throws when no template had one */
  public get databases(): Databases {
    const databases = this.control.current();
    if (!databases) throw new Error('Nothing that was deployed has a database.');
    return databases;
  }

  /** Forget every resource and end every handler process. */
  public async reset(): Promise<void> {
    const response = await fetch(`${this.endpoint}/_ministack/reset`, { method: 'POST', signal: AbortSignal.timeout(20_000) });
    if (!response.ok) throw new LocalCloudFailed(`reset answered ${response.status}`, this.logFile);
    await this.control.current()?.stop();
  }

  /** End the emulator and everything it started; there is nothing to save. Can be called again. */
  public async stop(): Promise<void> {
    this.killNow();
    const waited = new AbortController();
    await Promise.race([this.ended, sleep(STOP_LIMIT_MS, undefined, { signal: waited.signal }).catch(() => {})]);
    waited.abort();
    await this.control.stop();
    this.removeRunDirectory(); // what was written between the signal and the end
  }

  private async waitUntilHealthy(limitMs: number): Promise<void> {
    const deadline = Date.now() + limitMs;
    while (Date.now() < deadline) {
      if (this.process.exitCode !== null || this.process.signalCode !== null || this.pid === 0) {
        throw new LocalCloudFailed(`The local cloud ended while it was starting (${this.process.exitCode ?? this.process.signalCode}).`, this.logFile);
      }
      try {
        const response = await fetch(`${this.endpoint}/_ministack/health`, { signal: AbortSignal.timeout(1_000) });
        if (response.ok) return;
      } catch {
        // it does not listen yet
      }
      await sleep(25);
    }
    throw new LocalCloudFailed(`The local cloud did not answer within ${limitMs / 1000} s.`, this.logFile);
  }

  private killNow(): void {
    this.signal('SIGKILL');
    this.removeRunDirectory();
    process.removeListener('exit', this.onExit);
    for (const signal of SIGNALS) process.removeListener(signal, this.onSignal);
  }

  private removeRunDirectory(): void {
    rmSync(this.runDirectory, { recursive: true, force: true, maxRetries: 3 });
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.pid === 0) return;
    try {
      process.kill(-this.pid, signal); // the group
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Nothing of this process's environment but what a process needs to run at all: the emulator hands its own to the handlers. */
function emulatorEnvironment({ runDirectory, control }: Run, port: number, account: string, options: LocalCloudOptions): NodeJS.ProcessEnv {
  const temporary = join(runDirectory, 'tmp');
  mkdirSync(temporary);
  const kept = Object.fromEntries(['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ'].flatMap(name => process.env[name] ? [[name, process.env[name]]] : []));
  return {
    ...kept,
    TMPDIR: temporary,
    NODE_PATH: runtimeModules(runDirectory),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',

    GATEWAY_PORT: String(port),
    BIND_HOST: HOST, // the default is every address
    MINISTACK_HOST: HOST,
    MINISTACK_ACCOUNT_ID: account,
    AUTH: String(options.auth ?? false),
    LOG_LEVEL: 'INFO',
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    DOCKER_HOST: 'unix:///nonexistent', // it would tidy up containers that are not ours
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',

    LOCAL_CLOUD_WATCHDOG: 'stdin',
    LOCAL_CLOUD_RUN_DIRECTORY: runDirectory,
    LOCAL_CLOUD_SAMPLE_SECONDS: String(options.sampleSeconds ?? 2),
    LOCAL_CLOUD_ALARM_SPEED: String(options.alarmSpeed ?? 1),
    ...(options.trustedCertificates && { SSL_CERT_FILE: options.trustedCertificates }),
    LOCAL_CLOUD_DATABASES: control.url,
  };
}

/** Lambda's Node runtimes bring the AWS SDK and nothing else. So do we: a handler that forgot to bundle a package fails here too. */
function runtimeModules(runDirectory: string): string {
  const modules = join(runDirectory, 'runtime', 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const scope of ['@aws-sdk', '@smithy']) {
    symlinkSync(join(dirname(dirname(dirname(require.resolve('@aws-sdk/client-s3/package.json')))), scope), join(modules, scope));
  }
  return modules;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, HOST, () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

function assertFree(port: number): Promise<void> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => fail(new LocalCloudFailed(error.code === 'EADDRINUSE'
      ? `Port ${port} is taken by another program. Choose another one, or none for a free one.`
      : `Port ${port} cannot be used: ${error.message}`)));
    server.listen(port, HOST, () => server.close(() => done()));
  });
}

function newLogFile(port: number): string {
  mkdirSync(LOGS, { recursive: true });
  const age = (file: string) => statSync(join(LOGS, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const old = readdirSync(LOGS).filter(file => file.endsWith('.log')).sort((a, b) => age(b) - age(a)).slice(KEPT_LOGS - 1);
  old.forEach(file => rmSync(join(LOGS, file), { force: true }));
  return join(LOGS, `${process.pid}-${port}.log`);
}

function tail(file: string, lines = LOG_TAIL_LINES): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}
