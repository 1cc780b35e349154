import { Stack, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { StoredRecords, StoreKind } from './store-kind';
import type { PropRules } from '../internal/prop-rules';
import { described, instanceKind } from '../internal/value-kinds';
import type { PipelineRecords, RecordAction } from '../job-functions/pipeline-records';
import { hasPostgresLayer } from '../proxied-postgres/postgres-layer';
import { PostgresRole } from '../proxied-postgres/postgres-role';
import { ProxiedPostgres } from '../proxied-postgres/proxied-postgres';
import { NetworkEndpoint } from '../secure-network/network-endpoint';

const PROP = 'store: JobStore.postgres()';
const DATABASE = instanceKind('ProxiedPostgres', () => ProxiedPostgres, 'JobStore.postgres(database)', 'with const database = new ProxiedPostgres(…)');

/** Records in the tables of schema `jobworks`, which each database has. */
export class PostgresStore implements StoreKind {
  readonly isScarce = true;

  constructor(private readonly database: ProxiedPostgres) {}

  get sized() {
    return this.database._sized;
  }

  layersFor(fn: lambda.Function): number {
    return hasPostgresLayer(fn) ? 0 : 1;
  }

  check(rules: PropRules, scope: Construct, worker: lambda.IFunction | undefined): void {
    if (!DATABASE.is(this.database)) {
      rules.check(false, { rule: `${PROP} must be given a ProxiedPostgres`, value: described(this.database), fix: `write ${DATABASE.write}, ${DATABASE.note}` });
      return;
    }
    this.checkPlace(rules, scope);
    for (const problem of worker ? this.database._placementProblems(worker) : []) {
      rules.check(false, { ...problem, rule: problem.rule.replace(/^fn /, 'processor: the function ') });
    }
  }

  create(_scope: Construct, encryptionKey: kms.IKey | undefined): StoredRecords {
    return { records: new DatabaseRecords(this.database, encryptionKey), database: this.database };
  }

  /** Another stack will do, as a network is reached from all stacks of its region and account. */
  private checkPlace(rules: PropRules, scope: Construct): void {
    const [own, other] = [Stack.of(scope), Stack.of(this.database)];
    for (const what of ['region', 'account'] as const) {
      rules.check(own[what] === other[what] || Token.isUnresolved(own[what]) || Token.isUnresolved(other[what]), {
        rule: `${PROP}: the database must be in the ${what} of the pipeline (${own[what]}), whose functions are placed in its network`,
        value: other[what],
        fix: 'put the two into stacks with the same env',
      });
    }
  }
}

/**
 * A database, which functions come to as the application's role: each that works on records is placed in its network, gets the layer and the
 * address, and waits for the tables. The others stay outside.
 */
class DatabaseRecords implements PipelineRecords {
  /** The address is for those alone that come there. */
  readonly environment = {};

  private readonly connected = new Set<lambda.Function>();
  /** Said before the function was connected. */
  private readonly early = new Map<lambda.Function, readonly NetworkEndpoint[]>();

  constructor(private readonly database: ProxiedPostgres, private readonly encryptionKey: kms.IKey | undefined) {}

  /** What the role may do is the database's affair: the library's tables are open to all that come as it. */
  grantRecords(fn: lambda.Function, _actions: readonly RecordAction[], atOnce: number): void {
    this.encryptionKey?.grantDecrypt(fn); // its environment
    this.database.grantConnect(fn, { role: PostgresRole.APP, concurrency: atOnce, services: [...this.early.get(fn) ?? []] });
    this.connected.add(fn);
  }

  /** An index is asked as a table is. */
  grantIndexes(): void {}

  letSend(fn: lambda.Function): void {
    this.encryptionKey?.grant(fn, 'kms:Decrypt', 'kms:GenerateDataKey');
    this.letOut(fn, NetworkEndpoint.SQS);
  }

  letOut(fn: lambda.Function, service: NetworkEndpoint): void {
    if (this.connected.has(fn)) {
      this.database.grantConnect(fn, { role: PostgresRole.APP, services: [service] });
    } else {
      this.early.set(fn, [...this.early.get(fn) ?? [], service]);
    }
  }
}
