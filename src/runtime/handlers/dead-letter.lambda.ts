import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { processDeadLetters } from './dead-letter/dead-letter';
import { noQueue } from './no-queue';
import { executionParts } from './state-machine/execution-settings';
import { WORKER_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { SqsVisibility } from '../store/sqs/visibility';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline, table } = pipelineSettings(process.env);
const dynamoDb = dynamoDbClient(WORKER_LIMITS);
const sqs = sqsClient(WORKER_LIMITS);
const executions = executionParts(process.env, dynamoDb, WORKER_LIMITS);
// only the next attempt of an execution that has failed gets a message from here
const queue = executions ? new SqsJobQueue(sqs, text(process.env, ENVIRONMENT.queueUrl)) : noQueue;
const parts = {
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  ports: { store: new DynamoDbJobStore(dynamoDb, table), queue, now: Date.now },
  executions,
  visibility: new SqsVisibility(sqs, text(process.env, ENVIRONMENT.deadLetterQueueUrl)),
  metrics: new PipelineMetrics(pipeline),
  log: powertoolsLog(pipeline),
};

/** Messages of the queue of dead letters. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  return processDeadLetters(Records, parts);
}
