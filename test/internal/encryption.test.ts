import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { allowAlarmTopics, allowLogs, createEncryptionKey } from '../../src/internal/encryption';
import { createLogGroup } from '../../src/internal/log-group';

const newStack = () => new Stack(new App(), 'Stack');
const newKey = (stack: Stack) => createEncryptionKey(stack, 'Key', { description: 'Secrets', removalPolicy: RemovalPolicy.RETAIN });

/** The statements of the key beside the account's own. */
function statements(stack: Stack): Array<{ Sid: string; Action: string[]; Condition: object; Principal: object }> {
  const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
  return key.Properties.KeyPolicy.Statement.slice(1);
}

test('a key rotates, and is kept as long as it is said', () => {
  const stack = newStack();
  newKey(stack);

  Template.fromStack(stack).hasResource('AWS::KMS::Key', {
    Properties: { EnableKeyRotation: true, Description: 'Secrets' },
    DeletionPolicy: 'Retain',
  });
});

test('by itself, a key lets no service in', () => {
  const stack = newStack();
  newKey(stack);

  expect(statements(stack)).toEqual([]);
});

test('CloudWatch Logs may use the key for log groups of this account and region only', () => {
  const stack = newStack();
  allowLogs(stack, newKey(stack));
  const [statement] = statements(stack);

  expect(statement.Principal).toEqual({ Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } });
  expect(statement.Condition).toEqual({
    ArnLike: {
      'kms:EncryptionContext:aws:logs:arn': {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':log-group:*']],
      },
    },
  });
  expect(statement.Action.filter((action) => action.includes('*'))).toEqual([]);
});

test('said twice, it stands once', () => {
  const stack = newStack();
  const key = newKey(stack);
  const made = jest.spyOn(key, 'addToResourcePolicy');
  allowLogs(stack, key);
  allowLogs(stack, key);
  expect(made).toHaveBeenCalledTimes(1);

  expect(statements(stack)).toHaveLength(1);
});

test('a key in use by another stack knows of the logs of both', () => {
  const app = new App();
  const [here, there] = ['eu-west-1', 'us-east-1'].map((region) => new Stack(app, region, { env: { account: '111111111111', region } }));
  const key = newKey(here);
  allowLogs(here, key);
  allowLogs(there, key);

  expect(statements(here).map(({ Principal }) => Principal)).toEqual([{ Service: 'logs.eu-west-1.amazonaws.com' }, { Service: 'logs.us-east-1.amazonaws.com' }]);
});

test('what tells of alarms and costs may publish with the key, that of this account only', () => {
  const stack = newStack();
  expect(allowAlarmTopics(stack, newKey(stack))).toBe(true);

  expect(statements(stack)).toEqual([expect.objectContaining({
    Principal: { Service: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com', 'costalerts.amazonaws.com'] },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  })]);
});

test('whether an imported key lets alarms publish is not known', () => {
  const stack = newStack();
  expect(allowAlarmTopics(stack, kms.Key.fromKeyArn(stack, 'Theirs', 'arn:aws:kms:us-east-1:123456789012:key/1'))).toBe(false);
});

test('a log group lets itself into its key', () => {
  const stack = newStack();
  createLogGroup(stack, 'Logs', { retention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY, encryptionKey: newKey(stack) });

  expect(statements(stack).map(({ Sid }) => Sid)).toEqual(['CloudWatchLogs']);
  Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', {
    Properties: { RetentionInDays: 7, KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Key'), 'Arn'] } },
    DeletionPolicy: 'Delete',
  });
});

test('a log group without a key, or with an imported one', () => {
  const stack = newStack();
  const options = { retention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY };
  createLogGroup(stack, 'Plain', options);
  createLogGroup(stack, 'Theirs', {
    ...options,
    encryptionKey: kms.Key.fromKeyArn(stack, 'TheirKey', 'arn:aws:kms:us-east-1:123456789012:key/1'),
  });
  const template = Template.fromStack(stack);

  template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.absent() });
  template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/1' });
});
