import { executionParts } from './execution-settings';
import { Starter } from './starter';
import { LambdaHandler, workerHandler, workerParts } from '../../node/worker';
import { WORKER_LIMITS } from '../../store/aws-clients';
import { DynamoDbJobStore } from '../../store/dynamodb/dynamodb-job-store';
import { DynamoDbSlots } from '../../store/dynamodb/dynamodb-slots';
import { withRecords } from '../../store/records';
import { Environment, integer, text } from '../../store/settings';
import { ENVIRONMENT } from '../../wire/environment';
import { NotFromTheQueue } from '../runner/runner';

/** Makes what starts executions, once for each process. */
export function startStarter(environment: Environment): LambdaHandler {
  const parts = workerParts(environment);
  text(environment, ENVIRONMENT.stateMachine);
  const maxConcurrency = integer(environment, ENVIRONMENT.maxExecutions, 1);
  return withRecords(
    environment,
    'worker',
    (client, table) => ({ store: new DynamoDbJobStore(client, table), slots: new DynamoDbSlots(client, table) }),
    ({ store, slots, now }) => {
      const { metrics, settings: { bucket } } = parts;
      const elsewhere = new Starter({ ...executionParts(environment, slots, WORKER_LIMITS)!, store, bucket, maxConcurrency, metrics, now });
      return workerHandler({ ...parts, store, now, elsewhere, handler: () => { throw new NotFromTheQueue(); } });
    },
  );
}
