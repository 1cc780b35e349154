import type { Duration, Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import type { BrokenRule } from '../internal/prop-rules';
import type { PipelineResources } from '../job-functions/pipeline-resources';
import type { StoreKind } from '../job-store/store-kind';
import type { QueuedLambdaWorkerProps } from '../queued-lambda-worker/queued-lambda-worker-props';
import type { RetryPolicy } from '../queued-lambda-worker/retry-policy';

/** Who is told how attempts end that live on outside of the function which takes the messages. */
export interface EndsOfAttempts {
  readonly rule: events.IRule;
  readonly function: lambda.IFunction;
}

/** What a processor may create its function with. */
export interface ProcessorScope {
  readonly pipelineName: string;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
}

/** What the function of a processor is connected to when all of it is there. */
export interface ProcessorConnection extends PipelineResources {
  readonly retryPolicy: RetryPolicy;
  readonly tracing: boolean;
  /** How many messages are worked on at once at most. */
  readonly atOnce: number;
}

/** The pipeline's own functions, as far as a processor may have to do with them. */
export interface ConnectedFunctions {
  readonly sweeper: lambda.Function;
  readonly deadLetter: lambda.Function;
  readonly operate: lambda.Function;
  /** Only with an API. */
  readonly change?: lambda.Function;
}

/** What does the work of a job, as a plan of capacity sees it. */
export interface PlannedRun {
  /** The function that does; none where executions do. */
  readonly function?: lambda.IFunction;
  /** Whether another function waits for it. */
  readonly called?: boolean;
  /** How many executions there are at once at most. */
  readonly executions?: number;
  /** How long an attempt may take, if that is known. */
  readonly longest?: Duration;
}

/** A way to run jobs, as the pipeline sees it: first judged, then asked for its function, then connected. */
export interface ProcessorKind {
  /** How long the function that takes the messages may take for one attempt. */
  readonly attemptTimeout: Duration;

  /** How long an attempt may take in all, where it lives on outside of that function. */
  readonly longestAttempt?: Duration;

  /** What works on a job besides the function that takes the messages. */
  readonly besides?: { readonly function?: lambda.IFunction; readonly stateMachine?: sfn.IStateMachine };

  /** What that time consists of, for whoever is told of it. */
  readonly attemptNote: string;

  /** From when on an attempt took too long, though its function was not stopped; none where its timeout is known at deployment alone. */
  readonly slowAfter?: Duration;

  /** The timeout that ends an attempt, where it is that of another function than the one that takes the messages. */
  readonly calledTimeout?: Duration;

  /** The function, for the rules of the worker that will take its messages; nothing is created by it. */
  readonly workerProps: Pick<QueuedLambdaWorkerProps, 'function' | 'code' | 'handler' | 'timeout' | 'reservedConcurrency'>;

  /**
   * How many messages are worked on at once where each holds something that there is little of, and nobody has said how many.
   *
   * @default 20
   */
  readonly scarceConcurrency?: number;

  /** What a plan of capacity reckons with. */
  readonly planned: PlannedRun;

  /** What was given is not what it should be, so that nothing else can be judged. */
  misuse(): BrokenRule[];

  /** Why it cannot run the jobs of a pipeline in this stack, with records in this store; empty when it can. */
  problems(stack: Stack, store: Pick<StoreKind, 'layersFor'>): BrokenRule[];

  /** The function that takes the messages, created where there is none yet. */
  function(scope: Construct, given: ProcessorScope): lambda.Function;

  /** Tells that function of the pipeline and lets it do what an attempt does. */
  connect(fn: lambda.Function, connection: ProcessorConnection): void;

  /**
   * Tells the other functions of the pipeline, where attempts live on outside of that function.
   *
   * @returns what is told how those attempts end
   */
  connectOthers?(scope: Construct, connection: Omit<ProcessorConnection, 'atOnce'>, functions: ConnectedFunctions): EndsOfAttempts;
}
