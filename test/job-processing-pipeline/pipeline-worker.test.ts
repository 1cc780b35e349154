import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { fixture, type Fixture } from './fixture';
import { permissionsOf } from './permissions';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { GivenUpCause } from '../../src/job-processing-pipeline/pipeline-metrics';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const template = () => Template.fromStack(given.stack);
const create = (retryPolicy?: RetryPolicy) => new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.inFunction(given.handler), retryPolicy });

test('a job starts at once: nothing gathers messages, none is delayed, and whoever waits for them hears of them', () => {
  create();
  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1, MaximumBatchingWindowInSeconds: Match.absent(), EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('WorkerQueue'), 'Arn'] },
  });
  template().allResourcesProperties('AWS::SQS::Queue', { DelaySeconds: Match.absent(), ReceiveMessageWaitTimeSeconds: 20 });
});

test('a message is kept for 4 days, and its dead letter for 14', () => {
  create();
  template().hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 4 * 86_400, RedrivePolicy: Match.anyValue() });
  template().hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 86_400, RedriveAllowPolicy: Match.anyValue() });
});

test.each([[1, 7], [3, 11], [10, 25]])('with %s attempts the fuse is %s receives', (attempts, receives) => {
  create(RetryPolicy.attempts(attempts));
  template().hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: Match.objectLike({ maxReceiveCount: receives }) });
});

test('every cause of a job that was given up is told to operators', () => {
  const doc = readFileSync(join(__dirname, '../../docs/operating.md'), 'utf8');
  expect(Object.values(GivenUpCause).filter((cause) => !doc.includes(`| \`${cause}\` |`))).toEqual([]);
});

test('an imported key encrypts all that a key of its own would, and each function may use it as it has to', () => {
  const arn = 'arn:aws:kms:eu-west-1:123456789012:key/theirs';
  new JobProcessingPipeline(given.stack, 'Jobs', {
    processor: JobProcessor.inFunction(given.handler), encryptionKey: kms.Key.fromKeyArn(given.stack, 'Theirs', arn),
  });
  template().resourceCountIs('AWS::KMS::Key', 0);
  template().allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
  template().hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: arn, SSEEnabled: true, SSEType: 'KMS' } });
  const uses = (role: string) => permissionsOf(given.stack, role).filter((line) => /^kms:(Decrypt|GenerateDataKey) /.test(line));
  const [reads, writes] = [[`kms:Decrypt ${arn}`], [`kms:Decrypt ${arn}`, `kms:GenerateDataKey ${arn}`]];
  const used = ['AnalyseRole', 'JobsSubmitRole', 'JobsChangeRole', 'JobsDeadLetterRole', 'JobsSweeperRole', 'JobsOperateRole', 'JobsStatusRole'].map(uses);
  expect(used).toEqual([writes, writes, writes, writes, writes, writes, reads]);
});

test('the functions of a pipeline run on arm64, with 512 MB, on the newest Node.js', () => {
  create();
  const own = Object.values(template().findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties)
    .filter(({ Handler }) => /^(submit|status|change|dead-letter|sweeper|operate)\.handler$/.test(Handler));
  expect(own).toHaveLength(6);
  own.forEach((fn) => expect(fn).toMatchObject({ Architectures: ['arm64'], MemorySize: 512, Runtime: 'nodejs24.x' }));
});
