import { Agent as HttpsAgent } from 'node:https';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CallLimits, clientSettings } from '../aws-clients';

/** Not imported: an import gives a module every name that `http` has, and some of them load a WebSocket client, for 30 ms on Node 24. */
const { Agent: HttpAgent } = process.getBuiltinModule('node:http');

/** Of all clients in a process: each finds the connections open that another has opened. As the SDK would make them for each client. */
const AGENT = { keepAlive: true, maxSockets: 50 };
const CONNECTIONS = { httpAgent: new HttpAgent(AGENT), httpsAgent: new HttpsAgent(AGENT) };

/** How long a call may take that is made only once. */
export interface OnceLimits {
  /** Until it is connected. */
  readonly connectMs: number;
  /** From then on, until its answer begins. */
  readonly answerMs: number;
}

export function dynamoDbClient(limits: CallLimits): DynamoDBClient {
  const settings = clientSettings(limits);
  return new DynamoDBClient({ ...settings, requestHandler: { ...settings.requestHandler, ...CONNECTIONS } });
}

/**
 * A client that asks only once. Its time begins when it is connected: on a cold start, or when a packet was lost, the connection alone takes
 * longer than a table takes to answer.
 */
export function dynamoDbClientAskingOnce({ connectMs, answerMs }: OnceLimits): DynamoDBClient {
  const { requestHandler, ...settings } = clientSettings({ attempts: 1, connectMs, requestMs: connectMs + answerMs });
  return new DynamoDBClient({ ...settings, requestHandler: { ...requestHandler, socketTimeout: answerMs, ...CONNECTIONS } });
}
