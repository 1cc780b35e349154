import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { API_LIMITS, clientSettings } from '../../store/aws-clients';
import { acceleration } from '../../store/files/acceleration';
import type { Environment } from '../../store/settings';

/* A module of its own, so that it is loaded with the first result that is in a bucket: most functions never see one. */

const SECONDS = 3_600;

/**
 * Signing asks nobody: whether the object is there, and may be read, is found when it is fetched.
 * @param environment says whether the address may be that of the nearest edge location
 */
export function objectSigner(bucket: string, environment: Environment = {}): (key: string) => Promise<string> {
  // checksums are the SDK's own affair, and would be asked for in the address
  const client = new S3Client({
    ...clientSettings(API_LIMITS),
    ...acceleration(environment),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return async (Key) => getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key }), { expiresIn: SECONDS });
}
