import type { Socket } from 'node:net';
import { ClientConnection } from './client-connection';
import { Door } from './door';
import { type Authority, REFUSALS, tokenProblem } from './login';
import { authentication, AUTHENTICATION, backendKey, readyForQuery, type Refusal } from './messages';
import { ServerPool, type PoolLimits } from './pool';
import { PooledSession } from './pooled-session';
import { ServerRefused, type Parameters, type TrustingServer } from './server-connection';
import type { Certificate } from '../../../test/support/postgres/certificate';

export interface ProxyOptions {
  /** The name that tokens are signed for. */
  readonly host: string;
  readonly region: string;
  readonly certificate: Certificate;
  readonly authority: Authority;
  /** Where the server is, which it is asked for each time, as one that failed over is elsewhere. */
  readonly server: () => TrustingServer;
  /** Whether the server takes a user by IAM. */
  readonly isIamUser: (user: string) => Promise<boolean>;
  readonly limits: PoolLimits;
  /** An endpoint that leads to readers takes no changes. */
  readonly readOnly?: boolean;
  /** Told who was refused, and why; a client is not. */
  readonly onRefusal?: (text: string) => void;
}

/** What a proxy has to do at the moment, and has had at most. */
export interface ProxyCounts {
  readonly clients: number;
  readonly mostClients: number;
  readonly serverConnections: number;
  readonly mostServerConnections: number;
  /** Clients that wait for a server connection. */
  readonly waiting: number;
  /** Sessions that were pinned, since it started. */
  readonly pinned: number;
  /** Why, each reason once. */
  readonly pinReasons: readonly string[];
  readonly refused: number;
}

/** What a client may say of its session when it begins; everything else is refused. */
const OPTIONS = new Set(['user', 'database', 'application_name', 'client_encoding', 'datestyle', 'timezone', 'extra_float_digits']);
/** Not for the server: sessions that differ in nothing else share connections. */
const NOT_PASSED_ON = new Set(['application_name']);

/**
 * A stand-in for RDS Proxy: lets in over TLS and by tokens of IAM alone, and shares few connections among many clients, transaction by transaction.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html
 */
export class DatabaseProxy {
  static async start(options: ProxyOptions): Promise<DatabaseProxy> {
    const proxy: DatabaseProxy = new DatabaseProxy(options, await Door.open(async socket => proxy.admit(socket)));
    return proxy;
  }

  private readonly pool: ServerPool;
  private readonly sessions = new Set<PooledSession>();
  private readonly greetings = new Map<string, Buffer>();
  private readonly reasons = new Set<string>();
  private mostClients = 0;
  private pinned = 0;
  private refused = 0;

  private constructor(private readonly options: ProxyOptions, private readonly door: Door) {
    this.pool = new ServerPool(options.server, options.limits);
  }

  get port(): number {
    return this.door.port;
  }

  get counts(): ProxyCounts {
    return {
      clients: this.sessions.size,
      mostClients: this.mostClients,
      serverConnections: this.pool.open,
      mostServerConnections: this.pool.mostOpen,
      waiting: this.pool.waiting,
      pinned: this.pinned,
      pinReasons: [...this.reasons],
      refused: this.refused,
    };
  }

  async stop(): Promise<void> {
    this.pool.close();
    await this.door.close();
  }

  private async admit(socket: Socket): Promise<void> {
    const client = await ClientConnection.greet(socket, this.options.certificate);
    if (!client) return;
    client.listen();
    const problem = await this.problemWith(client);
    if (problem) {
      this.refused++;
      return client.refuse(problem);
    }
    if (client.ended) return;
    const parameters = passedOn(client, this.options.readOnly);
    try {
      const greeting = await this.greeting(parameters);
      this.begin(client, parameters);
      client.send(greeting);
    } catch (error) {
      client.refuse(error instanceof ServerRefused ? error.refusal : { code: '08006', message: String(error) });
    }
  }

  private async problemWith(client: ClientConnection): Promise<Refusal | undefined> {
    const { host, region, authority, isIamUser, onRefusal } = this.options;
    if (!client.encrypted) return REFUSALS.tls;
    for (const name of Object.keys(client.parameters)) {
      if (name === 'options') return REFUSALS.commandLine;
      if (name === 'replication') return REFUSALS.replication;
      if (!OPTIONS.has(name.toLowerCase())) return REFUSALS.option(name);
    }
    const problem = await tokenProblem(client, { host, port: this.port, region }, authority)
      ?? (await isIamUser(client.user) ? undefined : `the server has no role ${client.user} that is a member of rds_iam`);
    if (problem === undefined) return undefined;
    onRefusal?.(`${client.user}: ${problem}`);
    return REFUSALS.token(client.user);
  }

  private begin(client: ClientConnection, parameters: Parameters): void {
    const session = new PooledSession(client, this.pool, parameters, () => {
      this.pinned++;
      this.reasons.add(session.pinned!);
    });
    this.sessions.add(session);
    this.mostClients = Math.max(this.mostClients, this.sessions.size);
    const leave = client.onEnd;
    client.onEnd = () => {
      this.sessions.delete(session);
      leave();
    };
    if (client.ended) client.onEnd();
  }

  /** What the server tells of itself when a session begins: asked once for each kind of session, as clients need no connection to come in. */
  private async greeting(parameters: Parameters): Promise<Buffer> {
    const kind = JSON.stringify(parameters);
    const known = this.greetings.get(kind);
    if (known) return known;
    const connection = await this.pool.borrow(parameters);
    const greeting = Buffer.concat([authentication(AUTHENTICATION.ok), ...connection.told, backendKey(), readyForQuery()]);
    this.pool.giveBack(connection);
    this.greetings.set(kind, greeting);
    return greeting;
  }
}

function passedOn(client: ClientConnection, readOnly?: boolean): Parameters {
  const settings = Object.entries(client.parameters).filter(([name]) => !NOT_PASSED_ON.has(name.toLowerCase())).sort();
  return { ...Object.fromEntries(settings), database: client.database, ...(readOnly && { default_transaction_read_only: 'on' }) };
}
