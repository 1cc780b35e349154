import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { jobFunction } from './job-function';
import type { PipelineResources } from './pipeline-resources';
import { grantKeyUse } from '../internal/key-grants';
import { ENVIRONMENT } from '../runtime/wire/environment';

type Resources = Pick<PipelineResources, 'pipelineName' | 'profile' | 'encryptionKey'>;

/** The function that tells an HTTP API whose key came with a request: it may look up one key by its hash. */
export function authorizeFunction(scope: Construct, id: string, resources: Resources, table: dynamodb.ITable): lambda.Function {
  const fn = functionOf(scope, id, resources, table, {
    entry: 'authorize',
    description: `Tells whose API keys are: ${resources.pipelineName}`,
    losesNothing: 'API Gateway calls the function and waits for its answer: there is no event to lose',
  });
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [table.tableArn] }));
  resources.encryptionKey?.grantDecrypt(fn);
  return fn;
}

/** The function that makes, lists and revokes keys: it may read all hashes, and put and update one. */
export function keysFunction(scope: Construct, id: string, resources: Resources, table: dynamodb.ITable): lambda.Function {
  const fn = functionOf(scope, id, resources, table, {
    entry: 'keys',
    description: `Makes, lists and revokes API keys: ${resources.pipelineName}`,
    losesNothing: 'who manages keys calls the function and waits for its answer: there is no event to lose',
  });
  fn.addToRolePolicy(new iam.PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
    resources: [table.tableArn],
  }));
  grantKeyUse(resources.encryptionKey, fn);
  return fn;
}

function functionOf(
  scope: Construct, id: string, { pipelineName, profile, encryptionKey }: Resources, table: dynamodb.ITable,
  one: { readonly entry: string; readonly description: string; readonly losesNothing: string },
): lambda.Function {
  return jobFunction(scope, id, {
    ...one,
    profile,
    encryptionKey,
    environment: { [ENVIRONMENT.pipeline]: pipelineName, [ENVIRONMENT.keysTable]: table.tableName },
  });
}
