import { apiOrDirect, direct } from './http/direct';
import { ownerOfAny } from './http/owner';
import { route } from './http/route';
import { read, readDirectly } from './status/read';
import { lazySigner } from './status/result-url';
import { DynamoDbJobIndex } from '../store/dynamodb/dynamodb-job-index';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { withRecords } from '../store/records';
import { pipelineSettings, text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const { pipeline } = pipelineSettings(process.env);
const bucket = process.env[ENVIRONMENT.bucket];
const settings = {
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  ownerOf: ownerOfAny(process.env),
  ...(bucket && { sign: lazySigner(async () => (await import('./status/presigner.js')).objectSigner(bucket, process.env)) }),
};
const reporting = { log: powertoolsLog(pipeline), metrics: new PipelineMetrics(pipeline) };

/** `GET /jobs/{job_id}`, `GET /jobs`, and who may invoke it */
export const handler = withRecords(
  process.env,
  'api',
  (client, table) => ({ store: new DynamoDbJobStore(client, table), index: new DynamoDbJobIndex(client, table) }),
  (records) => {
    const parts = { ...settings, ...records };
    return apiOrDirect(
      route(async (request) => read(request, parts), reporting),
      direct(async (request) => readDirectly(request, parts), reporting),
    );
  },
);
