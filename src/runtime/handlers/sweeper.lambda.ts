import type { Context } from 'aws-lambda';
import { noQueue } from './no-queue';
import { executionParts } from './state-machine/execution-settings';
import { sweep } from './sweeper/sweeper';
import { WORKER_LIMITS } from '../store/aws-clients';
import { DynamoDbJobIndex } from '../store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { DynamoDbSlots } from '../store/dynamodb/dynamodb-slots';
import { withRecords } from '../store/records';
import { pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline } = pipelineSettings(process.env);
const telling = { metrics: new PipelineMetrics(pipeline), log: powertoolsLog(pipeline) };

/** Called every few minutes. */
export const handler = withRecords(
  process.env,
  'worker',
  (client, table) => ({
    store: new DynamoDbJobStore(client, table),
    index: new DynamoDbJobIndex(client, table),
    slots: new DynamoDbSlots(client, table),
    expiry: undefined,
  }),
  ({ store, index, slots, expiry, now }) => {
    const executions = executionParts(process.env, slots, WORKER_LIMITS);
    // only the next attempt of an execution that has failed gets a message from here
    const queue = executions ? new SqsJobQueue(sqsClient(WORKER_LIMITS), text(process.env, ENVIRONMENT.queueUrl)) : noQueue;
    const parts = { ...telling, ports: { store, queue, now }, index, executions, expiry };
    return async (_event: unknown, context: Context) => sweep(context, parts);
  },
);
