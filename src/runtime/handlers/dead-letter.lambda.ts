import type { SQSEvent } from 'aws-lambda';
import { processDeadLetters } from './dead-letter/dead-letter';
import { noQueue } from './no-queue';
import { executionParts } from './state-machine/execution-settings';
import { WORKER_LIMITS } from '../store/aws-clients';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { DynamoDbSlots } from '../store/dynamodb/dynamodb-slots';
import { withRecords } from '../store/records';
import { pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { SqsVisibility } from '../store/sqs/visibility';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline } = pipelineSettings(process.env);
const sqs = sqsClient(WORKER_LIMITS);
const settings = {
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  visibility: new SqsVisibility(sqs, text(process.env, ENVIRONMENT.deadLetterQueueUrl)),
  metrics: new PipelineMetrics(pipeline),
  log: powertoolsLog(pipeline),
};

/** Messages of the queue of dead letters. */
export const handler = withRecords(
  process.env,
  'worker',
  (client, table) => ({ store: new DynamoDbJobStore(client, table), slots: new DynamoDbSlots(client, table) }),
  ({ store, slots, now }) => {
    const executions = executionParts(process.env, slots, WORKER_LIMITS);
    // only the next attempt of an execution that has failed gets a message from here
    const queue = executions ? new SqsJobQueue(sqs, text(process.env, ENVIRONMENT.queueUrl)) : noQueue;
    const parts = { ...settings, ports: { store, queue, now }, executions };
    return async ({ Records }: SQSEvent) => processDeadLetters(Records, parts);
  },
);
