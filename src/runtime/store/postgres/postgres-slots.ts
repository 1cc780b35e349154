import type { Database } from './database';
import { Values } from './statement';
import { escapeText, unescapeText } from './text-escape';
import type { Slots } from '../slots';

/**
 * The row of a pipeline in `jobworks.slots`, which holds the names. Who takes one waits for whoever is changing the row, and is judged by what it
 * is then: so there are never more than there may be. To add what is there, or to delete what is not, changes nothing, so every call can be
 * made twice.
 */
export class PostgresSlots implements Slots {
  constructor(private readonly database: Pick<Database, 'ask'>, private readonly pipeline: string) {}

  async take(name: string, most: number): Promise<boolean> {
    const values = new Values();
    const pipeline = values.add(escapeText(this.pipeline), 'text');
    const taken = values.add(escapeText(name), 'text');
    const limit = values.add(most, 'bigint');
    const rows = await this.database.ask({
      text: `INSERT INTO jobworks.slots AS stored (pipeline, names) VALUES (${pipeline}, ARRAY[${taken}]) `
        + `ON CONFLICT (pipeline) DO UPDATE SET names = array_append(array_remove(stored.names, ${taken}), ${taken}) `
        + `WHERE cardinality(stored.names) < ${limit} OR ${taken} = ANY (stored.names) RETURNING true AS taken`,
      values: values.all,
    });
    return rows.length === 1;
  }

  async release(name: string): Promise<void> {
    const values = new Values();
    const released = values.add(escapeText(name), 'text');
    await this.database.ask({
      text: `UPDATE jobworks.slots SET names = array_remove(names, ${released}) `
        + `WHERE pipeline = ${values.add(escapeText(this.pipeline), 'text')} AND ${released} = ANY (names)`,
      values: values.all,
    });
  }

  async names(): Promise<readonly string[]> {
    const values = new Values();
    const rows = await this.database.ask({
      text: `SELECT unnest(names) AS name FROM jobworks.slots WHERE pipeline = ${values.add(escapeText(this.pipeline), 'text')}`,
      values: values.all,
    });
    return rows.map(({ name }) => unescapeText(name as string));
  }
}
