import { type ExecutionEvent, executionEnded } from './state-machine/ended';
import { executionParts } from './state-machine/execution-settings';
import { WORKER_LIMITS } from '../store/aws-clients';
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
text(process.env, ENVIRONMENT.stateMachine);
const queue = new SqsJobQueue(sqsClient(WORKER_LIMITS), text(process.env, ENVIRONMENT.queueUrl));
const telling = { metrics: new PipelineMetrics(pipeline), log: powertoolsLog(pipeline) };

/** Told of by EventBridge. */
export const handler = withRecords(
  process.env,
  'worker',
  (client, table) => ({ store: new DynamoDbJobStore(client, table), slots: new DynamoDbSlots(client, table) }),
  ({ store, slots, now }) => {
    const parts = { ...executionParts(process.env, slots, WORKER_LIMITS)!, ...telling, ports: { store, queue, now } };
    return async (event: ExecutionEvent) => executionEnded(event, parts);
  },
);
