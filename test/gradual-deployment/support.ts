import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { GradualDeployment } from '../../src/gradual-deployment/gradual-deployment';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { QueuedLambdaWorker } from '../../src/queued-lambda-worker/queued-lambda-worker';
import type { QueuedLambdaWorkerProps } from '../../src/queued-lambda-worker/queued-lambda-worker-props';
import { userFunction } from '../job-processing-pipeline/fixture';

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly UpdatePolicy?: Record<string, Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

export type Resources = Record<string, Resource>;

export function resourcesOf(stack: Stack): Resources {
  return Template.fromStack(stack).toJSON().Resources as Resources;
}

/** Those of a type, by their logical ids. */
export function ofType(resources: Resources, type: string): Resources {
  return Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => Type === type));
}

/** The one whose logical id matches. */
export function the(resources: Resources, id: RegExp): Resource {
  const found = Object.entries(resources).filter(([name]) => id.test(name));
  expect(found.map(([name]) => name)).toHaveLength(1);
  return found[0][1];
}

export interface PipelineFixture {
  readonly app: App;
  readonly stack: Stack;
  readonly fn: lambda.Function;
  readonly pipeline: JobProcessingPipeline;
}

/** A pipeline that is deployed gradually, with a function of the user's. */
export function deployedPipeline(props: Partial<JobProcessingPipelineProps> = {}, fnProps: Partial<lambda.FunctionProps> = {}): PipelineFixture {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const fn = userFunction(stack, 'Analyse', fnProps);
  const pipeline = new JobProcessingPipeline(stack, 'Jobs', {
    pipelineName: 'drawings', processor: JobProcessor.inFunction(fn), deployment: GradualDeployment.canary(), ...props,
  });
  return { app, stack, fn, pipeline };
}

export function deployedWorker(props: Partial<QueuedLambdaWorkerProps> = {}) {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const own = props.function ? {} : { code: lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'), handler: 'index.handler' };
  const worker = new QueuedLambdaWorker(stack, 'Worker', { ...own, deployment: GradualDeployment.canary(), ...props });
  return { app, stack, worker };
}
