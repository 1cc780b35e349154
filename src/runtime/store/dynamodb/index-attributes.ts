import type { CreateStep, UpdateStep } from '../../protocol/decision';
import { isTerminal } from '../../protocol/record';
import { TABLE } from '../../wire/table';
import { shardOf } from '../shard';

/** Changes of the attributes by which a record stands in the table's sparse indexes. */
export interface IndexChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** A new record stands among its owner's, and among those with a deadline or those that failed. */
export function indexesOfCreate({ record }: CreateStep): IndexChanges {
  const shard = shardOf(record.job_id);
  return {
    set: {
      [TABLE.ownerShard]: `${record.owner}#${shard}`,
      ...(!isTerminal(record.status) && { [TABLE.deadlineShard]: String(shard) }),
      ...(record.status === 'failed' && { [TABLE.failedShard]: String(shard) }),
    },
    remove: [],
  };
}

/** Only where a job ends or is taken up again do its indexes change: claims, saves and waiting cost no index write. */
export function indexesOfUpdate({ job_id, expect, set: { status } }: UpdateStep): IndexChanges {
  if (status === undefined || (!isTerminal(status) && !isTerminal(expect.status))) {
    return { set: {}, remove: [] };
  }
  const shard = String(shardOf(job_id));
  if (!isTerminal(status)) {
    return { set: { [TABLE.deadlineShard]: shard }, remove: [TABLE.failedShard] };
  }
  return status === 'failed'
    ? { set: { [TABLE.failedShard]: shard }, remove: [TABLE.deadlineShard] }
    : { set: {}, remove: [TABLE.deadlineShard, TABLE.failedShard] };
}
