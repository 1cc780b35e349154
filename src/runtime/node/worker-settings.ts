import type { Backoff } from '../protocol/backoff';
import { Environment, fraction, integer, PipelineSettings, pipelineSettings, text } from '../store/settings';
import { ENVIRONMENT } from '../wire/environment';

/** What the layer is told by the environment of the user's function. */
export interface WorkerSettings extends PipelineSettings {
  readonly queueUrl: string;
  readonly queueArn: string;
  /** The user's handler string. */
  readonly handler: string;
  readonly backoff: Backoff;
  /** How long before the timeout an attempt is asked to stop. */
  readonly shutdownMs: number;
}

export function workerSettings(environment: Environment): WorkerSettings {
  return {
    ...pipelineSettings(environment),
    queueUrl: text(environment, ENVIRONMENT.queueUrl),
    queueArn: text(environment, ENVIRONMENT.queueArn),
    handler: text(environment, ENVIRONMENT.handler),
    backoff: {
      first_ms: integer(environment, ENVIRONMENT.backoffFirstMs, 0),
      max_ms: integer(environment, ENVIRONMENT.backoffMaxMs, 0),
      jitter: fraction(environment, ENVIRONMENT.backoffJitter),
    },
    shutdownMs: integer(environment, ENVIRONMENT.shutdownMs, 0),
  };
}
