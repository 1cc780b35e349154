import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { LocalCloud } from '../local-cloud/local-cloud';

/** What a function threw. */
export class FunctionFailed extends Error {
  constructor(public readonly type: string, message: string) {
    super(`${type}: ${message}`);
    this.name = 'FunctionFailed';
  }
}

/** Calls a function and waits for what it returns. @throws FunctionFailed */
export async function invoke<T = unknown>(cloud: LocalCloud, functionName: string, event: unknown): Promise<T> {
  const { FunctionError, Payload } = await new LambdaClient({ ...cloud.clientConfig, maxAttempts: 1 })
    .send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }));
  const answer = JSON.parse(Buffer.from(Payload!).toString()) as unknown;
  if (FunctionError) {
    const { errorType, errorMessage } = answer as { errorType: string; errorMessage: string };
    throw new FunctionFailed(errorType, errorMessage);
  }
  return answer as T;
}
