import { apiOrDirect, direct } from './http/direct';
import { ownerOfAny } from './http/owner';
import { route } from './http/route';
import { read, readDirectly } from './status/read';
import { lazySigner } from './status/result-url';
import { API_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobIndex } from '../store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { pipelineSettings, text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline, table } = pipelineSettings(process.env);
const client = dynamoDbClient(API_LIMITS);
const bucket = process.env[ENVIRONMENT.bucket];
const parts = {
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  store: new DynamoDbJobStore(client, table),
  index: new DynamoDbJobIndex(client, table),
  ownerOf: ownerOfAny(process.env),
  now: Date.now,
  ...(bucket && { sign: lazySigner(async () => (await import('./status/presigner.js')).objectSigner(bucket)) }),
};
const reporting = { log: powertoolsLog(pipeline), metrics: new PipelineMetrics(pipeline) };

/** `GET /jobs/{job_id}`, `GET /jobs`, and who may invoke it */
export const handler = apiOrDirect(
  route(async (request) => read(request, parts), reporting),
  direct(async (request) => readDirectly(request, parts), reporting),
);
