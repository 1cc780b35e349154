import type { Context } from 'aws-lambda';
import { LambdaEventSource } from './operate/event-source';
import { operate } from './operate/operate';
import { countQueue } from './operate/queue-counts';
import { stopExecution } from './state-machine/execution-settings';
import { WORKER_LIMITS } from '../store/aws-clients';
import { DynamoDbJobIndex } from '../store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { S3JobFiles } from '../store/files/s3-job-files';
import { isOnPostgres, withRecords } from '../store/records';
import { integer, pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const settings = {
  ...pipelineSettings(process.env),
  ...(isOnPostgres(process.env) ? { database: text(process.env, ENVIRONMENT.databaseName) } : { table: text(process.env, ENVIRONMENT.table) }),
  queueUrl: text(process.env, ENVIRONMENT.queueUrl),
  deadLetterQueueUrl: text(process.env, ENVIRONMENT.deadLetterQueueUrl),
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  bucket: process.env[ENVIRONMENT.bucket],
  logGroups: JSON.parse(process.env[ENVIRONMENT.logGroups] ?? 'null') as Readonly<Record<string, string>> | null,
  deadlineSeconds: integer(process.env, ENVIRONMENT.deadlineSeconds, 1),
};
const sqs = sqsClient(WORKER_LIMITS);
const queue = new SqsJobQueue(sqs, settings.queueUrl);
const given = {
  eventSource: new LambdaEventSource(text(process.env, ENVIRONMENT.eventSourceMapping), async () => import('./operate/lambda-client.js')),
  countQueue: countQueue(sqs),
  files: settings.bucket === undefined ? undefined : new S3JobFiles(settings.bucket, WORKER_LIMITS),
  settings,
  stopExecution: stopExecution(process.env, WORKER_LIMITS),
  metrics: new PipelineMetrics(settings.pipeline),
  log: powertoolsLog(settings.pipeline),
};

/** What operators and the command line ask for. */
export const handler = withRecords(
  process.env,
  'worker',
  (client, table) => ({ store: new DynamoDbJobStore(client, table), index: new DynamoDbJobIndex(client, table) }),
  ({ store, index, now }) => {
    const parts = { ...given, ports: { store, queue, now }, index };
    return async (event: unknown, context: Context) => operate(event, context, parts);
  },
);
