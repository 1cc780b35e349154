import { apiOrDirect, direct } from './http/direct';
import { resourcePathOf } from './http/location';
import { ownerOfAny } from './http/owner';
import { route } from './http/route';
import { exactLimit } from './limit/exact-limit';
import { submitBatch } from './submit/batch';
import { submitDirectly } from './submit/direct';
import { payloadJudge } from './submit/payload';
import { submit } from './submit/submit';
import { API_LIMITS } from '../store/aws-clients';
import { countsIn } from '../store/dynamodb/dynamodb-counts';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { S3JobFiles } from '../store/files/s3-job-files';
import { withRecords } from '../store/records';
import { jobSettings, pipelineSettings, text } from '../store/settings';
import { SqsBatchQueue } from '../store/sqs/sqs-batch-queue';
import { sqsClient } from '../store/sqs/sqs-client';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline } = pipelineSettings(process.env);
const bucket = process.env[ENVIRONMENT.bucket];
const metrics = new PipelineMetrics(pipeline);
const given = {
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  ownerOf: ownerOfAny(process.env),
  rules: { judge: payloadJudge(process.env), hasBucket: Boolean(bucket) },
  ...(bucket && { files: new S3JobFiles(bucket, API_LIMITS) }),
  settings: jobSettings(process.env),
  // without an API there is none, and nobody who would be told
  statusPath: process.env[ENVIRONMENT.authentication] ? text(process.env, ENVIRONMENT.statusPath) : '',
  metrics,
};
const queue = new SqsBatchQueue(sqsClient(API_LIMITS), text(process.env, ENVIRONMENT.queueUrl));
const around = { log: powertoolsLog(pipeline), metrics };
const batchPath = process.env[ENVIRONMENT.batchPath];

/** `POST /jobs`, `POST /jobs/batch`, and calls past the API */
export const handler = withRecords(
  process.env,
  'api',
  (client, table) => ({ store: new DynamoDbJobStore(client, table), counter: countsIn(table) }),
  ({ store, counter, now }) => {
    const parts = { ...given, ports: { store, queue, now }, limit: exactLimit(process.env, { counter, now }) };
    return apiOrDirect(
      route(async (request) => (resourcePathOf(request.event) === batchPath ? submitBatch(request, parts) : submit(request, parts)), around),
      direct(async (request) => submitDirectly(request, parts), around),
    );
  },
);
