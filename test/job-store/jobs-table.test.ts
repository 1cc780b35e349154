import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { JobStore } from '../../src/job-store/job-store';
import { JobsTable } from '../../src/job-store/jobs-table';
import { fixture, userFunction, type Fixture } from '../job-processing-pipeline/fixture';
import { permissionsOf } from '../job-processing-pipeline/permissions';
import { expectNoFindings } from '../support/findings';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const on = (table: dynamodb.ITable, id = 'Jobs', fn = given.handler) => new JobProcessingPipeline(given.stack, id, {
  processor: JobProcessor.inFunction(fn), store: JobStore.dynamoDb({ table }), api: JobApi.none(),
});
const { STRING, NUMBER } = dynamodb.AttributeType;
const key = { name: 'job_id', type: STRING };
const index = (indexName: string, shard: string, sort: string) => ({
  indexName, partitionKey: { name: shard, type: STRING }, sortKey: { name: sort, type: NUMBER },
});
const indexes = () => [index('deadline', 'deadline_shard', 'deadline_at'), index('owner', 'owner_shard', 'created_at'), index('failed', 'failed_shard', 'finished_at')];

describe('a jobs table', () => {
  test('is protected, backed up and encrypted with a key of its own', () => {
    const { table, encryptionKey } = new JobsTable(given.stack, 'Records');
    expect(table.encryptionKey).toBe(encryptionKey);
    const template = Template.fromStack(given.stack);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', Properties: { DeletionProtectionEnabled: true } });
  });

  test('takes the key that is given, and needs none in dev', () => {
    const shared = new kms.Key(given.stack, 'Key');
    expect(new JobsTable(given.stack, 'One', { encryptionKey: shared }).encryptionKey).toBe(shared);
    expect(new JobsTable(given.stack, 'Two', { profile: EnvironmentProfile.dev() }).encryptionKey).toBeUndefined();
    Template.fromStack(given.stack).resourceCountIs('AWS::KMS::Key', 1);
  });

  test('has no finding', () => {
    const app = new App();
    new JobsTable(new Stack(app, 'Data'), 'Records');
    expectNoFindings(app);
  });

  test('is called in a pipeline what the table was called before there were others', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.inFunction(given.handler), api: JobApi.none() });
    expect(Object.keys(Template.fromStack(given.stack).findResources('AWS::DynamoDB::Table'))).toEqual(['JobsTable10C8EDF6']);
  });
});

describe('a given table', () => {
  test('is used, with its own key', () => {
    const { table } = new JobsTable(given.stack, 'Records');
    expect(on(table).table).toBe(table);
    Template.fromStack(given.stack).resourceCountIs('AWS::DynamoDB::Table', 1);
    expect(permissionsOf(given.stack, 'JobsSweeperRole')).toEqual(expect.arrayContaining([
      'dynamodb:Query Records/index/deadline', 'kms:Decrypt RecordsKey', 'kms:Decrypt JobsKey',
    ]));
  });

  test('may be any table that has what jobs need, of either kind', () => {
    const plain = new dynamodb.Table(given.stack, 'Plain', { partitionKey: key, timeToLiveAttribute: 'expires_at' });
    indexes().forEach((one) => plain.addGlobalSecondaryIndex(one));
    expect(() => on(plain, 'One')).not.toThrow();
    const second = new dynamodb.TableV2(given.stack, 'Second', { partitionKey: key, timeToLiveAttribute: 'expires_at', globalSecondaryIndexes: indexes() });
    expect(() => on(second, 'Two', userFunction(given.stack, 'Other'))).not.toThrow();
  });

  test('may be imported, with its key', () => {
    const table = dynamodb.Table.fromTableAttributes(given.stack, 'Imported', {
      tableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/theirs',
      encryptionKey: kms.Key.fromKeyArn(given.stack, 'Theirs', 'arn:aws:kms:eu-west-1:123456789012:key/theirs'),
    });
    on(table);
    expect(permissionsOf(given.stack, 'JobsSweeperRole')).toEqual(expect.arrayContaining([
      'dynamodb:Query arn:aws:dynamodb:eu-west-1:123456789012:table/theirs/index/deadline',
      'kms:Decrypt arn:aws:kms:eu-west-1:123456789012:key/theirs',
    ]));
  });

  const refusal = (table: dynamodb.ITable): string => {
    try {
      on(table);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('The table was accepted.');
  };

  test('fails with all that it lacks at once', () => {
    const wrong = new dynamodb.Table(given.stack, 'Wrong', { partitionKey: { name: 'id', type: NUMBER }, sortKey: { name: 'at', type: STRING } });
    expect(refusal(wrong).split('\n')).toEqual([
      'Stack/Jobs: 5 rules are broken.',
      expect.stringMatching(/the key of the table must be job_id \(S\) alone\. Given: id \(N\), at \(S\)\. Fix: use the table of a JobsTable/),
      expect.stringMatching(/time-to-live attribute of the table must be expires_at/),
      expect.stringMatching(/an index named deadline with the keys deadline_shard \(S\), deadline_at \(N\)\. Fix/),
      expect.stringMatching(/an index named owner with the keys owner_shard \(S\), created_at \(N\)/),
      expect.stringMatching(/an index named failed with the keys failed_shard \(S\), finished_at \(N\)/),
    ]);
  });

  test('fails on an index with another key, and on another time to live', () => {
    const wrong = new dynamodb.TableV2(given.stack, 'Wrong', {
      partitionKey: key, timeToLiveAttribute: 'ttl', globalSecondaryIndexes: [...indexes().slice(0, 2), index('failed', 'failed_shard', 'at')],
    });
    expect(refusal(wrong)).toMatch(/2 rules are broken.*must be expires_at.*Given: ttl.*Given: failed_shard \(S\), at \(N\)/s);
  });

  test('fails if another pipeline has it, imported or not', () => {
    const { table } = new JobsTable(given.stack, 'Records');
    on(table, 'One');
    const other = userFunction(given.stack, 'Other');
    expect(() => on(table, 'Two', other)).toThrow(/must be one that no other pipeline of this app has\. Given: Stack\/One/);
    const imported = (id: string) => dynamodb.Table.fromTableName(given.stack, id, 'theirs');
    on(imported('First'), 'Three', other);
    expect(() => on(imported('Again'), 'Four', userFunction(given.stack, 'Third'))).toThrow(/Given: Stack\/Three/);
  });

  test('may be another app\'s', () => {
    const stacks = [new Stack(new App(), 'Stack'), new Stack(new App(), 'Stack')];
    expect(() => stacks.map((stack) => new JobProcessingPipeline(stack, 'Jobs', {
      processor: JobProcessor.inFunction(userFunction(stack, 'Own')),
      store: JobStore.dynamoDb({ table: dynamodb.Table.fromTableName(stack, 'Table', 'theirs') }),
    }))).not.toThrow();
  });
});
