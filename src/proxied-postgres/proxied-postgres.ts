import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, Port, type IConnectable, type IInstance, type ISecurityGroup, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IDatabaseCluster, IDatabaseInstance, IDatabaseProxy, DatabaseSecret } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import { createAuroraServer } from './aurora-server';
import { ConnectionBudget } from './connection-budget';
import { copyBackups } from './copy-backups';
import { measuresOf } from './database-metrics';
import { createDatabaseProxy, type CreatedProxy } from './database-proxy';
import { placementProblems } from './function-placement';
import { grantConnect, type GrantConnectOptions } from './grant-connect';
import { identifierOf } from './identifiers';
import { createInstanceServer } from './instance-server';
import { acknowledgeNoRotation, createMasterSecret, createRotation, MASTER_USER } from './master-secret';
import { createMigrationStep } from './migration-step';
import { createMonitoringRole } from './monitoring-role';
import { createPostgresAlarms, type PostgresMeasures, type ProxiedPostgresAlarms } from './postgres-alarms';
import { POSTGRES_KINDS } from './postgres-kinds';
import { monitorPostgres, type WatchedPostgres } from './postgres-monitoring';
import { checkPostgresProps } from './postgres-rules';
import { settle, type PostgresSettings } from './postgres-settings';
import type { ProxiedPostgresProps } from './proxied-postgres-props';
import { PORT, type Server, type Target } from './server';
import { createServerLogs } from './server-logs';
import { createSessionManagerAccess } from './session-manager-access';
import { checkAlarmActions } from '../internal/arguments';
import { createClosedSecurityGroup } from '../internal/closed-security-group';
import { createEncryptionKey } from '../internal/encryption';
import type { LogGroupOptions } from '../internal/log-group';
import { PropRules, type BrokenRule } from '../internal/prop-rules';
import { warnOfUnknownProps } from '../internal/unknown-props';
import type { IMonitored, Monitoring } from '../monitoring/monitored';
import { groupDescription } from '../secure-network/names';
import type { SecureNetwork } from '../secure-network/secure-network';

/**
 * A PostgreSQL database that a thousand functions cannot knock over.
 *
 * An RDS instance or an Aurora cluster in isolated subnets, behind an RDS Proxy that shares few connections among many functions. Functions come over
 * TLS and by IAM, as a role that is not the master: there is no password to keep. Encryption, backups, rotation, logs, insights and alarms are there.
 *
 * @example
 * declare const worker: lambda.Function;
 * const profile = EnvironmentProfile.staging();
 * const network = new SecureNetwork(this, 'Network', { profile });
 * const database = new ProxiedPostgres(this, 'Database', { profile, network, migrations: SqlMigrations.onlyExtensions('vector') });
 *
 * database.grantConnect(worker, { role: PostgresRole.APP });
 */
export class ProxiedPostgres extends Construct implements IConnectable, IMonitored {
  /** What the database is called within the server. */
  public readonly databaseName: string;
  /** The instance; none with Aurora. */
  public readonly instance?: IDatabaseInstance;
  /** The cluster; none with an instance. */
  public readonly cluster?: IDatabaseCluster;
  /** The proxy; none where there is none. */
  public readonly proxy?: IDatabaseProxy;
  /** The name and password of the master user, which migrations use and nothing else should. */
  public readonly masterSecret: ISecret;
  /** The function that changes the master's password; none where rotation is off. */
  public readonly rotationFunction?: IFunction;
  /**
   * What applies the migrations, to wait for: functions of `grantConnect()` do so by themselves.
   */
  public readonly migrations: IDependable;
  /** What guards the database: it lets in the proxy, migrations and, without a proxy, functions by name. */
  public readonly securityGroup: ISecurityGroup;
  /** What others connect to: the proxy, or the database where there is none. */
  public readonly connections: Connections;
  /** The logs of the server, which it is no use to read without a filter. */
  public readonly logGroups: ILogGroup[];
  /** The key that all of it is encrypted with; none where AWS manages the keys. */
  public readonly encryptionKey?: IKey;
  /** The alarms, by what they watch. */
  public readonly alarms: ProxiedPostgresAlarms;

  /**
   * How large it is, for a plan of capacity.
   *
   * @internal
   */
  public readonly _sized: Pick<PostgresSettings, 'instance' | 'aurora' | 'proxy'>;

  private readonly network: SecureNetwork;
  private readonly databaseSecurityGroup: SecurityGroup;
  private readonly server: Server;
  private readonly created?: CreatedProxy;
  private readonly budget: ConnectionBudget;
  private readonly watched: Omit<WatchedPostgres, 'alarms'>;
  private readersGiven = 0;
  private machine?: IInstance;

  /**
   * Creates the database, its proxy and what watches them.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props what it is made of
   * @throws an error that lists every contradiction in the props
   */
  constructor(scope: Construct, id: string, props: ProxiedPostgresProps) {
    super(scope, id);
    const rules = new PropRules(this);
    rules.kinds(props, POSTGRES_KINDS);
    const settings = settle(props);
    checkPostgresProps(rules, props, settings);
    rules.throwIfBroken();
    this._sized = settings;
    if (new.target === ProxiedPostgres) {
      warnOfUnknownProps(this, 'cdk-jobworks:postgres.unknownProps', props, POSTGRES_KINDS);
    }

    props.profile.applyTo(this);
    this.network = props.network;
    this.databaseName = settings.databaseName;
    this.encryptionKey = this.keyFor(props, settings);
    this.databaseSecurityGroup = createClosedSecurityGroup(this, 'SecurityGroup', this.network.vpc, groupDescription('5432 of', this));
    this.securityGroup = this.databaseSecurityGroup;
    const identifier = identifierOf(this);
    const logs = this.logsFor(props);
    const secret = createMasterSecret(this, 'MasterSecret', this.databaseName, this.encryptionKey);

    this.logGroups = createServerLogs(this, settings, identifier, logs);
    this.server = this.createServer(props, settings, identifier, secret);
    this.instance = this.server.instance;
    this.cluster = this.server.cluster;
    this.masterSecret = this.server.secret;

    this.created = settings.proxy && this.createProxy(settings.proxy, logs);
    this.proxy = this.created?.proxy;
    this.connections = new Connections({ securityGroups: [this.writer.securityGroup], defaultPort: Port.tcp(PORT) });
    this.migrations = this.createMigrations(props, settings);
    const rotation = this.createRotation(props, settings, secret);
    this.rotationFunction = rotation;
    if (props.backupCopy) {
      copyBackups(this, 'BackupCopy', props.backupCopy, this.server, settings, this.encryptionKey);
    }
    this.budget = new ConnectionBudget(this, { limit: this.server.connectionLimit, proxyPercent: settings.proxy?.maxConnectionsPercent });
    const inside = new Construct(this, 'Alarms');
    const measures = this.measure(inside, settings, identifier, rotation);
    this.alarms = createPostgresAlarms(inside, measures, props.alarms);
    this.watched = {
      title: this.node.path, settings, measures, server: this.server, proxy: this.created?.proxy, rotation, logGroups: this.logGroups,
    };
    this.warn(settings);
  }

  /**
   * Gives a function all that it needs to connect: a place in the network, a way through security groups, the permission of IAM for exactly one
   * role, the environment that `openPool()` of `cdk-jobworks/postgres` reads, and the layer that has it. Its code is deployed after the migrations.
   *
   * A function that is in no network is placed in this one, where it is let out to no more than the database and `services`. Whatever else it
   * calls is to be named, here or by `network.allowServices()`.
   *
   * @param fn a function of this app, in no network or in this one
   * @param options as whom it comes, and with how many connections
   * @throws an error that lists what is wrong with function and options
   */
  public grantConnect(fn: IFunction, options: GrantConnectOptions): void {
    grantConnect({
      path: this.node.path,
      network: this.network,
      databaseName: this.databaseName,
      writer: this.writer,
      nextReader: this.readers.length > 0 ? () => this.nextReader() : undefined,
      budget: this.budget,
      ready: [this.migrations, ...(this.created ? [this.created.proxy] : [])],
    }, fn, options);
  }

  /**
   * A way in for people without a bastion: Session Manager forwards a port of theirs to the database, through a machine that nobody can connect to
   * (t4g.nano, 3.07 USD a month, and 0.64 USD for its disk; us-east-1, November 2026). Who may is a question of `ssm:StartSession` on it.
   *
   * In a network without NAT gateways, it needs the endpoints `SSM`, `SSM_MESSAGES` and `EC2_MESSAGES`.
   *
   * @returns the machine, such as to put its id into an output
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
   */
  public allowSessionManagerAccess(): IInstance {
    this.machine ??= createSessionManagerAccess(this, 'SessionManagerAccess', {
      network: this.network,
      securityGroup: createClosedSecurityGroup(this, 'SessionManagerSecurityGroup', this.network.vpc, groupDescription('Session Manager to', this)),
      databaseSecurityGroup: this.databaseSecurityGroup,
      encryptionKey: this.encryptionKey,
    });
    return this.machine;
  }

  /**
   * Gives every alarm something to do when it rings, such as `new SnsAction(topic)`.
   *
   * @param actions what to do
   */
  public addAlarmAction(...actions: IAlarmAction[]): void {
    checkAlarmActions(this, actions);
    for (const alarm of Object.values(this.alarms)) {
      alarm?.addAlarmAction(...actions);
    }
  }

  /**
   * What there is to watch of the database, for a dashboard.
   *
   * @returns its alarms, its part of the page, its logs and costs
   */
  public monitor(): Monitoring {
    return monitorPostgres({ ...this.watched, alarms: this.alarms });
  }

  /**
   * Why a function cannot be placed where it reaches the database; empty when it can.
   *
   * @internal
   */
  public _placementProblems(fn: IFunction): BrokenRule[] {
    return placementProblems(fn, this.network);
  }

  /** Where functions come to that read and write. */
  private get writer(): Target {
    return this.created?.writer ?? this.server.writer;
  }

  /** Where functions come to that only read: through the proxy where it leads there. */
  private get readers(): readonly Target[] {
    return this.created?.reader ? [this.created.reader] : this.server.readers;
  }

  private nextReader(): Target {
    return this.readers[this.readersGiven++ % this.readers.length]!;
  }

  /** A key that is deleted takes the last snapshot with it, so it stays where that does. */
  private keyFor({ encryptionKey, profile }: ProxiedPostgresProps, { removalPolicy }: PostgresSettings): IKey | undefined {
    return encryptionKey ?? (profile.customerManagedKeys ? createEncryptionKey(this, 'Key', {
      description: `Database ${this.node.path}`,
      removalPolicy: removalPolicy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    }) : undefined);
  }

  private logsFor({ profile, logRetention }: ProxiedPostgresProps): LogGroupOptions {
    return { retention: logRetention ?? profile.logRetention, removalPolicy: profile.removalPolicy, encryptionKey: this.encryptionKey };
  }

  private createServer(props: ProxiedPostgresProps, settings: PostgresSettings, identifier: string, masterSecret: ISecret): Server {
    const monitoring = createMonitoringRole(this, 'MonitoringRole');
    const options = {
      settings,
      identifier,
      vpc: this.network.vpc,
      subnets: this.network.databaseSubnets,
      securityGroup: this.databaseSecurityGroup,
      encryptionKey: this.encryptionKey,
      monitoringRole: monitoring.role,
      parameters: { ...props.parameters, 'rds.force_ssl': '1' },
      masterSecret,
      masterUser: MASTER_USER,
    };
    const server = settings.instance ? createInstanceServer(this, settings.instance, options) : createAuroraServer(this, settings.aurora!, options);
    (server.instance ?? server.cluster)!.node.addDependency(...this.logGroups, monitoring.policy);
    return server;
  }

  private createProxy(proxy: NonNullable<PostgresSettings['proxy']>, logs: LogGroupOptions): CreatedProxy {
    return createDatabaseProxy(this, 'Proxy', {
      settings: proxy,
      server: this.server,
      vpc: this.network.vpc,
      subnets: this.network.databaseSubnets,
      securityGroup: createClosedSecurityGroup(this, 'ProxySecurityGroup', this.network.vpc, groupDescription('5432 from functions: proxy of', this)),
      logs,
    });
  }

  private createMigrations({ profile }: ProxiedPostgresProps, { migrations }: PostgresSettings): IDependable {
    return createMigrationStep(new Construct(this, 'Migrations'), {
      profile,
      migrations,
      network: this.network,
      encryptionKey: this.encryptionKey,
      secret: this.masterSecret,
      host: this.server.writer.host,
      databaseName: this.databaseName,
      securityGroup: createClosedSecurityGroup(this, 'MigrationsSecurityGroup', this.network.vpc, groupDescription('Migrations of', this)),
      databaseSecurityGroup: this.databaseSecurityGroup,
      server: (this.server.instance ?? this.server.cluster)!,
    });
  }

  private createRotation(props: ProxiedPostgresProps, settings: PostgresSettings, secret: DatabaseSecret): LambdaFunction | undefined {
    if (props.rotateMasterSecret === false) {
      acknowledgeNoRotation(secret);
      return undefined;
    }
    return createRotation(this, 'Rotation', {
      profile: props.profile,
      network: this.network,
      encryptionKey: this.encryptionKey,
      secret: this.masterSecret,
      host: this.server.writer.host,
      databaseName: this.databaseName,
      interval: settings.rotationInterval,
      securityGroup: createClosedSecurityGroup(this, 'RotationSecurityGroup', this.network.vpc, groupDescription('Rotation of', this)),
      databaseSecurityGroup: this.databaseSecurityGroup,
    });
  }

  private measure(inside: Construct, settings: PostgresSettings, identifier: string, rotation?: LambdaFunction): PostgresMeasures {
    return measuresOf(inside, {
      label: this.node.path, identifier, settings, server: this.server, proxy: this.created?.proxy, rotation, log: this.logGroups[0]!,
    });
  }

  private warn({ aurora, proxy }: PostgresSettings): void {
    if (aurora?.minCapacity === 0 && proxy) {
      Annotations.of(this).addWarningV2('cdk-jobworks:postgres.proxyKeepsAwake',
        'A proxy stays connected to the cluster, so that it never pauses although engine.minCapacity is 0. Fix: use PostgresProxy.none(), or a minCapacity of 0.5 or more.');
    }
  }
}
