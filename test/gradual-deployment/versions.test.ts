import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ofType, resourcesOf } from './support';
import { GradualDeployment } from '../../src/gradual-deployment/gradual-deployment';
import { deployedAlias } from '../../src/internal/live-alias';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';
import { changesOf } from '../templates/replaced';

const folder = mkdtempSync(join(tmpdir(), 'jobworks-layer-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Change {
  readonly code?: string;
  readonly environment?: Record<string, string>;
  readonly props?: Partial<JobProcessingPipelineProps>;
  /** Added after the pipeline. */
  readonly later?: (fn: lambda.Function) => void;
}

function stackOf({ code = 'exports.handler = async () => 1;', environment, props, later }: Change = {}): Stack {
  const stack = new Stack(new App(), 'Stack');
  const fn = new lambda.Function(stack, 'Analyse', {
    code: lambda.Code.fromInline(code), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X, environment,
  });
  new JobProcessingPipeline(stack, 'Jobs', {
    pipelineName: 'drawings', processor: JobProcessor.inFunction(fn), api: JobApi.none(), deployment: GradualDeployment.canary(), ...props,
  });
  later?.(fn);
  return stack;
}

/** Logical ids of versions: another one is another version. */
function versions(stack: Stack): Record<string, string> {
  return Object.fromEntries(Object.keys(ofType(resourcesOf(stack), 'AWS::Lambda::Version'))
    .map((id) => [/^(Analyse|JobsSubmit|JobsStatus)/.exec(id)![0], id.slice(-32)]));
}

const BEFORE = versions(stackOf());

function changed(change: Change): string[] {
  const after = versions(stackOf(change));
  return Object.keys(BEFORE).filter((name) => BEFORE[name] !== after[name]);
}

function layer(fn: lambda.Function, text: string): void {
  const path = mkdtempSync(join(folder, 'content-'));
  writeFileSync(join(path, 'file.txt'), text);
  fn.addLayers(new lambda.LayerVersion(Stack.of(fn), 'Mine', { code: lambda.Code.fromAsset(path) }));
}

test('the same app has the same versions: there is nothing to deploy', () => {
  expect(Object.keys(BEFORE)).toEqual(['Analyse', 'JobsSubmit', 'JobsStatus']);
  expect(changed({})).toEqual([]);
});

test.each<[string, Change, string[]]>([
  ['code', { code: 'exports.handler = async () => 2;' }, ['Analyse']],
  ['a variable', { environment: { MODEL: 'large' } }, ['Analyse']],
  ['what the pipeline tells the worker', { props: { retryPolicy: RetryPolicy.exponential({ maxAttempts: 3, jitter: 0 }) } }, ['Analyse']],
  ['what it tells the function that submits', { props: { retryPolicy: RetryPolicy.exponential({ maxAttempts: 4 }) } }, ['JobsSubmit']],
  ['an alarm', { props: { alarms: { failureRate: { threshold: 50 } } } }, []],
])('another version is made for another %s', (_, change, expected) => {
  expect(changed(change)).toEqual(expected);
});

test('a layer makes another version by what is in it, also one that is added after the pipeline', () => {
  const withLayer = (text: string) => versions(stackOf({ later: (fn) => layer(fn, text) })).Analyse;
  expect(withLayer('one')).toBe(withLayer('one'));
  expect(withLayer('one')).not.toBe(withLayer('two'));
  expect(withLayer('one')).not.toBe(BEFORE.Analyse);
});

test('by what is in it alone: the CDK itself would not see it', () => {
  const plain = (text: string) => {
    const stack = new Stack(new App(), 'Stack');
    const fn = new lambda.Function(stack, 'Analyse', { code: lambda.Code.fromInline('//'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X });
    layer(fn, text);
    void fn.currentVersion;
    return versions(stack).Analyse;
  };
  expect(plain('one')).toBe(plain('two'));
});

test('a layer that is imported is known by its version', () => {
  const withLayer = (version: number) => versions(stackOf({
    later: (fn) => fn.addLayers(lambda.LayerVersion.fromLayerVersionArn(fn, 'Theirs', `arn:aws:lambda:eu-west-1:123456789012:layer:theirs:${version}`)),
  })).Analyse;
  expect(withLayer(1)).not.toBe(withLayer(2));
});

test('a pipeline that is there gets aliases without anything being replaced: the queue is connected to them in place', () => {
  const template = (stack: Stack) => ({ Resources: resourcesOf(stack) });
  const changes = changesOf(template(stackOf({ props: { deployment: undefined } })), template(stackOf()));
  expect(changes.removed).toEqual([]);
  expect(changes.replaced).toEqual([]);
  expect(changes.updated).toEqual(expect.arrayContaining([expect.stringMatching(/^JobsWorkerEventSourceMapping.* \(AWS::Lambda::EventSourceMapping\)/)]));
});

test('an alias does not keep a function from having another', () => {
  const stack = new Stack(new App(), 'Stack');
  const fn = new lambda.Function(stack, 'Fn', { code: lambda.Code.fromInline('//'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X });
  deployedAlias(fn);
  fn.addAlias('mine');
  expect(Object.keys(ofType(resourcesOf(stack), 'AWS::Lambda::Alias'))).toHaveLength(2);
});
