import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { pipelineFunction } from './pipeline-function';
import { grantFiles, grantIndexes, grantRecords } from './pipeline-grants';
import { signingEnvironment, type PipelineResources } from './pipeline-resources';
import { TABLE } from '../runtime/wire/table';

/**
 * The function that tells how jobs are getting on: it may read records, ask for those of an owner, and sign the URL of a large result.
 *
 * @param atOnce how many processes of it run at once at most
 */
export function statusFunction(
  scope: Construct, id: string, resources: PipelineResources, api: Record<string, string>, atOnce: number, reservedConcurrency?: number,
): lambda.Function {
  const fn = pipelineFunction(scope, id, resources, {
    entry: 'status',
    description: `Tells the status of jobs of ${resources.pipelineName}`,
    reservedConcurrency,
    losesNothing: 'who calls the function waits for its answer: there is no event to lose',
    environment: {
      ...signingEnvironment(resources),
      ...api,
    },
  });
  grantRecords(fn, resources, atOnce, 'GetItem', 'BatchGetItem');
  grantIndexes(fn, resources, TABLE.ownerIndex);
  grantFiles(fn, resources, { sign: ['jobs'] });
  return fn;
}
