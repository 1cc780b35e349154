import type { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import type { UploadForm, UploadPolicy } from './uploads';

/**
 * Signs with the function's own credentials, without a call: who sends the form may do what the function may, within the policy. Key, bucket and
 * each of the fields become conditions, and S3 refuses a form with any field beside them: no ACL, no redirect, no metadata.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function signUpload(client: S3Client, bucket: string): (policy: UploadPolicy) => Promise<UploadForm> {
  return async ({ key, contentType, maxBytes, seconds }) => createPresignedPost(client, {
    Bucket: bucket,
    Key: key,
    Conditions: [['content-length-range', 1, maxBytes]],
    Fields: contentType === undefined ? {} : { 'Content-Type': contentType },
    Expires: seconds,
  });
}
