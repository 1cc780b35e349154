import type { Backoff } from '../protocol/backoff';
import { Environment, fraction, integer, PipelineSettings, pipelineSettings, text } from '../store/settings';
import { ENVIRONMENT } from '../wire/environment';

/** What whoever runs jobs is told by its environment: the layer in the user's function, or the runner. */
export interface WorkerSettings extends PipelineSettings {
  readonly queueUrl: string;
  readonly queueArn: string;
  /** First part of the keys of the pipeline's files. */
  readonly filesPrefix: string;
  /** Where what is too long for a record is stored; none without one. */
  readonly bucket?: string;
  readonly backoff: Backoff;
  /** How long before the timeout an attempt is asked to stop. */
  readonly shutdownMs: number;
}

export function workerSettings(environment: Environment): WorkerSettings {
  return {
    ...pipelineSettings(environment),
    queueUrl: text(environment, ENVIRONMENT.queueUrl),
    queueArn: text(environment, ENVIRONMENT.queueArn),
    filesPrefix: text(environment, ENVIRONMENT.filesPrefix),
    ...(environment[ENVIRONMENT.bucket] && { bucket: environment[ENVIRONMENT.bucket] }),
    backoff: backoffSettings(environment),
    shutdownMs: integer(environment, ENVIRONMENT.shutdownMs, 0),
  };
}

/** How long to wait between attempts. */
export function backoffSettings(environment: Environment): Backoff {
  return {
    first_ms: integer(environment, ENVIRONMENT.backoffFirstMs, 0),
    max_ms: integer(environment, ENVIRONMENT.backoffMaxMs, 0),
    jitter: fraction(environment, ENVIRONMENT.backoffJitter),
  };
}
