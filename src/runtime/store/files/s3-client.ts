import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { CallLimits, clientSettings } from '../aws-clients';

/* A module of its own, so that it can be loaded when the first long text comes along: most functions never see one. */

export { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';

export function s3Client(limits: CallLimits, more: S3ClientConfig = {}): S3Client {
  return new S3Client({ ...clientSettings(limits), ...more });
}
