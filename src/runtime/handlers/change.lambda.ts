import { change } from './change/change';
import { ownerOf } from './http/owner';
import { route } from './http/route';
import { exactLimit } from './limit/exact-limit';
import { stopExecution } from './state-machine/execution-settings';
import { API_LIMITS } from '../store/aws-clients';
import { countsIn } from '../store/dynamodb/dynamodb-counts';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { withRecords } from '../store/records';
import { integer, pipelineSettings, text } from '../store/settings';
import { sqsClient } from '../store/sqs/sqs-client';
import { SqsJobQueue } from '../store/sqs/sqs-job-queue';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline } = pipelineSettings(process.env);
const metrics = new PipelineMetrics(pipeline);
const settings = {
  ownerOf: ownerOf(process.env),
  deadlineSeconds: integer(process.env, ENVIRONMENT.deadlineSeconds, 1),
  cancelPath: text(process.env, ENVIRONMENT.cancelPath),
  retryPath: text(process.env, ENVIRONMENT.retryPath),
  statusPath: text(process.env, ENVIRONMENT.statusPath),
  stopExecution: stopExecution(process.env, API_LIMITS),
  metrics,
};
const queue = new SqsJobQueue(sqsClient(API_LIMITS), text(process.env, ENVIRONMENT.queueUrl));

/** `POST /jobs/{job_id}/cancel` and `/retry` */
export const handler = withRecords(
  process.env,
  'api',
  (client, table) => ({ store: new DynamoDbJobStore(client, table), counter: countsIn(table) }),
  ({ store, counter, now }) => {
    const parts = { ...settings, ports: { store, queue, now }, limit: exactLimit(process.env, { counter, now }) };
    return route(async (request) => change(request, parts), { log: powertoolsLog(pipeline), metrics });
  },
);
