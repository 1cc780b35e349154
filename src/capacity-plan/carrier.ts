import { Duration, Size } from 'aws-cdk-lib';
import { QUOTAS } from './aws-quotas';
import type { CapacityAssumptions } from './capacity-assumptions';
import type { SettledLoad } from './expected-load';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { authenticationOf } from '../job-api/authorization';
import { defaultFirewall } from '../job-api/firewall';
import { settledHttp } from '../job-api/http/http-environment';
import { JobApi } from '../job-api/job-api';
import { stageRates } from '../job-api/stage-rates';
import { auroraConnections, instanceConnections } from '../proxied-postgres/connection-limits';
import { PostgresProxy } from '../proxied-postgres/postgres-proxy';
import { settle, type PostgresSettings } from '../proxied-postgres/postgres-settings';
import type { ProxiedPostgresProps } from '../proxied-postgres/proxied-postgres-props';
import { AUTHENTICATION } from '../runtime/wire/environment';

/** Where each job holds a connection, and nobody has said how many run at once. */
const DEFAULT_SCARCE_CONCURRENCY = 20;

/** The database that has the records. */
export interface PlannedDatabase {
  /** The class of an instance, such as `m7g.large`. */
  readonly instanceClass?: string;
  readonly multiAz: boolean;
  readonly gigabytes: number;
  /** Capacity units of a cluster. */
  readonly units?: { readonly least: number; readonly most: number; readonly servers: number };
  /** Connections that the engine takes; nothing where that is not known. */
  readonly connections?: number;
  /** How much of them a proxy opens; nothing without one. */
  readonly proxyPercent?: number;
}

/** The API, as far as a load meets it. */
export interface PlannedApi {
  readonly kind: 'REST' | 'HTTP';
  /** Of each route, from all callers. */
  readonly ratePerSecond: number;
  /** Jobs in a second that one owner may submit; nothing where there is no limit. */
  readonly ownerRate?: { readonly prop: string; readonly perSecond: number };
  readonly exactLimit: boolean;
  readonly firewall: boolean;
  readonly provisioned: number;
  readonly reserved?: number;
}

/** What carries a load, with all that was left open, in plain numbers. */
export interface Carrier {
  /** Jobs that run at once at most. */
  readonly concurrency: number;
  /** What sets that. */
  readonly concurrencyBy: 'maximumConcurrency' | 'maxConcurrency' | 'account' | 'eventSource' | 'default';
  readonly inExecutions: boolean;
  readonly called: boolean;
  readonly memoryGb: number;
  readonly x86: boolean;
  readonly database?: PlannedDatabase;
  readonly api?: PlannedApi;
  readonly profile: EnvironmentProfile;
  readonly retentionDays: number;
  readonly tracing: boolean;
}

/** The size of a database, as far as it decides what it carries. */
export type SizedDatabase = Pick<PostgresSettings, 'instance' | 'aurora' | 'proxy'>;

/**
 * Settles what carries the load.
 *
 * @param sized a database that is there already
 */
export function settleCarrier(on: CapacityAssumptions, load: Pick<SettledLoad, 'accountConcurrency'>, sized?: SizedDatabase): Carrier {
  const profile = on.profile ?? EnvironmentProfile.prod();
  const api = plannedApi(on.api ?? JobApi.rest(), profile);
  const size = sized ?? (on.database && settledDatabase(on, profile));
  const database = size && plannedDatabase(size);
  return {
    ...concurrencyOf(on, load.accountConcurrency, api, database !== undefined),
    inExecutions: on.maxExecutions !== undefined,
    called: on.calledFunction ?? false,
    memoryGb: (on.memory ?? Size.mebibytes(512)).toBytes() / 1024 ** 3,
    x86: on.architecture?.name === 'x86_64',
    database,
    api,
    profile,
    retentionDays: (on.retention ?? Duration.days(30)).toDays({ integral: false }),
    tracing: on.tracing ?? true,
  };
}

function concurrencyOf(
  on: CapacityAssumptions, account: number, api: PlannedApi | undefined, scarce: boolean,
): Pick<Carrier, 'concurrency' | 'concurrencyBy'> {
  if (on.maxExecutions !== undefined) {
    return { concurrency: on.maxExecutions, concurrencyBy: 'maxConcurrency' };
  }
  // What is reserved for the two functions of the API is nobody else's.
  const free = Math.floor((account - 2 * (api?.reserved ?? 0)) / (on.calledFunction ? 2 : 1));
  const said = on.maximumConcurrency ?? (scarce ? DEFAULT_SCARCE_CONCURRENCY : Infinity);
  const concurrency = Math.max(1, Math.min(said, free, QUOTAS.eventSourceInvocations));
  const concurrencyBy = concurrency === said ? on.maximumConcurrency === undefined ? 'default' : 'maximumConcurrency' : concurrency === free ? 'account' : 'eventSource';
  return { concurrency, concurrencyBy };
}

function plannedApi(api: JobApi, profile: EnvironmentProfile): PlannedApi | undefined {
  const { _rest: rest, _http: given } = api;
  const http = settledHttp(given);
  const options = rest ?? http;
  if (!options) {
    return undefined;
  }
  const { submitLimit } = options;
  const exact = submitLimit?._exact;
  const byKey = rest !== undefined && authenticationOf(rest)._kind === AUTHENTICATION.apiKey && !exact;
  const firewall = rest && (rest.firewall ?? defaultFirewall(profile));
  return {
    kind: rest ? 'REST' : 'HTTP',
    ratePerSecond: stageRates(options).each.ratePerSecond,
    ownerRate: exact ? { prop: 'perMinute', perSecond: exact.perMinute / 60 }
      : byKey ? { prop: 'ratePerSecond', perSecond: submitLimit?._usagePlan?.ratePerSecond ?? 1 } : undefined,
    exactLimit: exact !== undefined,
    firewall: firewall !== undefined && (firewall._managed !== undefined || firewall._webAclArn !== undefined),
    provisioned: options.provisionedConcurrency ?? 0,
    reserved: options.reservedConcurrency,
  };
}

/** A database by the options of its engine, as `ProxiedPostgres` would settle them; its network decides none of this. */
function settledDatabase({ database: engine, proxied }: CapacityAssumptions, profile: EnvironmentProfile): SizedDatabase {
  const proxy = proxied === undefined ? undefined : proxied ? PostgresProxy.pooled() : PostgresProxy.none();
  return settle({ engine, profile, proxy } as ProxiedPostgresProps);
}

function plannedDatabase({ instance, aurora, proxy }: SizedDatabase): PlannedDatabase {
  const proxyPercent = proxy?.maxConnectionsPercent;
  if (aurora) {
    const { minCapacity, maxCapacity, readers } = aurora;
    return {
      multiAz: readers > 0,
      gigabytes: 20,
      proxyPercent,
      units: { least: minCapacity, most: maxCapacity, servers: 1 + readers },
      connections: auroraConnections(minCapacity, maxCapacity),
    };
  }
  const { instanceType, multiAz, storage } = instance!;
  return {
    instanceClass: instanceType.toString().replace(/^db\./, ''),
    multiAz,
    gigabytes: storage.toGibibytes(),
    connections: instanceConnections(instanceType),
    proxyPercent,
  };
}
