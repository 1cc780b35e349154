import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LocalCloud } from './local-cloud/local-cloud';
import { DynamoDbJobStore } from '../src/runtime/store/dynamodb/dynamodb-job-store';
import { TABLE } from '../src/runtime/wire/table';
import { itKeepsTheContract } from '../test/support/store-contract';

let cloud: LocalCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await LocalCloud.start();
});

afterAll(async () => {
  client?.destroy();
  await cloud?.stop();
});

describe('the DynamoDB store on a server', () => itKeepsTheContract(async () => {
  client = new DynamoDBClient(cloud.clientConfig);
  await client.send(new CreateTableCommand({
    TableName: 'jobs',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: TABLE.key, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: TABLE.key, KeyType: 'HASH' }],
  }));
  return new DynamoDbJobStore(client, 'jobs');
}));
