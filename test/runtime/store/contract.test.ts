import { DynamoDbJobStore } from '../../../src/runtime/store/dynamodb/dynamodb-job-store';
import { FakeDynamoDb } from '../../support/fake-dynamodb';
import { MemoryStore } from '../../support/memory-store';
import { itKeepsTheContract } from '../../support/store-contract';

describe('the store of the tests', () => itKeepsTheContract(async () => new MemoryStore()));
describe('the DynamoDB store', () => itKeepsTheContract(async () => new DynamoDbJobStore(new FakeDynamoDb().client, 'jobs')));
