import { executionName } from './execution-name';
import { type ExecutionParts, stop } from './settle';
import { SfnExecutions } from './sfn-executions';
import type { StopExecution } from './stop-execution';
import { backoffSettings } from '../../node/worker-settings';
import type { CallLimits } from '../../store/aws-clients';
import { S3JobFiles } from '../../store/files/s3-job-files';
import { type Environment, integer, text } from '../../store/settings';
import type { Slots } from '../../store/slots';
import { ENVIRONMENT } from '../../wire/environment';

/** What a function judges executions with; nothing where no state machine runs the jobs. */
export function executionParts(environment: Environment, slots: Slots, limits: CallLimits): ExecutionParts | undefined {
  const executions = executionsOf(environment, limits);
  const bucket = environment[ENVIRONMENT.bucket];
  return executions && {
    executions,
    slots,
    ...(bucket && { files: new S3JobFiles(bucket, limits) }),
    filesPrefix: text(environment, ENVIRONMENT.filesPrefix),
    backoff: backoffSettings(environment),
    timeoutMs: integer(environment, ENVIRONMENT.executionTimeoutSeconds, 1) * 1000,
    random: Math.random,
  };
}

/** What stops the execution of a job that is to be cancelled; nothing where no state machine runs the jobs. */
export function stopExecution(environment: Environment, limits: CallLimits): StopExecution | undefined {
  const executions = executionsOf(environment, limits);
  return executions && (async (record, log) => stop(executionName(record), 'the job was cancelled', { executions }, log));
}

function executionsOf(environment: Environment, limits: CallLimits): SfnExecutions | undefined {
  const stateMachine = environment[ENVIRONMENT.stateMachine];
  return stateMachine ? new SfnExecutions(stateMachine, limits) : undefined;
}
