import { Annotations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { assumedConcurrency } from '../internal/assumed-concurrency';

/** What RDS, the rotation and people need of the engine's connections. */
const KEPT_FREE = 8;
/** So many clients for each connection of the pool share well where transactions are short. */
const CLIENTS_A_CONNECTION = 10;

/** A security group lets in 60 others unless asked for more. Migrations, rotation and Session Manager are among them where there is no proxy. */
const MOST_FUNCTIONS = 57;

/** What a function may open. */
export interface ConnectionUse {
  readonly fn: IFunction;
  /** The path of the function. */
  readonly path: string;
  /** How many processes it may have at once; nothing where nobody said. */
  readonly concurrency?: number;
  /** Of one process. */
  readonly connections: number;
}

/** What there is to share. */
export interface ConnectionSupply {
  /** How many connections the engine takes, about; nothing where that is not known. */
  readonly limit?: number;
  /** How much of it a proxy may open; nothing without a proxy. */
  readonly proxyPercent?: number;
}

/** The connections of all functions together, against what engine and proxy take: judged at synthesis, when everybody has said what they open. */
export class ConnectionBudget {
  private readonly uses = new Map<string, ConnectionUse>();

  constructor(private readonly scope: Construct, private readonly supply: ConnectionSupply) {
    scope.node.addValidation({ validate: () => this.problems() });
  }

  /** Notes what a function may open. Who comes a second time may know what the first did not, such as a pipeline that the function runs jobs of. */
  public add(use: ConnectionUse): void {
    const before = this.uses.get(use.path) ?? use;
    const known = [before.concurrency, use.concurrency].filter((concurrency) => concurrency !== undefined);
    this.uses.set(use.path, {
      ...use,
      connections: Math.max(before.connections, use.connections),
      concurrency: known.length > 0 ? Math.max(...known) : undefined,
    });
    if (this.uses.size === MOST_FUNCTIONS + 1) {
      Annotations.of(this.scope).addWarningV2('cdk-jobworks:postgres.manyClients',
        `More than ${MOST_FUNCTIONS} functions come to the database, each let in by a rule of one security group, which has room for 60 by default. `
        + 'Have the quota "Inbound or outbound rules per security group" (L-0EA8095F) raised.');
    }
  }

  /** Only now, as whoever comes later may have known. */
  private warnOfUnknown(): void {
    for (const { path } of [...this.uses.values()].filter(({ concurrency }) => concurrency === undefined)) {
      Annotations.of(this.scope).addWarningV2('cdk-jobworks:postgres.unknownConcurrency',
        `Nothing is known of how many processes of ${path} run at once, so that its connections cannot be counted. `
        + 'Fix: give the function reservedConcurrentExecutions, or grantConnect() concurrency.');
    }
  }

  /** What is wrong, in one message. */
  private problems(): string[] {
    const { limit, proxyPercent } = this.supply;
    const known = [...this.uses.values()].filter(({ concurrency }) => concurrency !== undefined);
    const wanted = known.reduce((sum, { concurrency, connections }) => sum + concurrency! * connections, 0);
    if (limit === undefined) {
      return [];
    }
    this.warnOfUnknown();
    const said = known.map(({ fn, path, concurrency, connections }) => `${path} ${concurrency} × ${connections}${assumedConcurrency(fn) ? ', assumed' : ''}`).join('; ');
    const lower = `lower the concurrency (${concurrencyProps(known)}) or maxConnections`;
    if (proxyPercent === undefined) {
      const most = Math.max(1, limit - KEPT_FREE);
      return wanted <= most ? [] : [
        `the connections of functions must fit into the ${most} that the engine has for them (about ${limit}, of which ${KEPT_FREE} are for migrations and people). `
        + `Given: ${wanted} (${said}). Fix: ${lower}, use PostgresProxy.pooled(), or take a larger engine.`,
      ];
    }
    const pool = Math.max(1, Math.floor(limit * proxyPercent / 100));
    return wanted <= CLIENTS_A_CONNECTION * pool ? [] : [
      `the connections of functions must be at most ${CLIENTS_A_CONNECTION * pool} (${CLIENTS_A_CONNECTION} for each of the ${pool} that the proxy shares among them), or they wait longer than borrowTimeout. `
      + `Given: ${wanted} (${said}). Fix: ${lower}, raise maxConnectionsPercent, or take a larger engine.`,
    ];
  }
}

/** What says how many there are: first what would say it where a number was assumed. */
function concurrencyProps(uses: readonly ConnectionUse[]): string {
  const missing = [...new Set(uses.flatMap(({ fn }) => assumedConcurrency(fn) ?? []))].sort();
  return missing.length > 0
    ? `nobody has said ${missing.join(' or ')} of the pipeline; beside that, what is reserved for a function`
    : 'api.reservedConcurrency and maximumConcurrency of a pipeline, what is reserved for a function';
}
