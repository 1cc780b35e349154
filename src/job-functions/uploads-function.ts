import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { pipelineFunction } from './pipeline-function';
import { grantFiles } from './pipeline-grants';
import { signingEnvironment, type PipelineResources } from './pipeline-resources';

/** The function that lets a caller upload a file: it may put objects under the uploads of an owner, which is what it signs. */
export function uploadsFunction(scope: Construct, id: string, resources: PipelineResources, api: Record<string, string>): lambda.Function {
  const fn = pipelineFunction(scope, id, resources, {
    entry: 'uploads',
    description: `Signs uploads for jobs of ${resources.pipelineName}`,
    losesNothing: 'API Gateway calls the function and waits for its answer: there is no event to lose',
    environment: {
      ...signingEnvironment(resources),
      ...api,
    },
  });
  resources.encryptionKey?.grantDecrypt(fn); // its environment
  grantFiles(fn, resources, { put: ['uploads'] });
  return fn;
}
