import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LocalCloud } from './local-cloud/local-cloud';
import { makeJobsTable } from './support/jobs-table';
import { DynamoDbJobStore } from '../src/runtime/store/dynamodb/dynamodb-job-store';
import { everyQuestion, expectEveryAnswer, type Question } from '../test/support/every-question';
import { JobsDatabase } from '../test/support/postgres/jobs-database';
import { PostgresServer } from '../test/support/postgres/server';

/**
 * What the search of the protocol, with a crash before and after every call and a message that comes twice, asks a store: both adapters, on
 * servers.
 */

let questions: Question[];
beforeAll(() => { questions = everyQuestion(1, 1, 1); }, 180_000);

test('there is much to ask', () => {
  expect(questions.length).toBeGreaterThan(900);
});

test('PostgreSQL answers as the protocol says', async () => {
  const server = await PostgresServer.start();
  try {
    const database = await JobsDatabase.on(server);
    await expectEveryAnswer(database.store('scheduler', database.pool({ maxConnections: 8 })).store, questions);
    database.close();
  } finally {
    await server.stop();
  }
}, 300_000);

test('DynamoDB answers as the protocol says', async () => {
  const cloud = await LocalCloud.start();
  const client = new DynamoDBClient(cloud.clientConfig);
  try {
    await expectEveryAnswer(new DynamoDbJobStore(client, await makeJobsTable(client, 'jobs')), questions);
  } finally {
    client.destroy();
    await cloud.stop();
  }
}, 300_000);
