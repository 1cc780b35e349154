import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { pipelineFunction } from './pipeline-function';
import { grantRecords } from './pipeline-grants';
import { prefixEnvironment, type PipelineResources } from './pipeline-resources';
import { acknowledge } from '../internal/acknowledge';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { NetworkEndpoint } from '../secure-network/network-endpoint';

const TIMEOUT_SECONDS = 30;

/** After an outage there may be many, and none of them is in a hurry. */
const MOST_AT_ONCE = 5;

/** As AWS recommends, so that a throttled batch can be tried again before its messages come back. */
const VISIBILITY_FACTOR = 6;

/**
 * The function that ends the jobs of dead letters: it may take and hide dead letters, and read, put and update records.
 *
 * What becomes a dead letter was received time and again by a worker that never started, so here nothing is given up: a letter is tried
 * until it expires after 14 days, and alarms tell of those that stay.
 */
export function deadLetterFunction(scope: Construct, id: string, resources: PipelineResources, deadLetterQueue: sqs.IQueue): lambda.Function {
  const fn = pipelineFunction(scope, id, resources, {
    entry: 'dead-letter',
    description: `Ends jobs of ${resources.pipelineName} whose messages were given up`,
    timeout: Duration.seconds(TIMEOUT_SECONDS),
    losesNothing: 'the function takes messages from a queue, where they stay until it has ended their jobs',
    environment: { ...prefixEnvironment(resources), [ENVIRONMENT.deadLetterQueueUrl]: deadLetterQueue.queueUrl },
  });
  resources.records.letOut(fn, NetworkEndpoint.SQS);
  grantRecords(fn, resources, MOST_AT_ONCE, 'GetItem', 'PutItem', 'UpdateItem');
  (deadLetterQueue.node.defaultChild as sqs.CfnQueue).visibilityTimeout = VISIBILITY_FACTOR * TIMEOUT_SECONDS;
  const mapping = new lambda.EventSourceMapping(scope, `${id}s`, {
    target: fn,
    eventSourceArn: deadLetterQueue.queueArn,
    batchSize: 10,
    maxConcurrency: MOST_AT_ONCE,
    reportBatchItemFailures: true,
  });
  acknowledge(mapping, {
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason: 'the source is the dead-letter queue: what cannot be ended stays in it',
  });
  deadLetterQueue.grantConsumeMessages(fn).applyBefore(mapping); // Lambda refuses a mapping that may not receive
  return fn;
}
