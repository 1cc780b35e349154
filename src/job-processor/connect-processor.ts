import { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { installLayer, traceUnlessSaid } from './node-layer';
import { grantKeyUse } from '../internal/key-grants';
import type { RetryPolicy } from '../queued-lambda-worker/retry-policy';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** What a function is connected to. */
export interface ProcessorConnection {
  readonly pipelineName: string;
  readonly table: dynamodb.ITable;
  readonly queue: sqs.IQueue;
  readonly encryptionKey?: kms.IKey;
  readonly retryPolicy: RetryPolicy;
  readonly tracing: boolean;
}

/** Makes the user's function run the jobs of a pipeline: layer, environment, and the permissions of an attempt. */
export function connectProcessor(fn: lambda.Function, connection: ProcessorConnection): void {
  const { pipelineName, table, queue, encryptionKey, retryPolicy } = connection;
  installLayer(fn);
  if (connection.tracing) {
    traceUnlessSaid(fn);
  }
  const environment = {
    [ENVIRONMENT.pipeline]: pipelineName,
    [ENVIRONMENT.table]: table.tableName,
    [ENVIRONMENT.queueUrl]: queue.queueUrl,
    [ENVIRONMENT.queueArn]: queue.queueArn,
    [ENVIRONMENT.backoffFirstMs]: milliseconds(retryPolicy.firstDelay),
    [ENVIRONMENT.backoffMaxMs]: milliseconds(retryPolicy.maxDelay),
    [ENVIRONMENT.backoffJitter]: String(retryPolicy.jitter),
    [ENVIRONMENT.shutdownMs]: milliseconds(shutdownTime(attemptTimeout(fn))),
  };
  for (const [name, value] of Object.entries(environment)) {
    fn.addEnvironment(name, value);
  }
  fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], resources: [table.tableArn] }));
  fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage', 'sqs:ChangeMessageVisibility'], resources: [queue.queueArn] }));
  grantKeyUse(encryptionKey, fn);
}

/** How long an attempt may take: the timeout of the function, which is 3 seconds where nothing is said. */
export function attemptTimeout(fn: lambda.Function): Duration {
  return fn.timeout ?? Duration.seconds(3);
}

/** How long before its timeout an attempt is asked to stop: a fifth of its time, and 10 seconds at most. */
export function shutdownTime(timeout: Duration): Duration {
  return Duration.millis(Math.min(10_000, Math.floor(timeout.toMilliseconds() / 5)));
}

function milliseconds(duration: Duration | undefined): string {
  return String(duration?.toMilliseconds() ?? 0);
}
