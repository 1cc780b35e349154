import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnParameter as CfnSsmParameter } from 'aws-cdk-lib/aws-ssm';
import { expectNoFindings, findingsOf } from './findings';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack');
});

test('findings of both packs are found, warnings too', () => {
  new Queue(stack, 'Queue');
  new CfnFunction(stack, 'Function', { code: { zipFile: 'x' }, role: 'arn:aws:iam::123456789012:role/x', runtime: 'nodejs24.x', handler: 'x.y' });

  const rules = findingsOf(app).map(finding => finding.rule);

  expect(rules).toEqual(expect.arrayContaining(['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy', 'Serverless-LambdaTracing']));
});

test('the CDK\'s own rules about templates count', () => {
  new CfnQueue(stack, 'Queue').addPropertyOverride('VisibilityTimeout', 999_999);

  expect(findingsOf(app)).toContainEqual(expect.objectContaining({ rule: 'F3034', construct: 'Stack/Queue' }));
});

test('an acknowledged rule is no finding', () => {
  const queue = new Queue(stack, 'Queue', { enforceSSL: true });
  const acknowledge = () => Validations.of(queue).acknowledge(
    { id: 'AwsSolutions-SQS3', reason: 'a dead-letter queue itself' },
    { id: 'Serverless-SQSRedrivePolicy', reason: 'a dead-letter queue itself' },
  );
  acknowledge();

  expectNoFindings(app);
});

test('an app without findings passes, and the environment is as before', () => {
  new CfnSsmParameter(stack, 'Parameter', { type: 'String', value: 'x' });

  expectNoFindings(app);

  expect(process.env.CDK_VALIDATION).toBe('false');
});
