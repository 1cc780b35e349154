import { type ExecutionEvent, executionEnded } from './state-machine/ended';
import { executionParts } from './state-machine/execution-settings';
import { WORKER_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline, table } = pipelineSettings(process.env);
text(process.env, ENVIRONMENT.stateMachine);
const dynamoDb = dynamoDbClient(WORKER_LIMITS);
const parts = {
  ...executionParts(process.env, dynamoDb, WORKER_LIMITS)!,
  ports: {
    store: new DynamoDbJobStore(dynamoDb, table),
    queue: new SqsJobQueue(sqsClient(WORKER_LIMITS), text(process.env, ENVIRONMENT.queueUrl)),
    now: Date.now,
  },
  metrics: new PipelineMetrics(pipeline),
  log: powertoolsLog(pipeline),
};

/** Told of by EventBridge. */
export async function handler(event: ExecutionEvent): Promise<void> {
  return executionEnded(event, parts);
}
