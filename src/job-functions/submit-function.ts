import { deflateRawSync } from 'node:zlib';
import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { pipelineFunction } from './pipeline-function';
import { grantFiles, grantRecords, grantSend } from './pipeline-grants';
import { filesEnvironment, type PipelineResources } from './pipeline-resources';
import { checkEnvironmentSize } from '../internal/environment-size';
import { numberText } from '../internal/number-text';
import type { PayloadSchema } from '../job-api/payload-schema';
import type { RetryPolicy } from '../queued-lambda-worker/retry-policy';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** What a new job is made with. */
export interface NewJobSettings {
  readonly retryPolicy: RetryPolicy;
  readonly deadline: Duration;
  readonly retention: Duration;
  readonly payloadSchema?: PayloadSchema;
  readonly reservedConcurrency?: number;
  /** How many processes of the function run at once at most. */
  readonly atOnce: number;
}

/**
 * The function that accepts jobs: it may send to the queue, read and put records, count submissions where they are limited, and put what is large.
 *
 * @param api what the API tells it in its environment
 */
export function submitFunction(
  scope: Construct, id: string, resources: PipelineResources, api: Record<string, string>, job: NewJobSettings,
): lambda.Function {
  const limited = ENVIRONMENT.submitsPerMinute in api;
  const fn = pipelineFunction(scope, id, resources, {
    entry: 'submit',
    description: `Accepts jobs of ${resources.pipelineName}`,
    // Limit or record, file, message and record are a call each, which may take some 3 seconds and succeed all the same.
    timeout: Duration.seconds(resources.bucket ? 15 : 10),
    reservedConcurrency: job.reservedConcurrency,
    losesNothing: 'who calls the function waits for its answer: there is no event to lose',
    environment: {
      ...filesEnvironment(resources),
      ...api,
      [ENVIRONMENT.queueUrl]: resources.queue.queueUrl,
      [ENVIRONMENT.maxAttempts]: numberText(job.retryPolicy.maxAttempts),
      [ENVIRONMENT.deadlineSeconds]: numberText(job.deadline.toSeconds()),
      [ENVIRONMENT.retentionSeconds]: numberText(job.retention.toSeconds()),
      ...(job.payloadSchema && { [ENVIRONMENT.payloadSchema]: packed(job.payloadSchema) }),
    },
  });
  checkEnvironmentSize(fn, 'shorten the payload schema, the paths and origins of the API, or the names of customers');
  grantSend(fn, resources);
  grantRecords(fn, resources, job.atOnce, 'GetItem', 'PutItem', ...(limited ? ['UpdateItem' as const] : []));
  grantFiles(fn, resources, { put: ['jobs'] });
  return fn;
}

/** A schema as it travels in the environment, of which a function has 4 KB. */
export function packed(schema: PayloadSchema): string {
  return deflateRawSync(schema.toJson(), { level: 9 }).toString('base64');
}
