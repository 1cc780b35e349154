import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LocalCloud } from './local-cloud/local-cloud';
import { makeJobsTable } from './support/jobs-table';
import { DynamoDbJobIndex } from '../src/runtime/store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../src/runtime/store/dynamodb/dynamodb-job-store';
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

describe('the DynamoDB store on a server', () => itKeepsTheContract(async () => new DynamoDbJobStore(client, await makeJobsTable(client, 'jobs'))));

describe('the DynamoDB index on a server', () => itKeepsTheIndexContract(async () => {
  const name = await makeJobsTable(client, 'indexed-jobs');
  return { store: new DynamoDbJobStore(client, name), index: new DynamoDbJobIndex(client, name) };
}, [7, 100]));
