import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { pauseAfter } from './pipeline-alarms';
import { ASSUMED_CALLS_AT_ONCE, concurrencyOf } from './pipeline-functions';
import type { JobProcessingPipelineProps } from './pipeline-props';
import type { PipelineSettings } from './pipeline-settings';
import { seconds } from '../internal/prop-rules';

/** Attempts that take their whole time may leave none for the last ones: the deadline ends the job before. */
export function warnOfRetries(scope: IConstruct, { processor }: JobProcessingPipelineProps, { retryPolicy, deadline }: PipelineSettings): void {
  const end = seconds(deadline);
  const attempt = seconds(processor._kind.attemptTimeout);
  if (end === undefined || attempt === undefined) {
    return;
  }
  let begins = 0;
  let fit = 1;
  while (fit < retryPolicy.maxAttempts && begins + attempt + pauseAfter(retryPolicy, fit) < end) {
    begins += attempt + pauseAfter(retryPolicy, fit);
    fit += 1;
  }
  if (fit < retryPolicy.maxAttempts) {
    Annotations.of(scope).addWarningV2('cdk-jobworks:pipeline.retriesPastDeadline',
      `The deadline (${deadline.toHumanString()}) may come before attempt ${fit + 1} of ${retryPolicy.maxAttempts}: attempts take up to ${attempt} s each, with pauses of up to `
      + `${Array.from({ length: fit }, (_, index) => `${pauseAfter(retryPolicy, index + 1)} s`).join(', ')} after them. `
      + 'Raise deadline, lower maxAttempts, the pauses or the timeout of the function, or acknowledge this if attempts that fail are short.');
  }
}

/** A database has few connections, and whoever counts them should know how many there will be. */
export function warnOfConnections(scope: IConstruct, { store, api }: PipelineSettings): void {
  if (store.isScarce && api && concurrencyOf(api) === undefined) {
    Annotations.of(scope).addWarningV2('cdk-jobworks:pipeline.unknownConcurrency',
      `Nothing is known of how many calls of the API come at once, each of which takes a connection to the database: ${ASSUMED_CALLS_AT_ONCE} of each function, or as many as are provisioned, are `
      + 'reckoned with, and more may come. Fix: give the API reservedConcurrency, or acknowledge this if calls are few.');
  }
}
