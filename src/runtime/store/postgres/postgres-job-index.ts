import { COLUMNS, Column, epochMs, OUTLINE_COLUMNS, selected, timeText, toRecord } from './columns';
import type { Database } from './database';
import { Values } from './statement';
import { escapeText, unescapeText } from './text-escape';
import type { JobRecord } from '../../protocol/record';
import type { IndexEntry, JobIndex, JobOutline } from '../job-index';

/** A question to one of the indexes of the table. */
interface Question {
  /** Parted by AND; the key's first column is asked for anyway. */
  readonly where: readonly string[];
  readonly time: 'created_at' | 'finished_at' | 'deadline_at';
  readonly newestFirst: boolean;
  readonly place?: IndexEntry;
  readonly limit: number;
}

/** The indexes of the table `jobworks.jobs`. A page begins where the last one ended, however far that is: nothing is counted past. */
export class PostgresJobIndex implements JobIndex {
  constructor(private readonly database: Pick<Database, 'ask'>, private readonly pipeline: string) {}

  async ofOwner(owner: string, limit: number, before?: IndexEntry): Promise<IndexEntry[]> {
    const values = new Values();
    const where = [`owner = ${values.add(escapeText(owner), 'text')}`];
    return this.entries({ where, time: 'created_at', newestFirst: true, place: before, limit }, values);
  }

  async failed(since: number, limit: number, after?: IndexEntry): Promise<IndexEntry[]> {
    const values = new Values();
    const where = ['status = \'failed\'', `finished_at >= ${values.add(timeText(since), 'timestamptz')}`];
    return this.entries({ where, time: 'finished_at', newestFirst: false, place: after, limit }, values);
  }

  async open(until: number, limit: number, after?: IndexEntry): Promise<IndexEntry[]> {
    const values = new Values();
    const where = ['status IN (\'queued\', \'processing\')', `deadline_at <= ${values.add(timeText(until), 'timestamptz')}`];
    return this.entries({ where, time: 'deadline_at', newestFirst: false, place: after, limit }, values);
  }

  async records(job_ids: readonly string[]): Promise<JobRecord[]> {
    return this.byId(job_ids, COLUMNS, ', result.result');
  }

  async outlines(job_ids: readonly string[]): Promise<JobOutline[]> {
    return this.byId(job_ids, OUTLINE_COLUMNS, '');
  }

  private async entries({ where, time, newestFirst, place, limit }: Question, values: Values): Promise<IndexEntry[]> {
    const pipeline = `pipeline = ${values.add(escapeText(this.pipeline), 'text')}`;
    const beyond = place
      ? [`(${time}, job_id) ${newestFirst ? '<' : '>'} (${values.add(timeText(place.at), 'timestamptz')}, ${values.add(escapeText(place.job_id), 'text')} COLLATE "C")`]
      : [];
    const direction = newestFirst ? 'DESC' : 'ASC';
    const rows = await this.database.ask({
      text: `SELECT job_id, ${epochMs(time)} AS at FROM jobworks.jobs WHERE ${[pipeline, ...where, ...beyond].join(' AND ')} `
        + `ORDER BY ${time} ${direction}, job_id ${direction} LIMIT ${values.add(limit, 'bigint')}`,
      values: values.all,
    });
    return rows.map(({ job_id, at }) => ({ job_id: unescapeText(job_id as string), at: at as number }));
  }

  private async byId(job_ids: readonly string[], columns: readonly Column[], more: string): Promise<JobRecord[]> {
    if (job_ids.length === 0) {
      return [];
    }
    const values = new Values();
    const join = more && 'LEFT JOIN jobworks.job_results AS result ON result.pipeline = stored.pipeline AND result.job_id = stored.job_id';
    const rows = await this.database.ask({
      text: `SELECT ${columns.map((column) => selected(column, 'stored')).join(', ')}${more} FROM jobworks.jobs AS stored ${join} `
        + `WHERE stored.pipeline = ${values.add(escapeText(this.pipeline), 'text')} AND stored.job_id = ANY (${values.add(job_ids.map(escapeText), 'text[]')})`,
      values: values.all,
    });
    const found = new Map(rows.map((row) => toRecord(row)!).map((record) => [record.job_id, record]));
    return job_ids.flatMap((job_id) => found.get(job_id) ?? []);
  }
}
