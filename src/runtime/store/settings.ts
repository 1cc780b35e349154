import { ENVIRONMENT } from '../wire/environment';

/** What all of a pipeline's functions are told by their environment. */
export interface PipelineSettings {
  readonly pipeline: string;
}

/** What a new job is made with. */
export interface JobSettings {
  readonly maxAttempts: number;
  readonly deadlineSeconds: number;
  readonly retentionSeconds: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A function was deployed without something it needs. */
export class ConfigurationError extends Error {
  readonly name = 'ConfigurationError';
}

export function pipelineSettings(environment: Environment): PipelineSettings {
  return { pipeline: text(environment, ENVIRONMENT.pipeline) };
}

export function jobSettings(environment: Environment): JobSettings {
  return {
    maxAttempts: integer(environment, ENVIRONMENT.maxAttempts, 1),
    deadlineSeconds: integer(environment, ENVIRONMENT.deadlineSeconds, 1),
    retentionSeconds: integer(environment, ENVIRONMENT.retentionSeconds, 1),
  };
}

export function text(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) {
    throw new ConfigurationError(`environment variable ${name} is missing: the construct sets it, and nothing else should`);
  }
  return value;
}

export function integer(environment: Environment, name: string, least: number): number {
  const value = Number(text(environment, name));
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ConfigurationError(`environment variable ${name} must be a whole number of at least ${least}, not "${environment[name]}"`);
  }
  return value;
}

export function fraction(environment: Environment, name: string): number {
  const value = Number(text(environment, name));
  if (!(value >= 0 && value <= 1)) {
    throw new ConfigurationError(`environment variable ${name} must be from 0 to 1, not "${environment[name]}"`);
  }
  return value;
}
