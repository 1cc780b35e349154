import { change } from './change/change';
import { ownerOf } from './http/owner';
import { route } from './http/route';
import { exactLimit } from './limit/exact-limit';
import { stopExecution } from './state-machine/execution-settings';
import { API_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { integer, pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline, table } = pipelineSettings(process.env);
const metrics = new PipelineMetrics(pipeline);
const parts = {
  ports: {
    store: new DynamoDbJobStore(dynamoDbClient(API_LIMITS), table),
    queue: new SqsJobQueue(sqsClient(API_LIMITS), text(process.env, ENVIRONMENT.queueUrl)),
    now: Date.now,
  },
  ownerOf: ownerOf(process.env),
  limit: exactLimit(process.env, table),
  deadlineSeconds: integer(process.env, ENVIRONMENT.deadlineSeconds, 1),
  cancelPath: text(process.env, ENVIRONMENT.cancelPath),
  retryPath: text(process.env, ENVIRONMENT.retryPath),
  statusPath: text(process.env, ENVIRONMENT.statusPath),
  stopExecution: stopExecution(process.env, API_LIMITS),
  metrics,
};

/** `POST /jobs/{job_id}/cancel` and `/retry` */
export const handler = route(async (request) => change(request, parts), { log: powertoolsLog(pipeline), metrics });
