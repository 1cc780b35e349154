import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { BatchParts, processBatch } from './batch';
import { ImportModule, loadHandler, UserHandler } from './load-handler';
import { workerSettings } from './worker-settings';
import { WORKER_LIMITS } from '../store/aws-clients';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { S3JobFiles } from '../store/files/s3-job-files';
import { recordsOf } from '../store/records';
import { Environment, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { SqsVisibility } from '../store/sqs/visibility';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { xrayTrace } from '../telemetry/trace';
import { CHECK_EVENT, CHECK_PASSED, CHECKED_JOB } from '../wire/deployment';
import { ENVIRONMENT } from '../wire/environment';

/** A handler as Lambda calls it. */
export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * The handler that takes the place of the user's: jobs of the pipeline's queue are run as jobs,
 * the check of a deployment is answered, and any other event reaches the user's handler as it came.
 */
export function workerHandler(parts: BatchParts): LambdaHandler {
  return async (event, context) => {
    if (isOfQueue(event, parts.settings.queueArn)) {
      return processBatch(event.Records, context, parts) satisfies Promise<SQSBatchResponse>;
    }
    return isCheck(event) ? check(parts) : passOn(parts.handler, event, context);
  };
}

/** Whoever comes so far has loaded the user's handler, and has everything that it is told by its environment. */
async function check({ store, log }: BatchParts): Promise<object> {
  await store.read(CHECKED_JOB);
  log.info('checked before it gets traffic');
  return { [CHECK_EVENT]: CHECK_PASSED };
}

/** Loads the user's handler and makes the worker, once for each process. */
export async function startWorker(environment: Environment, importModule: ImportModule): Promise<LambdaHandler> {
  const parts = workerParts(environment);
  const name = text(environment, ENVIRONMENT.handler);
  const [records, handler] = await Promise.all([ // in this order: what the first of them throws leaves nobody behind who fails unheard
    recordsOf(environment, 'worker', (client, table) => ({ store: new DynamoDbJobStore(client, table) })),
    loadHandler(name, environment.LAMBDA_TASK_ROOT ?? process.cwd(), importModule),
  ]);
  return workerHandler({ ...parts, ...records, handler });
}

/** Everything but what runs the jobs, and their records. */
export function workerParts(environment: Environment): Omit<BatchParts, 'handler' | 'store' | 'now'> {
  const settings = workerSettings(environment);
  const sqs = sqsClient(WORKER_LIMITS);
  return {
    settings,
    queue: new SqsJobQueue(sqs, settings.queueUrl),
    visibility: new SqsVisibility(sqs, settings.queueUrl),
    ...(settings.bucket !== undefined && { files: new S3JobFiles(settings.bucket, WORKER_LIMITS) }),
    metrics: new PipelineMetrics(settings.pipeline),
    log: powertoolsLog(settings.pipeline),
    trace: xrayTrace(environment),
    watched: process,
    random: Math.random,
  };
}

function isOfQueue(event: unknown, queueArn: string): event is SQSEvent {
  const records: unknown = (event as Partial<SQSEvent> | null | undefined)?.Records;
  return Array.isArray(records) && records.length > 0 && (records[0] as { eventSourceARN?: unknown } | null)?.eventSourceARN === queueArn;
}

/** Nothing but the question, so that no event of the user's is taken for it. */
function isCheck(event: unknown): boolean {
  return typeof event === 'object' && event !== null && Object.keys(event).length === 1 && (event as Record<string, unknown>)[CHECK_EVENT] === true;
}

/** With a callback, where the user's handler takes one. */
async function passOn(handler: UserHandler, event: unknown, context: Context): Promise<unknown> {
  if (handler.length < 3) {
    return handler(event, context);
  }
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result: unknown) => (error === null || error === undefined ? resolve(result) : reject(error));
    Promise.resolve(handler(event, context, callback)).then((result) => result !== undefined && resolve(result), reject);
  });
}
