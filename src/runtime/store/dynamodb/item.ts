import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { JobRecord } from '../../protocol/record';

export type Item = Record<string, AttributeValue>;

type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

/** Every field of a record, so that a new one cannot be forgotten here: it would not compile. */
const FIELDS: Record<keyof JobRecord, true> = {
  version: true,
  job_id: true,
  owner: true,
  status: true,
  payload: true,
  payload_hash: true,
  generation: true,
  run: true,
  attempt: true,
  max_attempts: true,
  not_before: true,
  created_at: true,
  updated_at: true,
  started_at: true,
  finished_at: true,
  lease_expires_at: true,
  deadline_at: true,
  retention_seconds: true,
  stages_completed: true,
  current_stage: true,
  last_checkpoint: true,
  checkpoint: true,
  checkpoint_run: true,
  progress: true,
  progress_note: true,
  result: true,
  error: true,
  cancel_requested: true,
  correlation_id: true,
  expires_at: true,
};

const LONG: readonly string[] = ['payload', 'checkpoint', 'result'] satisfies (keyof JobRecord)[];

/** The fields of a `JobOutline`. */
export const OUTLINE_FIELDS: readonly string[] = Object.keys(FIELDS).filter((name) => !LONG.includes(name));

/** Fields of a record as attributes; a field that is undefined is left out. */
export function toItem(fields: Partial<JobRecord>): Item {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => [name, toAttribute(value as Value)]),
  );
}

/** The record in an item. Attributes that are not the record's (keys of indexes, fields of a newer version) are not looked at. */
export function toRecord(item: Item): JobRecord {
  const names = Object.keys(FIELDS).filter((name) => item[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, fromAttribute(item[name])])) as unknown as JobRecord;
}

export function toAttribute(value: Value): AttributeValue {
  switch (typeof value) {
    case 'string': return { S: value };
    case 'number': return { N: String(value) };
    case 'boolean': return { BOOL: value };
    default: return Array.isArray(value)
      ? { L: value.map(toAttribute) }
      : { M: Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toAttribute(part)])) };
  }
}

function fromAttribute(attribute: AttributeValue): Value {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  return Object.fromEntries(Object.entries(attribute.M ?? {}).map(([name, part]) => [name, fromAttribute(part)]));
}
