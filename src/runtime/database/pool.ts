import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolClient, type PoolConfig, type QueryConfig } from 'pg';
import { iamToken } from './iam-token';
import { isConnectionLost } from './lost';
import { databaseSettings, type DatabaseSettings } from './settings';

/** A process of Lambda stands still between two calls, and what it was connected to may be gone by the next. */
const STALE_AFTER_MS = 15_000;
/** One whose way was lost without a word would otherwise be waited for as long as the network sends again, which is minutes. */
const ANSWERS_WITHIN_MS = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** What is different from what the environment says. */
export interface PoolOptions extends Partial<DatabaseSettings> {
  /** Instead of a token of IAM: for a database elsewhere, as on a developer's machine. */
  readonly password?: string;
  /** How long to try to get a connection, while the database starts or fails over. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /**
   * How long a statement may take. Not behind an RDS Proxy, which refuses a connection that asks for it (`0A000`).
   *
   * @default - as long as the server lets it
   */
  readonly statementTimeoutMs?: number;
}

/**
 * Connections to the database that `grantConnect()` has opened for this function: over TLS, with the server's name and certificate
 * verified, as its role, by a token of IAM. Open one pool outside of the handler, and keep it.
 *
 * A connection that stood idle is tried before it is given, and one that cannot be had is tried for again: no statement was sent by
 * then, so that nothing is done twice. A statement that fails with its connection is not repeated: whoever sent it knows whether it may be.
 */
export function openPool(options: PoolOptions = {}): Pool {
  const { host, port, database, role, ca, maxConnections } = complete(options);
  return new PatientPool({
    host,
    port,
    database,
    user: role,
    password: options.password ?? iamToken({ host, port, role }, process.env),
    ssl: { ca, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    max: maxConnections,
    application_name: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'cdk-jobworks',
    statement_timeout: options.statementTimeoutMs,
    idleTimeoutMillis: 0, // a function that waits for its next call has no time to close one
    allowExitOnIdle: true,
    keepAlive: true,
  }, options.connectTimeoutMs ?? 10_000);
}

function complete(options: PoolOptions): DatabaseSettings {
  const { host, port, database, role, ca, maxConnections } = options;
  const given = { host, port, database, role, ca, maxConnections };
  return Object.values(given).includes(undefined)
    ? { ...databaseSettings(process.env), ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
    : given as DatabaseSettings;
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, release: (error?: Error | boolean) => void) => void;

class PatientPool extends Pool {
  private readonly lastUsed = new WeakMap<PoolClient, number>();

  constructor(config: PoolConfig, private readonly patienceMs: number) {
    super({ ...config, connectionTimeoutMillis: patienceMs });
    this.on('error', () => {}); // an idle connection was lost: the pool has let it go, and the next one is new
    this.on('connect', client => client.on('error', () => {})); // lost while somebody has it: the next statement says so, instead of the process ending
    this.on('release', (_, client) => this.lastUsed.set(client, Date.now()));
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | void {
    const connecting = this.connectPatiently();
    if (!callback) {
      return connecting;
    }
    connecting.then(client => callback(undefined, client, error => client.release(error)), error => callback(error, undefined, () => {}));
  }

  private async connectPatiently(): Promise<PoolClient> {
    const until = Date.now() + this.patienceMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        const client = await super.connect();
        if (await this.answers(client)) return client;
        pause = FIRST_PAUSE_MS / 2; // others may be as old; they are gone soon
      } catch (error) {
        if (!isConnectionLost(error) || Date.now() + pause >= until) throw error;
        await sleep(pause);
      }
    }
  }

  private async answers(client: PoolClient): Promise<boolean> {
    const used = this.lastUsed.get(client);
    if (used === undefined || Date.now() - used < STALE_AFTER_MS) return true;
    try {
      const query: QueryConfig & { query_timeout: number } = { text: 'SELECT', query_timeout: ANSWERS_WITHIN_MS };
      await client.query(query);
      return true;
    } catch (error) {
      client.release(error instanceof Error ? error : true);
      return false;
    }
  }
}
