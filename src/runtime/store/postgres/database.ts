import type { Pool, QueryConfig } from 'pg';
import type { DatabaseLimits } from './database-limits';
import type { ServerClock } from './server-clock';
import type { Statement } from './statement';
import { isConnectionLost } from '../../database/lost';

/** A connection that was there did not answer in time: it, or somebody who holds the row. */
export class NoAnswer extends Error {
  readonly name = 'NoAnswer';
}

/** As `pg` says that `query_timeout` is over. */
const TOO_LATE = 'Query read timeout';

/**
 * The server has taken a statement back as if it had never been: it went by another isolation level, or stood in a ring of waiters, or the server
 * has become a reader by a failover; a statement that failed has its connection closed, and the next one leads to the new writer.
 */
const TAKEN_BACK = ['40001', '40P01', '25006'];

/** Statements over a pool, within limits. Each answer that has a `server_time` sets the clock. */
export class Database {
  constructor(private readonly pool: Pick<Pool, 'query'>, private readonly limits: DatabaseLimits, private readonly clock: ServerClock) {}

  /** A statement that may be executed twice: it only reads, or knows what it has written itself. */
  readonly ask = async (statement: Statement): Promise<Readonly<Record<string, unknown>>[]> => {
    const started = performance.now();
    try {
      return await this.askOnce(statement);
    } catch (error) {
      if (!mayRepeat(error) || performance.now() - started > this.limits.repeatWithinMs) {
        throw error;
      }
      return this.askOnce(statement);
    }
  };

  readonly askOnce = async ({ text, values }: Statement): Promise<Readonly<Record<string, unknown>>[]> => {
    const learn = this.clock.begin();
    try {
      const query: QueryConfig & { query_timeout: number } = { text, values: [...values], query_timeout: this.limits.answerMs };
      const { rows } = await this.pool.query<Record<string, unknown>>(query);
      if (typeof rows[0]?.server_time === 'number') {
        learn(rows[0].server_time);
      }
      return rows;
    } catch (error) {
      throw error instanceof Error && error.message === TOO_LATE ? new NoAnswer(`no answer within ${this.limits.answerMs} ms`, { cause: error }) : error;
    }
  };
}

function mayRepeat(error: unknown): boolean {
  return error instanceof NoAnswer || isConnectionLost(error) || TAKEN_BACK.includes((error as { code?: string }).code ?? '');
}
