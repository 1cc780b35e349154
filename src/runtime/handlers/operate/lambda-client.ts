import { LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings, WORKER_LIMITS } from '../../store/aws-clients';

/* A module of its own, so that it is loaded when the event source is first asked about: most calls are about jobs. */

export { GetEventSourceMappingCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';

export function lambdaClient(): Pick<LambdaClient, 'send'> {
  return new LambdaClient(clientSettings(WORKER_LIMITS));
}
