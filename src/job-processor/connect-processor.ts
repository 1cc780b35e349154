import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ProcessorConnection } from './processor-kind';
import { numberText } from '../internal/number-text';
import { grantFiles, grantRecords, grantSend } from '../job-functions/pipeline-grants';
import { commonEnvironment, filesEnvironment } from '../job-functions/pipeline-resources';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { NetworkEndpoint } from '../secure-network/network-endpoint';

/**
 * The environment and the permissions of an attempt: what every function needs that takes a pipeline's jobs from its queue. To receive and
 * hide messages it is allowed by the worker.
 *
 * @param shutdown how long before its timeout an attempt is asked to stop
 */
export function connectAttempts(fn: lambda.Function, connection: ProcessorConnection, shutdown: Duration): void {
  const { queue } = connection;
  const environment = {
    ...commonEnvironment(connection),
    ...filesEnvironment(connection),
    [ENVIRONMENT.queueUrl]: queue.queueUrl,
    [ENVIRONMENT.queueArn]: queue.queueArn,
    ...backoffEnvironment(connection),
    [ENVIRONMENT.shutdownMs]: milliseconds(shutdown),
  };
  for (const [name, value] of Object.entries(environment)) {
    fn.addEnvironment(name, value);
  }
  connection.records.letOut(fn, NetworkEndpoint.SQS);
  grantRecords(fn, connection, connection.atOnce, 'GetItem', 'PutItem', 'UpdateItem');
  grantSend(fn, connection);
  grantFiles(fn, connection, { get: ['jobs', 'uploads'], put: ['jobs'] });
}

/** What a function is told that lets attempts follow one another. */
export function backoffEnvironment({ retryPolicy }: Pick<ProcessorConnection, 'retryPolicy'>): Record<string, string> {
  return {
    [ENVIRONMENT.backoffFirstMs]: milliseconds(retryPolicy.firstDelay),
    [ENVIRONMENT.backoffMaxMs]: milliseconds(retryPolicy.maxDelay),
    [ENVIRONMENT.backoffJitter]: numberText(retryPolicy.jitter),
  };
}

function milliseconds(duration: Duration | undefined): string {
  return numberText(duration?.toMilliseconds() ?? 0);
}
