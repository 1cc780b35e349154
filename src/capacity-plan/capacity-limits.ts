import { QUOTAS } from './aws-quotas';
import type { Carrier } from './carrier';
import type { SettledLoad } from './expected-load';
import { SECONDS, STATEMENTS, STATEMENT_SECONDS, INDEX_WRITES, type JobFigures } from './job-figures';
import { grouped } from '../internal/prop-rules';
import { SHARDS } from '../runtime/wire/table';

/** Something that there is only so much of. */
export interface CapacityLimit {
  /** What it is, with its unit. */
  readonly name: string;
  /** What the peak takes of it. */
  readonly used: number;
  /** What there is. */
  readonly limit: number;
  /** What to do where it does not suffice. */
  readonly remedy: string;
}

/** The same, with what a pipeline makes of it. */
export interface JudgedLimit extends CapacityLimit {
  /**
   * What happens past it: jobs wait, which is judged by how long; they are refused, or fail; or it grows by itself, given time.
   */
  readonly past: 'waits' | 'refuses' | 'grows';
}

/** Clients for each connection of a proxy's pool, whose transactions are short. */
const CLIENTS_A_CONNECTION = 10;
const KEPT_FREE = 8;


/** What the peak takes of each limit, the one that is reached first at the front. */
export function limitsOf(load: SettledLoad, carrier: Carrier, figures: JobFigures, peakRate: number): JudgedLimit[] {
  const atOnce = peakRate * load.jobSeconds;
  const running = Math.min(atOnce, carrier.concurrency);
  return [
    ...concurrency(load, carrier, peakRate, atOnce, running),
    limit('messages in flight', running, QUOTAS.messagesInFlight, 'refuses', split(running, QUOTAS.messagesInFlight)),
    ...(carrier.database ? connections(carrier, peakRate, running) : table(load, figures, carrier, peakRate)),
    ...api(load, carrier, peakRate),
    ...(carrier.inExecutions ? [
      limit('executions started a second', peakRate, QUOTAS.startsPerSecond, 'waits', 'have the quota "StartExecution throttle token refill rate" raised'),
      limit('state transitions a second', peakRate * load.stateTransitionsPerJob, QUOTAS.transitionsPerSecond, 'waits',
        'have the quota "StateTransition throttle token refill rate" raised'),
    ] : []),
  ].sort((a, b) => b.used / b.limit - a.used / a.limit);
}

/** How many pipelines share a load that is too much for one. */
function split(used: number, most: number): string {
  return `spread the jobs over ${grouped(Math.max(2, Math.ceil(used / most)))} pipelines`;
}

function limit(name: string, used: number, most: number, past: JudgedLimit['past'], remedy: string): JudgedLimit {
  return { name, used, limit: most, past, remedy };
}

function concurrency(load: SettledLoad, carrier: Carrier, peakRate: number, atOnce: number, running: number): JudgedLimit[] {
  const requests = peakRate * (1 + (carrier.api ? 1 + load.statusReadsPerJob : 0));
  const ofApi = peakRate * (SECONDS.submit + load.statusReadsPerJob * SECONDS.status);
  const functions = carrier.inExecutions ? atOnce : running * (carrier.called ? 2 : 1);
  const raise = 'have the quota "Concurrent executions" raised, and say expectedLoad.accountConcurrency';
  const own = {
    maximumConcurrency: 'raise maximumConcurrency', default: 'give maximumConcurrency', maxConcurrency: 'raise maxConcurrency', account: undefined, eventSource: undefined,
  }[carrier.concurrencyBy];
  return [
    ...(own === undefined ? [] : [
      limit(`jobs at once: ${carrier.inExecutions ? 'maxConcurrency' : 'maximumConcurrency'}`, atOnce, carrier.concurrency, 'waits', own),
    ]),
    ...(carrier.inExecutions ? [] : [
      limit('jobs at once: event source of the queue', atOnce, QUOTAS.eventSourceInvocations, 'waits', `make jobs shorter, or ${split(atOnce, QUOTAS.eventSourceInvocations)}`),
    ]),
    limit('functions at once: the account', (carrier.concurrencyBy === 'account' ? atOnce * (carrier.called ? 2 : 1) : functions) + ofApi, load.accountConcurrency,
      carrier.concurrencyBy === 'account' ? 'waits' : 'refuses', raise),
    limit('calls of functions a second: the account', requests, QUOTAS.requestsPerConcurrency * load.accountConcurrency, 'refuses', raise),
  ];
}

function table(load: SettledLoad, figures: JobFigures, { api: front }: Carrier, peakRate: number): JudgedLimit[] {
  const writes = peakRate * figures.recordWrites;
  const deadlines = peakRate * INDEX_WRITES.deadline / SHARDS;
  return [
    limit('write units a second of the table', writes, QUOTAS.tableUnits, 'refuses', 'have the quota "Table-level write throughput limit" raised, or make payloads smaller'),
    limit('write units a second of a new table', writes, QUOTAS.newTableWriteUnits, 'grows', 'begin with less: it takes twice as much half an hour later, and so on'),
    limit('write units a second of one key: deadlines', deadlines, QUOTAS.keyWriteUnits, 'refuses', split(deadlines, QUOTAS.keyWriteUnits)),
    ...(load.owners === undefined ? [] : [
      limit('write units a second of one key: an owner', peakRate * INDEX_WRITES.owner / load.owners / SHARDS, QUOTAS.keyWriteUnits, 'refuses',
        'have the owner submit under several names'),
    ]),
    ...(front ? [
      limit('read units a second of the table', peakRate * load.statusReadsPerJob * figures.readsOfStatus, QUOTAS.tableUnits, 'refuses',
        'read the status less often, or give the API statusCaching'),
    ] : []),
  ];
}

/** Every process that works on records holds a connection; of a pool's those are taken in whose transaction something is going on. */
function connections({ database, api: front }: Carrier, peakRate: number, running: number): JudgedLimit[] {
  const { connections: all, proxyPercent } = database!;
  if (all === undefined) {
    return [];
  }
  const calls = front ? Math.max(1, peakRate * SECONDS.submit) : 0;
  if (proxyPercent === undefined) {
    return [limit('connections of the database', running + calls, Math.max(1, all - KEPT_FREE), 'refuses', 'put a proxy in front of it, or take a larger engine')];
  }
  const pool = Math.floor(all * proxyPercent / 100);
  return [
    limit('clients of the proxy', running + calls, CLIENTS_A_CONNECTION * pool, 'refuses', 'lower maximumConcurrency, or take a larger engine'),
    limit('connections of the pool in use', peakRate * STATEMENTS * STATEMENT_SECONDS, pool, 'refuses', 'take a larger engine'),
  ];
}

function api(load: SettledLoad, { api: front }: Carrier, peakRate: number): JudgedLimit[] {
  if (!front) {
    return [];
  }
  const reads = peakRate * load.statusReadsPerJob;
  const raise = 'raise api.ratePerSecond';
  const { ownerRate, ratePerSecond } = front;
  return [
    limit('submissions a second: api.ratePerSecond', peakRate, ratePerSecond, 'refuses', `${raise}, or submit in batches`),
    limit('readings a second: api.ratePerSecond', reads, ratePerSecond, 'refuses', `${raise}, or read the status less often`),
    limit('requests a second: API Gateway in the account', peakRate + reads, QUOTAS.apiRequests, 'refuses', 'have the quota "Throttle rate" raised, or submit in batches'),
    ...(ownerRate && load.owners !== undefined ? [
      limit(`submissions a second of one owner: api.submitLimit, ${ownerRate.prop}`, peakRate / load.owners, ownerRate.perSecond, 'refuses', `raise ${ownerRate.prop} of api.submitLimit`),
    ] : []),
    ...(front.reserved === undefined ? [] : [
      limit('calls at once: api.reservedConcurrency', Math.max(peakRate * SECONDS.submit, reads * SECONDS.status), front.reserved, 'refuses', 'raise api.reservedConcurrency'),
    ]),
  ];
}
