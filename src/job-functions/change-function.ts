import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { pipelineFunction } from './pipeline-function';
import { grantRecords, grantSend } from './pipeline-grants';
import type { PipelineResources } from './pipeline-resources';
import { numberText } from '../internal/number-text';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** Few jobs are changed by their owners. This is what a database reckons with. */
const MOST_AT_ONCE = 5;

/** The function that cancels and retries jobs: it may read and update records, count retries where submissions are limited, and send to the queue. */
export function changeFunction(
  scope: Construct, id: string, resources: PipelineResources, api: Record<string, string>, deadline: Duration,
): lambda.Function {
  const fn = pipelineFunction(scope, id, resources, {
    entry: 'change',
    description: `Cancels and retries jobs of ${resources.pipelineName}`,
    losesNothing: 'API Gateway calls the function and waits for its answer: there is no event to lose',
    environment: {
      ...api,
      [ENVIRONMENT.queueUrl]: resources.queue.queueUrl,
      [ENVIRONMENT.deadlineSeconds]: numberText(deadline.toSeconds()),
    },
  });
  grantSend(fn, resources);
  grantRecords(fn, resources, MOST_AT_ONCE, 'GetItem', 'UpdateItem');
  return fn;
}
