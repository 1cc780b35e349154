import type { JobRecord } from '../../protocol/record';
import { JOB_ID_PATTERN } from '../../wire/job';

/** Which attempt of which job an execution is. */
export type ExecutionId = Pick<JobRecord, 'job_id' | 'generation' | 'run'>;

const NAME = new RegExp(`${JOB_ID_PATTERN.slice(0, -1)}-(\\d{1,15})-(\\d{1,15})$`);

/** One execution an attempt, so that one started twice is the same: 65 characters at most, of which Step Functions allows 80. */
export function executionName({ job_id, generation, run }: ExecutionId): string {
  return `${job_id}-${generation}-${run}`;
}

/** Undefined for what somebody else has started. */
export function parseExecutionName(name: string): ExecutionId | undefined {
  const [, generation, run] = NAME.exec(name) ?? [];
  return generation === undefined ? undefined : { job_id: name.slice(0, name.indexOf('-')), generation: Number(generation), run: Number(run) };
}

/** The ARN that the execution of a standard state machine has. */
export function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
