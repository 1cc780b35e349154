import type { PutItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { indexesOfCreate, indexesOfUpdate } from './index-attributes';
import { Item, toItem } from './item';
import type { CreateStep, UpdateStep } from '../../protocol/decision';
import { TABLE } from '../../wire/table';

/**
 * Which call has written the item last. It is this table's own and no part of the record.
 * Whatever writes a record here sets it anew, in any language: an id that outlived its write would vouch for another's.
 */
export const WRITE_ID = 'write_id';

/** Every name is written with `#`: which ones DynamoDB reserves (`status`, `owner`, `result`, …) need not be known. */
interface Expression {
  readonly text: string;
  readonly names: readonly string[];
  readonly values: Item;
}

/** Put, over nothing or an expired record; `over_fresh` also over the record that the submission of the same message puts. */
export function putRequest(table: string, step: CreateStep, write_id: string, now: number): PutItemCommandInput {
  const { set } = indexesOfCreate(step);
  const condition = creatable(step, now);
  return {
    TableName: table,
    Item: { ...toItem(step.record), ...toItem(set), [WRITE_ID]: { S: write_id } },
    ConditionExpression: condition.text,
    ExpressionAttributeNames: namesOf(condition.names),
    ExpressionAttributeValues: condition.values,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** Update under the stamp the transition was decided on; what the record holds beside the changed fields is left alone. */
export function updateRequest(table: string, step: UpdateStep, write_id: string): UpdateItemCommandInput {
  const index = indexesOfUpdate(step);
  const set = { ...toItem(step.set), ...toItem(index.set), [WRITE_ID]: { S: write_id } };
  const remove = [...step.remove, ...index.remove];
  return {
    TableName: table,
    Key: { [TABLE.key]: { S: step.job_id } },
    UpdateExpression: [
      `SET ${Object.keys(set).map((name) => `#${name} = :${name}`).join(', ')}`,
      ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: Object.keys(step.expect).map((name) => `#${name} = :expected_${name}`).join(' AND '),
    ExpressionAttributeNames: namesOf([...Object.keys(set), ...remove, ...Object.keys(step.expect)]),
    ExpressionAttributeValues: { ...prefixed(':', set), ...prefixed(':expected_', toItem(step.expect)) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function creatable({ record, over_fresh }: CreateStep, now: number): Expression {
  // Whole seconds lose nothing: `expires_at` has no smaller part.
  const free = {
    text: `attribute_not_exists(#${TABLE.key}) OR #${TABLE.ttl} <= :now`,
    names: [TABLE.key, TABLE.ttl],
    values: { ':now': { N: String(Math.floor(now / 1000)) } },
  };
  if (!over_fresh) {
    return free;
  }
  const fresh = { status: 'queued', generation: record.generation, run: 0, owner: record.owner, payload_hash: record.payload_hash } as const;
  return {
    text: `${free.text} OR (${Object.keys(fresh).map((name) => `#${name} = :${name}`).join(' AND ')} AND attribute_not_exists(#not_before))`,
    names: [...free.names, ...Object.keys(fresh), 'not_before'],
    values: { ...free.values, ...prefixed(':', toItem(fresh)) },
  };
}

function namesOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`#${name}`, name]));
}

function prefixed(prefix: string, item: Item): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [`${prefix}${name}`, value]));
}
