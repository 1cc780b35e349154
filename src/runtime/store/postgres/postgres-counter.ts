import { timeText } from './columns';
import { type Database, NoAnswer } from './database';
import { Values } from './statement';
import { escapeText } from './text-escape';
import { type Counter, CounterThrottled } from '../counter';

/**
 * Counts in the table `jobworks.counters`: one row for each count, which {@link PostgresExpiry} deletes.
 *
 * What is full is refused without waiting for the row, so that an owner who floods does not queue up behind its own count. Where an answer
 * still does not come in time, from a server that is connected, it is taken for such a queue, and refused: else a flood would be let through.
 */
export class PostgresCounter implements Counter {
  /** @param database asked only once: an addition whose answer was lost would be made again */
  constructor(private readonly database: Pick<Database, 'askOnce'>, private readonly pipeline: string) {}

  async add(name: string, amount: number, limit: number, expires_at: number): Promise<boolean> {
    const values = new Values();
    const key = [values.add(escapeText(this.pipeline), 'text'), values.add(escapeText(name), 'text')];
    const added = values.add(amount, 'bigint');
    const most = values.add(limit - amount, 'bigint');
    const text = 'INSERT INTO jobworks.counters AS stored (pipeline, name, count, expires_at) '
      + `SELECT ${key.join(', ')}, ${added}, ${values.add(timeText(expires_at * 1000), 'timestamptz')} `
      + `WHERE NOT EXISTS (SELECT FROM jobworks.counters AS full_one WHERE full_one.pipeline = ${key[0]} AND full_one.name = ${key[1]} AND full_one.count > ${most}) `
      + `ON CONFLICT (pipeline, name) DO UPDATE SET count = stored.count + excluded.count WHERE stored.count <= ${most} RETURNING true AS added`;
    try {
      return (await this.database.askOnce({ text, values: values.all })).length === 1;
    } catch (error) {
      throw error instanceof NoAnswer ? new CounterThrottled(error) : error;
    }
  }
}
