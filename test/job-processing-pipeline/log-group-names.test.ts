import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { userFunction } from './fixture';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor } from '../../src/job-processor/job-processor';

/** What the operate function is told, with names as `Ref:{logical id without its hash}`. */
function told(stack: Stack): Record<string, string> {
  const template = Template.fromStack(stack);
  const [operate] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Handler: 'operate.handler' } }));
  const { JOBWORKS_LOG_GROUPS: text } = (operate.Properties as { Environment: { Variables: Record<string, unknown> } }).Environment.Variables;
  return JSON.parse(joined(text)) as Record<string, string>;
}

function joined(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Ref': ref, 'Fn::Join': join, 'Fn::ImportValue': imported } = value as Record<string, unknown>;
  if (join) return (join as [string, unknown[]])[1].map(joined).join((join as [string])[0]);
  return imported ? `Import:${String(imported).replace(/[0-9A-F]{8}$/, '')}` : `Ref:${String(ref).replace(/[0-9A-F]{8}$/, '')}`;
}

function pipeline(stack: Stack, fn: lambda.Function, props: object = {}): JobProcessingPipeline {
  return new JobProcessingPipeline(stack, 'Jobs', { processor: JobProcessor.inFunction(fn), ...props });
}

test('operators are told every log group, by what writes there', () => {
  const stack = new Stack(new App(), 'Stack');
  pipeline(stack, userFunction(stack, 'Analyse'), { bucket: new s3.Bucket(stack, 'Files') });
  const groups = told(stack);
  expect(Object.entries(groups).filter(([id, name]) => id !== 'Worker' && id !== 'ApiExecutionLogs' && id !== 'ApiFirewallLogs' && name !== `Ref:Jobs${id}`)).toEqual([]);
  expect(Object.keys(groups).sort()).toEqual([
    'ApiAccessLogs', 'ApiExecutionLogs', 'ApiFirewallLogs', 'ChangeLogs', 'DeadLetterLogs', 'OperateLogs', 'StatusLogs', 'SubmitLogs', 'SweeperLogs',
    'UploadsLogs', 'Worker',
  ]);
  expect(groups.Worker).toBe('Ref:AnalyseLogs');
});

test('the worker\'s is Lambda\'s own, where it was given none', () => {
  const stack = new Stack(new App(), 'Stack');
  pipeline(stack, userFunction(stack, 'Analyse', { logGroup: undefined }), { api: JobApi.none() });
  expect(told(stack)).toMatchObject({ Worker: '/aws/lambda/Ref:Analyse' });
  expect(Object.values(Template.fromStack(stack).findResources('Custom::LogRetention'))).toEqual([]);
});

test('the runner\'s stands for it, where a function is called', () => {
  const stack = new Stack(new App(), 'Stack');
  pipeline(stack, userFunction(stack, 'Analyse'), { api: JobApi.none(), processor: JobProcessor.callFunction(userFunction(stack, 'Called')) });
  const groups = told(stack);
  expect(groups).toMatchObject({ RunnerLogs: 'Ref:JobsRunnerLogs' });
  expect(groups).not.toHaveProperty('Worker');
});

test('a worker\'s in another stack is named, too', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const logGroup = new logs.LogGroup(new Stack(app, 'Logs'), 'AnalyseLogs');
  pipeline(stack, userFunction(stack, 'Analyse', { logGroup }), { api: JobApi.none() });
  expect(told(stack).Worker).toMatch(/^Import:Logs:ExportsOutputRefAnalyseLogs/);
});

test('names that are very long leave room for the rest of the environment', () => {
  const stack = new Stack(new App(), `S${'s'.repeat(127)}`);
  new JobProcessingPipeline(stack, `J${'j'.repeat(99)}`, { processor: JobProcessor.inFunction(userFunction(stack, `A${'a'.repeat(99)}`)) });
  const groups = told(stack);
  expect(Object.keys(groups)).toEqual(expect.arrayContaining(['Worker', 'SubmitLogs', 'StatusLogs']));
  // a name is its stack's, its logical id and a suffix of 13
  const bytes = Object.entries(groups).reduce((sum, [id, name]) => sum + id.length + name.length + 128 + 8 + 13 + 6, 0);
  expect(bytes).toBeLessThan(2_200);
  expect(Object.keys(groups).length).toBeLessThan(9);
});
