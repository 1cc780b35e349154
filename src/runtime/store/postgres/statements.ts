import { COLUMNS, Column, epochMs, selected, sent, timeText, typeOf } from './columns';
import { Statement, Values } from './statement';
import { escapeText } from './text-escape';
import type { CreateStep, UpdateStep, WriteStep } from '../../protocol/decision';
import type { JobRecord } from '../../protocol/record';

/** The time of the server, in milliseconds: each answer brings it along. */
export const SERVER_TIME = `${epochMs('clock_timestamp()')} AS server_time`;

/** A record that is stored, with its result and the id of the write that made it so. Without one there is a row all the same, of nulls. */
export const STORED = `${COLUMNS.map((column) => selected(column, 'stored')).join(', ')}, result.result, stored.write_id`;

/** A job of a pipeline. */
interface Key {
  readonly pipeline: string;
  readonly job_id: string;
}

export function readStatement(pipeline: string, job_id: string): Statement {
  const values = new Values();
  const key = keyOf(pipeline, job_id, values);
  return { text: `SELECT ${SERVER_TIME}, ${STORED} ${fromStored(key)}`, values: values.all };
}

/** Refused outside a transaction, and inside one no more than what every write of a record does anyway. */
export const NEEDS_TRANSACTION = 'LOCK TABLE jobworks.jobs IN ROW EXCLUSIVE MODE';

/**
 * One transition, with its result, as one statement: the write under its condition and, where that did not hold, what is stored. The latter is of
 * the moment in which the statement began, as is what the condition was judged on, unless another write was under way just then.
 */
export function writeStatement(pipeline: string, step: WriteStep, write_id: string, now: number): Statement {
  const values = new Values();
  const key = keyOf(pipeline, step.do === 'create' ? step.record.job_id : step.job_id, values);
  const written = step.do === 'create' ? insert(step, key, write_id, now, values) : update(step, key, write_id, values);
  const result = changeOfResult(step, key, values);
  const text = [
    `WITH written AS (${written} RETURNING true)`,
    ...(result ? [`, put AS (${result})`] : []),
    `SELECT EXISTS (SELECT FROM written) AS held, ${SERVER_TIME}, ${STORED} ${fromStored(key, 'NOT EXISTS (SELECT FROM written)')}`,
  ].join(' ');
  return { text, values: values.all };
}

/** Put, over nothing or an expired record; `over_fresh` also over the record that the submission of the same message puts. */
function insert({ record, over_fresh }: CreateStep, { pipeline, job_id }: Key, write_id: string, now: number, values: Values): string {
  const others = COLUMNS.filter((column) => column !== 'job_id');
  const names = [...others.map(quoted), 'write_id'];
  const given = [...others.map((column) => valueOf(column, record[column], values)), values.add(write_id, 'text')];
  const expired = `stored.expires_at <= ${values.add(timeText(now), 'timestamptz')}`;
  const fresh = 'stored.status = \'queued\' AND stored.generation = excluded.generation AND stored.run = 0 '
    + 'AND stored.owner = excluded.owner AND stored.payload_hash = excluded.payload_hash AND stored.not_before IS NULL';
  return [
    `INSERT INTO jobworks.jobs AS stored (pipeline, job_id, ${names.join(', ')}) VALUES (${pipeline}, ${job_id}, ${given.join(', ')})`,
    `ON CONFLICT (pipeline, job_id) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    `WHERE ${expired}${over_fresh ? ` OR (${fresh})` : ''}`,
  ].join(' ');
}

/** Under the stamp the transition was decided on; what the row holds beside the changed fields is left alone. */
function update({ set, remove, expect }: UpdateStep, key: Key, write_id: string, values: Values): string {
  const changes = COLUMNS.filter((column) => set[column] !== undefined);
  const removed = remove.filter((name): name is Column => name !== 'result');
  const assigned = [
    ...changes.map((column) => `${quoted(column)} = ${valueOf(column, set[column], values)}`),
    ...removed.map((column) => `${quoted(column)} = NULL`),
    `write_id = ${values.add(write_id, 'text')}`,
  ];
  const conditions = [
    `stored.pipeline = ${key.pipeline} AND stored.job_id = ${key.job_id}`,
    ...(Object.keys(expect) as (keyof typeof expect)[]).map((column) => `stored.${quoted(column)} = ${valueOf(column, expect[column], values)}`),
  ];
  return `UPDATE jobworks.jobs AS stored SET ${assigned.join(', ')} WHERE ${conditions.join(' AND ')}`;
}

/** Where a write touches the result: a new record has only its own, whatever an expired one has left. */
function changeOfResult(step: WriteStep, { pipeline, job_id }: Key, values: Values): string | undefined {
  const result = step.do === 'create' ? step.record.result : step.set.result;
  if (result !== undefined) {
    return `INSERT INTO jobworks.job_results (pipeline, job_id, result) SELECT ${pipeline}, ${job_id}, ${values.add(escapeText(result), 'text')} FROM written `
      + 'ON CONFLICT (job_id, pipeline) DO UPDATE SET result = excluded.result';
  }
  return step.do === 'create' || step.remove.includes('result')
    ? `DELETE FROM jobworks.job_results WHERE pipeline = ${pipeline} AND job_id = ${job_id} AND EXISTS (SELECT FROM written)`
    : undefined;
}

function fromStored({ pipeline, job_id }: Key, condition = 'true'): string {
  return `FROM (VALUES (1)) AS always (row) LEFT JOIN jobworks.jobs AS stored ON stored.pipeline = ${pipeline} AND stored.job_id = ${job_id} AND ${condition} `
    + 'LEFT JOIN jobworks.job_results AS result ON result.pipeline = stored.pipeline AND result.job_id = stored.job_id';
}

function keyOf(pipeline: string, job_id: string, values: Values): Key {
  return { pipeline: values.add(escapeText(pipeline), 'text'), job_id: values.add(escapeText(job_id), 'text') };
}

function valueOf(column: Column, value: JobRecord[Column], values: Values): string {
  return values.add(sent(column, value), typeOf(column));
}

function quoted(column: Column): string {
  return `"${column}"`;
}
