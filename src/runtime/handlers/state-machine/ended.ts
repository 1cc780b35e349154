import { parseExecutionName } from './execution-name';
import type { EndedExecution } from './executions';
import { type ExecutionParts, NO_MESSAGE, release, settle } from './settle';
import type { Ports } from '../../store/perform';
import type { Log } from '../../telemetry/log';
import type { Counting } from '../../telemetry/pipeline-metrics';

/** As much as it takes of what EventBridge tells of an execution. @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export interface ExecutionEvent {
  readonly detail: {
    readonly name: string;
    readonly status: EndedExecution['status'];
    readonly output?: string | null;
    readonly error?: string | null;
    readonly cause?: string | null;
  };
}

/** What the ends of executions are dealt with. */
export interface EndedParts extends ExecutionParts {
  readonly ports: Ports;
  readonly metrics: Counting & { publish(): void };
  readonly log: Log;
}

/** An execution was told of that Step Functions does not know. */
export class NoSuchExecution extends Error {
  readonly name = 'NoSuchExecution';
}

/** An execution has ended: its job goes on. What fails here is called again, and what is lost is found by the sweeper. */
export async function executionEnded({ detail }: ExecutionEvent, parts: EndedParts): Promise<void> {
  const { ports, metrics } = parts;
  const id = parseExecutionName(detail.name);
  if (!id) {
    parts.log.debug('an execution that is no job\'s has ended', { name: detail.name });
    return;
  }
  const record = await ports.store.read(id.job_id);
  const log = parts.log.with({ job_id: id.job_id, ...(record && { owner: record.owner, correlation_id: record.correlation_id }) });
  if (record?.generation !== id.generation || record.run !== id.run) {
    log.info('an execution has ended that is no longer its job\'s attempt', { execution: detail.status, run: id.run });
    await release(detail.name, parts, log);
    return;
  }
  try {
    await settle(record, await inFull(detail, parts), { ...ports, delivery: NO_MESSAGE }, parts, { metrics, log });
  } finally {
    metrics.publish();
  }
}

/** An event has at most 256 KB, and says nothing of what a state machine with a key of its own works on: then Step Functions is asked. */
async function inFull({ name, status, output, error, cause }: ExecutionEvent['detail'], { executions }: ExecutionParts): Promise<EndedExecution> {
  if (status === 'SUCCEEDED' ? typeof output === 'string' : typeof error === 'string' || typeof cause === 'string') {
    return { status, output: output ?? undefined, error: error ?? undefined, cause: cause ?? undefined };
  }
  const execution = await executions.describe(name);
  if (!execution || execution.status === 'RUNNING') {
    throw new NoSuchExecution(`the execution ${name} has ended (${status}), and Step Functions says otherwise`);
  }
  return execution;
}
