import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../src/runtime/wire/table';

const INDEXES = [
  [TABLE.ownerIndex, TABLE.ownerShard, TABLE.ownerSort],
  [TABLE.failedIndex, TABLE.failedShard, TABLE.failedSort],
  [TABLE.deadlineIndex, TABLE.deadlineShard, TABLE.deadlineSort],
] as const;

/** Makes a table as the construct does. */
export async function makeJobsTable(client: DynamoDBClient, name: string): Promise<string> {
  await client.send(new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: TABLE.key, AttributeType: 'S' },
      ...INDEXES.flatMap(([, shard, sort]) => [
        { AttributeName: shard, AttributeType: 'S' as const },
        { AttributeName: sort, AttributeType: 'N' as const },
      ]),
    ],
    KeySchema: [{ AttributeName: TABLE.key, KeyType: 'HASH' }],
    GlobalSecondaryIndexes: INDEXES.map(([IndexName, shard, sort]) => ({
      IndexName,
      KeySchema: [{ AttributeName: shard, KeyType: 'HASH' }, { AttributeName: sort, KeyType: 'RANGE' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  }));
  return name;
}
