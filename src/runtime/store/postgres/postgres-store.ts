import type { Pool } from 'pg';
import { Database } from './database';
import type { DatabaseLimits } from './database-limits';
import { PostgresCounter } from './postgres-counter';
import { PostgresExpiry } from './postgres-expiry';
import { PostgresJobIndex } from './postgres-job-index';
import { PostgresJobStore } from './postgres-job-store';
import { PostgresSlots } from './postgres-slots';
import { ServerClock } from './server-clock';
import { SERVER_TIME } from './statements';
import { openPool, type PoolOptions } from '../../database/pool';
import { ENVIRONMENT } from '../../wire/environment';
import { text, type Environment } from '../settings';

/** All that a pipeline keeps in PostgreSQL, over one pool. */
export interface PostgresStore {
  readonly store: PostgresJobStore;
  readonly index: PostgresJobIndex;
  readonly counter: PostgresCounter;
  readonly slots: PostgresSlots;
  readonly expiry: PostgresExpiry;
  /** The server's clock, for `Ports.now`: the one by which all processes go. */
  readonly now: () => number;
  readonly pool: Pool;

  /** Connects, and sets the clock, before the first call comes. Never rejects: without it the first statement connects. */
  warmUp(): Promise<void>;
}

/**
 * What the environment of a function names, over one connection: what is said there of more is for a pool of the user's.
 * @param limits of the function
 * @param options of the pool; for a database elsewhere
 */
export function postgresStore(environment: Environment, limits: DatabaseLimits, options: PoolOptions = {}): PostgresStore {
  return storeOn(openPool({ connectTimeoutMs: limits.connectMs, maxConnections: 1, ...options }), text(environment, ENVIRONMENT.pipeline), limits);
}

export function storeOn(pool: Pool, pipeline: string, limits: DatabaseLimits): PostgresStore {
  const clock = new ServerClock();
  const database = new Database(pool, limits, clock);
  return {
    store: new PostgresJobStore(database, pipeline),
    index: new PostgresJobIndex(database, pipeline),
    counter: new PostgresCounter(database, pipeline),
    slots: new PostgresSlots(database, pipeline),
    expiry: new PostgresExpiry(database, pipeline),
    now: clock.now,
    pool,
    warmUp: async () => {
      try {
        await database.askOnce({ text: 'SELECT', values: [] }); // the way to a new connection says nothing about the clock
        await database.askOnce({ text: `SELECT ${SERVER_TIME}`, values: [] });
      } catch {
        // tried once: a function has ten seconds to start, and who waits for a call waits for this
      }
    },
  };
}
