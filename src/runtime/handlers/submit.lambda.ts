import { ownerOf } from './http/owner';
import { route } from './http/route';
import { payloadJudge } from './submit/payload';
import { submit } from './submit/submit';
import { API_LIMITS } from '../store/aws-clients';
import { dynamoDbClient } from '../store/dynamodb/dynamodb-client';
import { DynamoDbJobStore } from '../store/dynamodb/dynamodb-job-store';
import { jobSettings, pipelineSettings, text } from '../store/settings';
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
  judge: payloadJudge(process.env),
  settings: jobSettings(process.env),
  statusPath: text(process.env, ENVIRONMENT.statusPath),
  metrics,
};

/** `POST /jobs` */
export const handler = route((request) => submit(request, parts), { log: powertoolsLog(pipeline), metrics });
