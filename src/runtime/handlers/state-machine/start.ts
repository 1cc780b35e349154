import { executionParts } from './execution-settings';
import { Starter } from './starter';
import { LambdaHandler, workerHandler, workerParts } from '../../node/worker';
import { WORKER_LIMITS } from '../../store/aws-clients';
import { dynamoDbClient } from '../../store/dynamodb/dynamodb-client';
import { ConfigurationError, Environment, integer } from '../../store/settings';
import { ENVIRONMENT } from '../../wire/environment';
import { NotFromTheQueue } from '../runner/runner';

/** Makes what starts executions, once for each process. */
export function startStarter(environment: Environment): LambdaHandler {
  const parts = workerParts(environment);
  const executions = executionParts(environment, dynamoDbClient(WORKER_LIMITS), WORKER_LIMITS);
  if (!executions) {
    throw new ConfigurationError(`environment variable ${ENVIRONMENT.stateMachine} is missing: the construct sets it, and nothing else should`);
  }
  const starter = new Starter({
    ...executions,
    store: parts.store,
    bucket: parts.settings.bucket,
    maxConcurrency: integer(environment, ENVIRONMENT.maxExecutions, 1),
    metrics: parts.metrics,
    now: parts.now,
  });
  return workerHandler({ ...parts, elsewhere: starter, handler: () => { throw new NotFromTheQueue(); } });
}
