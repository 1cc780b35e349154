import { timeText } from './columns';
import type { Database } from './database';
import { Statement, Values } from './statement';
import { escapeText } from './text-escape';
import type { Expiry } from '../expiry';

/** Where rows are that expire, and their key. */
const TABLES = { jobs: 'job_id', counters: 'name' } as const;

/** Deletes what has expired: PostgreSQL does not do so by itself. */
export class PostgresExpiry implements Expiry {
  constructor(private readonly database: Pick<Database, 'ask'>, private readonly pipeline: string) {}

  async removeExpired(now: number, limit: number): Promise<number> {
    let removed = 0;
    for (const table of Object.keys(TABLES) as (keyof typeof TABLES)[]) {
      const rows = await this.database.ask(this.statement(table, now, limit - removed));
      removed += rows.length;
    }
    return removed;
  }

  /** Rows that somebody else has in hand are left for the next time: nobody waits, and many may delete at once. A job's result goes with it. */
  private statement(table: keyof typeof TABLES, now: number, limit: number): Statement {
    const values = new Values();
    const key = TABLES[table];
    const text = `WITH expired AS (SELECT pipeline, ${key} FROM jobworks.${table} WHERE pipeline = ${values.add(escapeText(this.pipeline), 'text')} `
      + `AND expires_at <= ${values.add(timeText(now), 'timestamptz')} ORDER BY expires_at LIMIT ${values.add(limit, 'bigint')} FOR UPDATE SKIP LOCKED) `
      + `DELETE FROM jobworks.${table} AS stored USING expired WHERE stored.pipeline = expired.pipeline AND stored.${key} = expired.${key} RETURNING true AS removed`;
    return { text, values: values.all };
  }
}
