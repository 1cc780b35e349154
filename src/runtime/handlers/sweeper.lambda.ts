import type { Context } from 'aws-lambda';
import { noQueue } from './no-queue';
import { sweep, Swept } from './sweeper/sweeper';
import { WORKER_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobIndex } from '../store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { pipelineSettings } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';

const { pipeline, table } = pipelineSettings(process.env);
const dynamoDb = dynamoDbClient(WORKER_LIMITS);
const parts = {
  ports: { store: new DynamoDbJobStore(dynamoDb, table), queue: noQueue, now: Date.now },
  index: new DynamoDbJobIndex(dynamoDb, table),
  metrics: new PipelineMetrics(pipeline),
  log: powertoolsLog(pipeline),
};

/** Called every few minutes. */
export async function handler(_event: unknown, context: Context): Promise<Swept> {
  return sweep(context, parts);
}
