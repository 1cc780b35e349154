import { ownerOf } from './http/owner';
import { route } from './http/route';
import { status } from './status/status';
import { API_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { pipelineSettings } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';

const { pipeline, table } = pipelineSettings(process.env);
const parts = { store: new DynamoDbJobStore(dynamoDbClient(API_LIMITS), table), ownerOf: ownerOf(process.env), now: Date.now };

/** `GET /jobs/{job_id}` */
export const handler = route((request) => status(request, parts), { log: powertoolsLog(pipeline), metrics: new PipelineMetrics(pipeline) });
