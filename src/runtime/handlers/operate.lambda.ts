import type { Context } from 'aws-lambda';
import { LambdaEventSource } from './operate/event-source';
import { operate } from './operate/operate';
import { countQueue } from './operate/queue-counts';
import { stopExecution } from './state-machine/execution-settings';
import { WORKER_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobIndex } from '../store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { S3JobFiles } from '../store/files/s3-job-files';
import { integer, pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const settings = {
  ...pipelineSettings(process.env),
  queueUrl: text(process.env, ENVIRONMENT.queueUrl),
  deadLetterQueueUrl: text(process.env, ENVIRONMENT.deadLetterQueueUrl),
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  bucket: process.env[ENVIRONMENT.bucket],
  logGroups: JSON.parse(process.env[ENVIRONMENT.logGroups] ?? 'null') as Readonly<Record<string, string>> | null,
  deadlineSeconds: integer(process.env, ENVIRONMENT.deadlineSeconds, 1),
};
const dynamoDb = dynamoDbClient(WORKER_LIMITS);
const sqs = sqsClient(WORKER_LIMITS);
const parts = {
  ports: { store: new DynamoDbJobStore(dynamoDb, settings.table), queue: new SqsJobQueue(sqs, settings.queueUrl), now: Date.now },
  index: new DynamoDbJobIndex(dynamoDb, settings.table),
  eventSource: new LambdaEventSource(text(process.env, ENVIRONMENT.eventSourceMapping), async () => import('./operate/lambda-client.js')),
  countQueue: countQueue(sqs),
  files: settings.bucket === undefined ? undefined : new S3JobFiles(settings.bucket, WORKER_LIMITS),
  settings,
  stopExecution: stopExecution(process.env, WORKER_LIMITS),
  metrics: new PipelineMetrics(settings.pipeline),
  log: powertoolsLog(settings.pipeline),
};

/** What operators and the command line ask for. */
export async function handler(event: unknown, context: Context): Promise<object> {
  return operate(event, context, parts);
}
