import { deflateRawSync } from 'node:zlib';
import type { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { jobFunction } from './job-function';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { grantKeyUse } from '../internal/key-grants';
import type { PayloadSchema } from '../job-api/payload-schema';
import type { RetryPolicy } from '../queued-lambda-worker/retry-policy';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** What the functions behind an API need to know of their pipeline. */
export interface ApiFunctionProps {
  readonly pipelineName: string;
  readonly table: dynamodb.ITable;
  readonly queue: sqs.IQueue;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
  readonly retryPolicy: RetryPolicy;
  readonly deadline: Duration;
  readonly retention: Duration;
  readonly payloadSchema?: PayloadSchema;
  /** How callers are known: `iam` or `api-key`. */
  readonly authentication: string;
  /** JSON of the customers' API keys; produced when all are known. */
  readonly customers: string;
  readonly statusPath: string;
}

/** The function that accepts jobs: it may send to the queue, and read and put records. */
export function submitFunction(scope: Construct, id: string, props: ApiFunctionProps): lambda.Function {
  const fn = jobFunction(scope, id, {
    entry: 'submit',
    description: `Accepts jobs of ${props.pipelineName}`,
    profile: props.profile,
    encryptionKey: props.encryptionKey,
    environment: {
      ...common(props),
      [ENVIRONMENT.queueUrl]: props.queue.queueUrl,
      [ENVIRONMENT.maxAttempts]: String(props.retryPolicy.maxAttempts),
      [ENVIRONMENT.deadlineSeconds]: String(props.deadline.toSeconds()),
      [ENVIRONMENT.retentionSeconds]: String(props.retention.toSeconds()),
      [ENVIRONMENT.statusPath]: props.statusPath,
      ...(props.payloadSchema && { [ENVIRONMENT.payloadSchema]: packed(props.payloadSchema) }),
    },
  });
  fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.queue.queueArn] }));
  fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [props.table.tableArn] }));
  grantKeyUse(props.encryptionKey, fn);
  return fn;
}

/** The function that tells how a job is getting on: it may read records, one at a time. */
export function statusFunction(scope: Construct, id: string, props: ApiFunctionProps): lambda.Function {
  const fn = jobFunction(scope, id, {
    entry: 'status',
    description: `Tells the status of jobs of ${props.pipelineName}`,
    profile: props.profile,
    encryptionKey: props.encryptionKey,
    environment: common(props),
  });
  fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [props.table.tableArn] }));
  props.encryptionKey?.grantDecrypt(fn);
  return fn;
}

function common(props: ApiFunctionProps): Record<string, string> {
  return {
    [ENVIRONMENT.pipeline]: props.pipelineName,
    [ENVIRONMENT.table]: props.table.tableName,
    [ENVIRONMENT.authentication]: props.authentication,
    [ENVIRONMENT.customers]: props.customers,
  };
}

/** A schema as it travels in the environment, of which a function has 4 KB. */
export function packed(schema: PayloadSchema): string {
  return deflateRawSync(schema.toJson(), { level: 9 }).toString('base64');
}
