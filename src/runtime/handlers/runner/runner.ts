import { setTimeout as sleep } from 'node:timers/promises';
import { callFunction, STARTING_MS } from './call-function';
import { invokeOf, lambdaClient } from './invoke';
import { LambdaHandler, workerHandler, workerParts } from '../../node/worker';
import { DynamoDbJobStore } from '../../store/dynamodb/dynamodb-job-store';
import { withRecords } from '../../store/records';
import { Environment, integer, text } from '../../store/settings';
import { ENVIRONMENT } from '../../wire/environment';

/** The runner was called with something else than jobs. */
export class NotFromTheQueue extends Error {
  readonly name = 'NotFromTheQueue';

  constructor() {
    super('this function runs the jobs of its pipeline\'s queue and takes no other event: submit a job instead');
  }
}

/** Makes the runner, once for each process. */
export function startRunner(environment: Environment, client = lambdaClient): LambdaHandler {
  const functionArn = text(environment, ENVIRONMENT.calledFunction);
  const timeoutMs = integer(environment, ENVIRONMENT.calledTimeoutSeconds, 1) * 1000;
  const parts = workerParts(environment);
  const { filesPrefix, bucket } = parts.settings;
  const runJob = callFunction({
    invoke: invokeOf(client(timeoutMs + STARTING_MS), functionArn),
    timeoutMs,
    ...(bucket && { uploads: { bucket, filesPrefix } }),
    now: Date.now,
    random: Math.random,
    sleep,
  });
  return withRecords(
    environment,
    'worker',
    (dynamoDb, table) => ({ store: new DynamoDbJobStore(dynamoDb, table) }),
    (records) => workerHandler({ ...parts, ...records, runJob, neededMs: timeoutMs + STARTING_MS, handler: () => { throw new NotFromTheQueue(); } }),
  );
}
