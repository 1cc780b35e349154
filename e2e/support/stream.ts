import { awsJson } from './aws-json';
import type { LocalCloud } from '../local-cloud/local-cloud';

/** One change of one record, as the table's stream tells it: not what the pipeline says, but what happened. */
export interface Change {
  readonly job_id: string;
  /** Nothing at the birth of a record. */
  readonly from?: string;
  readonly to?: string;
  readonly run: number;
  readonly generation: number;
  /** That of the record before. */
  readonly fromGeneration?: number;
}

interface Image {
  readonly status?: { readonly S: string };
  readonly run?: { readonly N: string };
  readonly generation?: { readonly N: string };
}

interface StreamRecord {
  readonly dynamodb: {
    readonly Keys: { readonly job_id: { readonly S: string } };
    readonly OldImage?: Image;
    readonly NewImage?: Image;
  };
}

/** Every change of the jobs in a table with a stream, in order. */
export async function changesOf(cloud: LocalCloud, table: string): Promise<Change[]> {
  const call = awsJson(cloud, 'dynamodb', 'DynamoDBStreams_20120810');
  const { Streams } = await call<{ Streams: { StreamArn: string }[] }>('ListStreams', { TableName: table });
  if (Streams.length !== 1) throw new Error(`${table} has ${Streams.length} streams`);
  const { StreamArn } = Streams[0];
  const { StreamDescription } = await call<{ StreamDescription: { Shards: { ShardId: string }[] } }>('DescribeStream', { StreamArn });

  const changes: Change[] = [];
  for (const { ShardId } of StreamDescription.Shards) {
    const first = await call<{ ShardIterator: string }>('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    for (let iterator: string | undefined = first.ShardIterator; iterator;) {
      const page: { Records: StreamRecord[]; NextShardIterator?: string } = await call('GetRecords', { ShardIterator: iterator, Limit: 1000 });
      changes.push(...page.Records.filter(({ dynamodb: { NewImage, OldImage } }) => (NewImage ?? OldImage)?.status).map(changeOf));
      iterator = page.Records.length > 0 ? page.NextShardIterator : undefined;
    }
  }
  return changes;
}

function changeOf({ dynamodb: { Keys, OldImage, NewImage } }: StreamRecord): Change {
  const latest = NewImage ?? OldImage;
  return {
    job_id: Keys.job_id.S,
    from: OldImage?.status?.S,
    to: NewImage?.status?.S,
    run: Number(latest?.run?.N ?? 0),
    generation: Number(latest?.generation?.N ?? 0),
    ...(OldImage && { fromGeneration: Number(OldImage.generation?.N ?? 0) }),
  };
}
