import { Port } from 'aws-cdk-lib/aws-ec2';
import type { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IDependable } from 'constructs';
import type { ConnectionBudget } from './connection-budget';
import { place, placementProblems, resourceOf } from './function-placement';
import { CA_FILE, postgresLayer } from './postgres-layer';
import { PostgresRole } from './postgres-role';
import { PORT, type Target } from './server';
import { layerProblem } from '../internal/layer-limit';
import { known, PropRules } from '../internal/prop-rules';
import { enumKind, FLAG, instanceKind, listKind, numberKind, required, type KindsOf } from '../internal/value-kinds';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { NetworkEndpoint } from '../secure-network/network-endpoint';
import type { SecureNetwork } from '../secure-network/secure-network';

/** How a function comes to a database. */
export interface GrantConnectOptions {
  /** As whom it comes. */
  readonly role: PostgresRole;

  /**
   * How many connections a process of the function has at once, 1 to 100. A process serves one call at a time, so one will do unless a call asks
   * several things at once.
   *
   * @default 1
   */
  readonly maxConnections?: number;

  /**
   * How many processes of the function run at once: what its connections are counted by. Such as the maximum concurrency of its queue.
   *
   * @default - the function's reserved concurrency; without one there is a warning
   */
  readonly concurrency?: number;

  /**
   * Whether it comes to the readers, which may be behind the writer and take no changes. Through the proxy with Aurora; readers of an instance are
   * reached directly, each function one of them in turn.
   *
   * @default false
   */
  readonly toReaders?: boolean;

  /**
   * What else the function calls: once it is in a network, it is let out to no more than is named.
   *
   * @default - nothing
   */
  readonly services?: NetworkEndpoint[];
}

const OPTION_KINDS: KindsOf<GrantConnectOptions> = {
  role: required({ ...enumKind('PostgresRole', () => PostgresRole, 'APP'), what: 'PostgresRole.APP or PostgresRole.READONLY' }),
  maxConnections: numberKind(1),
  concurrency: numberKind(50),
  toReaders: FLAG,
  services: listKind(instanceKind('NetworkEndpoint', () => NetworkEndpoint, 'NetworkEndpoint.SQS')),
};

const MOST_CONNECTIONS = 100;

/** What a database has for who connects. */
export interface ConnectableDatabase {
  readonly path: string;
  readonly network: SecureNetwork;
  readonly databaseName: string;
  readonly writer: Target;
  /** None without readers. */
  readonly nextReader?: () => Target;
  readonly budget: ConnectionBudget;
  /** What there must be before anybody connects: tables and roles, and a proxy that knows its server. */
  readonly ready: readonly IDependable[];
}

/** Which function was let in where: its environment names one database. */
const granted = new WeakMap<IFunction, Required<Pick<GrantConnectOptions, 'role' | 'toReaders' | 'maxConnections'>> & { readonly database: string }>();

/**
 * Gives a function all that it needs to come to a database: a place in the network, a way through security groups, the permission of IAM, the
 * environment and the layer. Its code is deployed after the migrations.
 *
 * @throws InvalidPropsError that lists what is wrong with function and options
 */
export function grantConnect(database: ConnectableDatabase, fn: IFunction, options: GrantConnectOptions): void {
  const { role, maxConnections = 1, toReaders = false, services = [] } = options;
  check(database, fn, options);
  const placed = fn as LambdaFunction;
  const before = granted.get(placed);
  granted.set(placed, { database: database.path, role, toReaders, maxConnections: Math.max(maxConnections, before?.maxConnections ?? 1) });
  database.budget.add({
    fn,
    path: fn.node.path,
    connections: maxConnections,
    concurrency: known(options.concurrency ?? resourceOf(fn)!.reservedConcurrentExecutions),
  });
  if (before) {
    if (maxConnections > before.maxConnections) {
      placed.addEnvironment(ENVIRONMENT.databaseMaxConnections, String(maxConnections));
    }
    return database.network._connect(placed, placed, services);
  }
  const target = toReaders ? database.nextReader!() : database.writer;
  const connectable = place(placed, database.network);
  connectable.connections.allowTo(target.securityGroup, Port.tcp(PORT), `PostgreSQL as ${role}`);
  target.grant(placed, role);
  // the resource alone: its role and group may be what the migrations wait for, in their turn
  resourceOf(placed)!.node.addDependency(...database.ready);
  database.network._connect(placed, placed, services);
  placed.addLayers(postgresLayer(placed));
  const environment = {
    [ENVIRONMENT.databaseHost]: target.host,
    [ENVIRONMENT.databasePort]: String(PORT),
    [ENVIRONMENT.databaseName]: database.databaseName,
    [ENVIRONMENT.databaseRole]: role,
    [ENVIRONMENT.databaseCa]: CA_FILE,
    [ENVIRONMENT.databaseMaxConnections]: String(maxConnections),
  };
  for (const [name, value] of Object.entries(environment)) {
    placed.addEnvironment(name, value);
  }
}

function check(database: ConnectableDatabase, fn: IFunction, options: GrantConnectOptions): void {
  const rules = new PropRules({ node: { path: `${database.path}.grantConnect()` } });
  rules.kinds(options, OPTION_KINDS, 'options');
  for (const problem of placementProblems(fn, database.network)) {
    rules.check(false, problem);
  }
  rules.integer('maxConnections', options.maxConnections, 1, MOST_CONNECTIONS, 'a process serves one call at a time');
  rules.integer('concurrency', options.concurrency, 1, 100_000, 'how many processes run at once');
  rules.check(!options.toReaders || database.nextReader !== undefined, {
    rule: 'toReaders cannot be given where there are no readers', fix: 'give the engine readers, or remove toReaders',
  });
  const before = granted.get(fn);
  const same = !before || (before.database === database.path && before.role === options.role && before.toReaders === (options.toReaders ?? false));
  rules.check(same, {
    rule: `fn (${fn?.node?.path}) must connect to one database, as one role: its environment names no more`,
    value: before && `${entranceOf(before)} (granted before); ${entranceOf({ ...options, database: database.path })} is asked for now`,
    fix: before?.database === database.path && before.role !== options.role
      ? 'grant PostgresRole.APP both times, as a pipeline does, or use another function'
      : 'use another function, or open the second connection by its own settings',
  });
  const crowded = before === undefined && resourceOf(fn) ? layerProblem('fn', fn, 1, 'the one that connects') : undefined;
  if (crowded) {
    rules.check(false, crowded);
  }
  rules.throwIfBroken();
}

function entranceOf({ database, role, toReaders }: Pick<GrantConnectOptions, 'role' | 'toReaders'> & { readonly database: string }): string {
  return `${toReaders ? 'the readers of ' : ''}${database} as ${roleText(role)}`;
}

function roleText(role: PostgresRole): string {
  return `PostgresRole.${role.toUpperCase()}`;
}
