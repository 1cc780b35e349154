import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { processDeadLetters } from './dead-letter/dead-letter';
import { noQueue } from './no-queue';
import { WORKER_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsVisibility } from '../store/sqs/visibility';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline, table } = pipelineSettings(process.env);
const parts = {
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  ports: { store: new DynamoDbJobStore(dynamoDbClient(WORKER_LIMITS), table), queue: noQueue, now: Date.now },
  visibility: new SqsVisibility(sqsClient(WORKER_LIMITS), text(process.env, ENVIRONMENT.deadLetterQueueUrl)),
  metrics: new PipelineMetrics(pipeline),
  log: powertoolsLog(pipeline),
};

/** Messages of the queue of dead letters. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  return processDeadLetters(Records, parts);
}
