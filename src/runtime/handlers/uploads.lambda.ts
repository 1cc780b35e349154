import { ownerOf } from './http/owner';
import { route } from './http/route';
import { signUpload } from './uploads/sign-upload';
import { uploads } from './uploads/uploads';
import { API_LIMITS } from '../store/aws-clients';
import { acceleration } from '../store/files/acceleration';
import { s3Client } from '../store/files/s3-client';
import { integer, text } from '../store/settings';
import { powertoolsLog } from '../telemetry/log';
import { PipelineMetrics } from '../telemetry/pipeline-metrics';
import { ENVIRONMENT } from '../wire/environment';

const pipeline = text(process.env, ENVIRONMENT.pipeline);
const parts = {
  filesPrefix: text(process.env, ENVIRONMENT.filesPrefix),
  ownerOf: ownerOf(process.env),
  sign: signUpload(s3Client(API_LIMITS, acceleration(process.env)), text(process.env, ENVIRONMENT.bucket)),
  maxBytes: integer(process.env, ENVIRONMENT.uploadMaxBytes, 1),
  now: Date.now,
};

/** `POST /uploads` */
export const handler = route(async (request) => uploads(request, parts), { log: powertoolsLog(pipeline), metrics: new PipelineMetrics(pipeline) });
