import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { API_LIMITS, type CallLimits, WORKER_LIMITS } from './aws-clients';
import type { Counter } from './counter';
import { dynamoDbClient } from './dynamodb/dynamodb-client';
import type { Expiry } from './expiry';
import type { JobIndex } from './job-index';
import type { JobStore } from './job-store';
import { API_DATABASE_LIMITS, type DatabaseLimits, WORKER_DATABASE_LIMITS } from './postgres/database-limits';
import { type Environment, text } from './settings';
import type { Slots } from './slots';
import { ENVIRONMENT } from '../wire/environment';

/** All that a pipeline keeps about its jobs, wherever that is. */
export interface Records {
  readonly store: JobStore;
  readonly index: JobIndex;
  /** Made when it is asked for: few functions count. */
  readonly counter: () => Counter;
  readonly slots: Slots;
  /** None where the store removes what has expired by itself. */
  readonly expiry: Expiry | undefined;
  /** Epoch milliseconds, by the clock that all processes share: that of the store, where it has one. */
  readonly now: () => number;
}

/** Who asks: where somebody waits for the answer, nothing may take long. */
export type Patience = 'api' | 'worker';

const LIMITS: Readonly<Record<Patience, { readonly calls: CallLimits; readonly database: DatabaseLimits }>> = {
  api: { calls: API_LIMITS, database: API_DATABASE_LIMITS },
  worker: { calls: WORKER_LIMITS, database: WORKER_DATABASE_LIMITS },
};

/** The parts of it that a function uses: in DynamoDB it makes their adapters itself, so that its bundle has no others. */
export type OnDynamoDb<Used extends Partial<Records>> = (client: DynamoDBClient, table: string) => Used;

/** The same parts, wherever they are, and the clock. */
type Given<Used> = Pick<Records, Extract<keyof Used, keyof Records> | 'now'>;

type PostgresSdk = Pick<typeof import('./postgres/postgres-store'), 'postgresStore'>;

/** From the layer of functions that are connected to a database. A parameter of what follows, because what tests this module has no `import()`. */
const loadPostgres = async (): Promise<PostgresSdk> => import('./postgres/postgres-store.js');

/** Whether the environment names a database, and no table. */
export function isOnPostgres(environment: Environment): boolean {
  return Boolean(environment[ENVIRONMENT.databaseHost] && !environment[ENVIRONMENT.table]);
}

/** Where the records of a function are, as its environment says: at once in DynamoDB, and in PostgreSQL when it is connected. */
export function recordsOf<Used extends Partial<Records>>(
  environment: Environment, patience: Patience, onDynamoDb: OnDynamoDb<Used>, load = loadPostgres,
): Given<Used> | Promise<Given<Used>> {
  const { calls, database } = LIMITS[patience];
  return isOnPostgres(environment)
    ? inPostgres(environment, database, load)
    : { ...onDynamoDb(dynamoDbClient(calls), text(environment, ENVIRONMENT.table)), now: Date.now } as Given<Used>;
}

/**
 * Makes a handler of the records. It is made at once in DynamoDB; in PostgreSQL the connection is opened while the function starts, and calls
 * wait for it. What is wrong with the layer or the environment is thrown to every call.
 */
export function withRecords<Used extends Partial<Records>, Args extends readonly unknown[], Answer>(
  environment: Environment,
  patience: Patience,
  onDynamoDb: OnDynamoDb<Used>,
  make: (records: Given<Used>) => (...args: Args) => Promise<Answer>,
  load = loadPostgres,
): (...args: Args) => Promise<Answer> {
  const records = recordsOf(environment, patience, onDynamoDb, load);
  if (!(records instanceof Promise)) {
    return make(records);
  }
  const making = records.then(make);
  making.catch(() => undefined); // until somebody calls, nobody is told
  return async (...args) => (await making)(...args);
}

async function inPostgres(environment: Environment, limits: DatabaseLimits, load: typeof loadPostgres): Promise<Records> {
  const { postgresStore } = await load();
  const { store, index, counter, slots, expiry, now, warmUp } = postgresStore(environment, limits);
  await warmUp();
  return { store, index, counter: () => counter, slots, expiry, now };
}
