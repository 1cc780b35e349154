import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { logGroupsJson } from './log-group-names';
import { pipelineFunction } from './pipeline-function';
import { grantFiles, grantIndexes, grantRecords, grantSend } from './pipeline-grants';
import { filesEnvironment, type PipelineResources } from './pipeline-resources';
import { numberText } from '../internal/number-text';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { TABLE } from '../runtime/wire/table';
import { NetworkEndpoint } from '../secure-network/network-endpoint';

/** Operators are few. This is what a database reckons with. */
const MOST_AT_ONCE = 2;

/** What operators look at and switch, beside records. */
export interface OperatedResources {
  /** What takes the jobs from the queue. */
  readonly worker: lambda.IFunction;
  readonly deadLetterQueue: sqs.IQueue;
  readonly eventSourceMapping: lambda.EventSourceMapping;
  /** Of a job that is retried. */
  readonly deadline: Duration;
}

/**
 * The function that operators call: it may ask every index, read and update records, read what is large, send to the queue, count messages,
 * and switch off and on what takes them.
 */
export function operateFunction(
  scope: Construct, id: string, resources: PipelineResources, { worker, deadLetterQueue, eventSourceMapping, deadline }: OperatedResources,
): lambda.Function {
  const fn = pipelineFunction(scope, id, resources, {
    entry: 'operate',
    description: `Lists, retries, cancels, pauses: ${resources.pipelineName} for its operators`,
    timeout: Duration.minutes(1),
    losesNothing: 'an operator calls the function and waits for its answer: there is no event to lose',
    environment: {
      ...filesEnvironment(resources),
      [ENVIRONMENT.queueUrl]: resources.queue.queueUrl,
      [ENVIRONMENT.deadlineSeconds]: numberText(deadline.toSeconds()),
      [ENVIRONMENT.deadLetterQueueUrl]: deadLetterQueue.queueUrl,
      [ENVIRONMENT.eventSourceMapping]: eventSourceMapping.eventSourceMappingId,
      [ENVIRONMENT.logGroups]: logGroupsJson(scope, worker),
    },
  });
  grantSend(fn, resources);
  resources.records.letOut(fn, NetworkEndpoint.LAMBDA);
  grantRecords(fn, resources, MOST_AT_ONCE, 'GetItem', 'BatchGetItem', 'UpdateItem');
  grantIndexes(fn, resources, TABLE.deadlineIndex, TABLE.ownerIndex, TABLE.failedIndex);
  grantFiles(fn, resources, { get: ['jobs'] });
  fn.addToRolePolicy(new iam.PolicyStatement({
    actions: ['sqs:GetQueueAttributes'],
    resources: [resources.queue.queueArn, deadLetterQueue.queueArn],
  }));
  fn.addToRolePolicy(new iam.PolicyStatement({
    actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
    resources: [eventSourceMapping.eventSourceMappingArn],
  }));
  return fn;
}
