import { Size, type RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, type Code } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { QueuedLambdaWorkerProps } from './queued-lambda-worker-props';
import type { WorkerSettings } from './worker-settings';
import { acknowledge } from '../internal/acknowledge';
import { createFunctionRole, traceActively } from '../internal/function-role';
import { createLogGroup } from '../internal/log-group';
import { mebibytes } from '../internal/prop-rules';

/** What a new function needs beside the props of its worker. */
export interface WorkerFunctionOptions {
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/** A new function of a worker, with a log group that ends and a role that may nothing but log, trace and (in a VPC) connect. */
export function createWorkerFunction(
  scope: Construct, props: QueuedLambdaWorkerProps, settings: WorkerSettings, options: WorkerFunctionOptions,
): { readonly fn: LambdaFunction; readonly logGroup: LogGroup } {
  const logGroup = createLogGroup(scope, 'LogGroup', {
    retention: options.logRetention,
    removalPolicy: options.removalPolicy,
    encryptionKey: options.encryptionKey,
  });
  const role = createFunctionRole(scope, 'FunctionRole', props.vpc !== undefined);
  logGroup.grantWrite(role);
  options.encryptionKey?.grantDecrypt(role); // the environment variables

  const fn = new LambdaFunction(scope, 'Function', {
    code: props.code as Code, // both were checked
    handler: props.handler as string,
    runtime: props.runtime ?? Runtime.NODEJS_24_X,
    architecture: props.architecture ?? Architecture.ARM_64,
    memorySize: mebibytes(props.memorySize ?? Size.mebibytes(512)),
    ephemeralStorageSize: props.ephemeralStorageSize,
    timeout: settings.timeout,
    environment: props.environment,
    environmentEncryption: options.encryptionKey,
    layers: props.layers,
    description: props.description,
    vpc: props.vpc,
    vpcSubnets: props.vpcSubnets,
    securityGroups: props.securityGroups,
    reservedConcurrentExecutions: props.reservedConcurrency,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role,
  });
  traceActively(fn);

  acknowledge(
    fn,
    { id: 'Serverless-LambdaDLQ', reason: 'The function is called by its queue, which has a dead-letter queue of its own.' },
    { id: 'Serverless-LambdaAsyncFailureDestination', reason: 'The function is called by its queue, never asynchronously.' },
  );
  return { fn, logGroup };
}
