import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings } from '../../store/aws-clients';

/** What came back from a call. */
export interface Invoked {
  readonly payload: string;
  /** Whether it is the function's result, or tells of its error. */
  readonly failed: boolean;
  /** Of the function's own log lines. */
  readonly request_id?: string;
}

/** Calls the function once and waits for its answer. */
export type Invoke = (request: string, timeoutMs: number) => Promise<Invoked>;

/** Never called again by the SDK: a function that has begun must not be begun anew behind the record's back. */
export function lambdaClient(longestMs: number): LambdaClient {
  return new LambdaClient(clientSettings({ attempts: 1, connectMs: 1_900, requestMs: longestMs }));
}

/** The tail of the function's log is not asked for: it may show anything. */
export function invokeOf(client: Pick<LambdaClient, 'send'>, functionArn: string): Invoke {
  return async (request, requestTimeout) => {
    const command = new InvokeCommand({ FunctionName: functionArn, InvocationType: 'RequestResponse', LogType: 'None', Payload: Buffer.from(request) });
    const { Payload, FunctionError, $metadata } = await client.send(command, { requestTimeout });
    return { payload: Buffer.from(Payload ?? []).toString(), failed: FunctionError !== undefined, request_id: $metadata.requestId };
  };
}
