import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LocalCloud } from './local-cloud/local-cloud';
import { DynamoDbJobIndex } from '../src/runtime/store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../src/runtime/store/dynamodb/dynamodb-job-store';
import { TABLE } from '../src/runtime/wire/table';
import { itKeepsTheIndexContract } from '../test/support/index-contract';
import { itKeepsTheContract } from '../test/support/store-contract';

let cloud: LocalCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await LocalCloud.start();
  client = new DynamoDBClient(cloud.clientConfig);
});

afterAll(async () => {
  client?.destroy();
  await cloud?.stop();
});

const INDEXES = [
  [TABLE.ownerIndex, TABLE.ownerShard, TABLE.ownerSort],
  [TABLE.failedIndex, TABLE.failedShard, TABLE.failedSort],
  [TABLE.deadlineIndex, TABLE.deadlineShard, TABLE.deadlineSort],
] as const;

async function table(name: string): Promise<string> {
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

describe('the DynamoDB store on a server', () => itKeepsTheContract(async () => new DynamoDbJobStore(client, await table('jobs'))));

describe('the DynamoDB index on a server', () => itKeepsTheIndexContract(async () => {
  const name = await table('indexed-jobs');
  return { store: new DynamoDbJobStore(client, name), index: new DynamoDbJobIndex(client, name) };
}, [7, 100]));
