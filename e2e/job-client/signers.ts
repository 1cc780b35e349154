import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { ApiRequest } from './job-client';

/** Adds what a caller is known by to a request. */
export type Signer = (request: ApiRequest) => Promise<ApiRequest>;

/** A customer with an API key. */
export function apiKey(key: string): Signer {
  return async (request) => ({ ...request, headers: { ...request.headers, 'x-api-key': key } });
}

/** Nobody. */
export const anonymous: Signer = async (request) => request;

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An IAM user or role (Signature Version 4). */
export function awsCredentials(credentials: AwsCredentials, region: string): Signer {
  const signer = new SignatureV4({ credentials, region, service: 'execute-api', sha256: Sha256 });
  return async (request) => {
    const { url, method, headers, body } = request;
    const signed = await signer.sign(new HttpRequest({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port) || undefined,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body,
    }));
    const { host: _, ...sent } = signed.headers; // fetch sets it, to the same
    return { ...request, headers: sent };
  };
}
