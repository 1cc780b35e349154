import { ENVIRONMENT } from '../../wire/environment';
import type { Environment } from '../settings';

/** For clients that sign for others, by S3's nearest edge location. Whoever names an endpoint means that one, and it has no such locations. */
export function acceleration(environment: Environment): { readonly useAccelerateEndpoint?: true } {
  const ownEndpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  return environment[ENVIRONMENT.bucketAccelerated] !== undefined && ownEndpoint === undefined ? { useAccelerateEndpoint: true } : {};
}
