import { parseExecutionName } from './execution-name';
import { type ExecutionParts, release, settle, stop } from './settle';
import { isExpired, isLeased } from '../../protocol/record';
import type { Ports } from '../../store/perform';
import type { Log } from '../../telemetry/log';
import type { Counting } from '../../telemetry/pipeline-metrics';

/** What executions are swept with. */
export interface ExecutionSweep extends ExecutionParts {
  readonly ports: Ports;
  readonly metrics: Counting;
  readonly log: Log;
}

/** What was done about executions. */
export interface SweptExecutions {
  running: number;
  /** Whose end nobody had been told of. */
  settled: number;
  /** Stopped because their jobs are to be cancelled, or another attempt has taken their place. */
  stopped: number;
  /** Slots that nothing was running in. */
  released: number;
  failed: number;
}

const AT_ONCE = 10;

/** The next ones are begun only with so much time left. */
const RESERVE_MS = 15_000;

/**
 * Looks at every execution that has a slot, which is each that is under way. Of one that has ended, its event was lost or is on its way.
 * What goes wrong with one stops nobody else's sweep.
 */
export async function sweepExecutions(remainingMs: () => number, parts: ExecutionSweep): Promise<SweptExecutions> {
  const count: SweptExecutions = { running: 0, settled: 0, stopped: 0, released: 0, failed: 0 };
  const names = await parts.slots.names();
  for (let start = 0; start < names.length && (start === 0 || remainingMs() > RESERVE_MS); start += AT_ONCE) {
    const done = await Promise.all(names.slice(start, start + AT_ONCE).map(async (name) => sweepOne(name, parts)));
    done.forEach((what) => count[what]++);
  }
  if (names.length > 0) {
    parts.log.info('executions swept', { ...count });
  }
  return count;
}

async function sweepOne(name: string, parts: ExecutionSweep): Promise<keyof SweptExecutions> {
  const log = parts.log.with({ job_id: parseExecutionName(name)?.job_id, execution_name: name });
  try {
    return await judge(name, parts, log);
  } catch (error) {
    log.error('the execution could not be swept', error as Error);
    return 'failed';
  }
}

/** The record first: who has a slot has claimed it before, so what is read here is that attempt's, or what came after it. */
async function judge(name: string, parts: ExecutionSweep, log: Log): Promise<keyof SweptExecutions> {
  const { ports, executions, slots } = parts;
  const id = parseExecutionName(name);
  const record = id && await ports.store.read(id.job_id);
  const now = ports.now();
  const attempt = record && !isExpired(record, now) && record.status === 'processing'
    && record.generation === id.generation && record.run === id.run ? record : undefined;
  const execution = await executions.describe(name);
  if (!execution) {
    if (attempt && isLeased(attempt, now)) {
      return 'running'; // it is being started
    }
    log.warn('a slot was kept for an execution that was never started');
    await slots.release(name);
    return 'released';
  }
  if (execution.status !== 'RUNNING') {
    if (!attempt) {
      await release(name, parts, log);
      return 'released';
    }
    log.warn('an execution has ended whose event did not come');
    await settle(attempt, execution, ports, parts, { metrics: parts.metrics, log });
    return 'settled';
  }
  if (!attempt || attempt.cancel_requested) {
    await stop(name, attempt ? 'the job is to be cancelled' : 'it is no longer its job\'s attempt', parts, log);
    return 'stopped';
  }
  if (!isLeased(attempt, now)) {
    log.warn('an execution takes longer than was stated: it is left to itself', { started_at: attempt.started_at });
  }
  return 'running';
}
