import type { Context } from 'aws-lambda';
import { noQueue } from './no-queue';
import { executionParts } from './state-machine/execution-settings';
import { sweep, Swept } from './sweeper/sweeper';
import { WORKER_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobIndex } from '../store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline, table } = pipelineSettings(process.env);
const dynamoDb = dynamoDbClient(WORKER_LIMITS);
const executions = executionParts(process.env, dynamoDb, WORKER_LIMITS);
// only the next attempt of an execution that has failed gets a message from here
const queue = executions ? new SqsJobQueue(sqsClient(WORKER_LIMITS), text(process.env, ENVIRONMENT.queueUrl)) : noQueue;
const parts = {
  ports: { store: new DynamoDbJobStore(dynamoDb, table), queue, now: Date.now },
  executions,
  index: new DynamoDbJobIndex(dynamoDb, table),
  metrics: new PipelineMetrics(pipeline),
  log: powertoolsLog(pipeline),
};

/** Called every few minutes. */
export async function handler(_event: unknown, context: Context): Promise<Swept> {
  return sweep(context, parts);
}
