import type { LocalCloud } from '../local-cloud/local-cloud';

/** Calls a service by its own protocol: a few calls are not worth a client's package. */
export type AwsJson = <T>(operation: string, input: unknown) => Promise<T>;

/** @param target what stands before an operation in `X-Amz-Target` */
export function awsJson(cloud: LocalCloud, service: string, target: string): AwsJson {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${cloud.region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return async <T>(operation: string, input: unknown): Promise<T> => {
    const response = await fetch(cloud.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${target}.${operation}`, authorization },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${await response.text()}`);
    return await response.json() as T;
  };
}
