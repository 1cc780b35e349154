import type { Context } from 'aws-lambda';
import type { JobRecord } from '../../protocol/record';
import { type Expiry, removeAllExpired } from '../../store/expiry';
import type { IndexEntry, JobIndex } from '../../store/job-index';
import { perform, Ports } from '../../store/perform';
import type { Log } from '../../telemetry/log';
import type { Counting } from '../../telemetry/pipeline-metrics';
import { reportGivenUp } from '../given-up';
import { type ExecutionParts, performAsking } from '../state-machine/settle';
import { sweepExecutions } from '../state-machine/sweep-executions';

/** What is swept with. */
export interface SweeperParts {
  readonly ports: Ports;
  readonly index: Pick<JobIndex, 'open' | 'records'>;
  readonly metrics: Counting;
  /** Where attempts are executions of a state machine. */
  readonly executions?: ExecutionParts;
  /** Where the store does not remove by itself what has expired. */
  readonly expiry?: Expiry;
  readonly log: Log;
}

/** What a call has done. */
export interface Swept {
  /** Records that were looked at. */
  readonly judged: number;
  /** Jobs that were ended. */
  readonly ended: number;
  /** Whether everything was seen that was due when the call began; what was not is seen by the next. */
  readonly complete: boolean;
  /** Records and counts that had expired, where the store leaves that to the sweeper. */
  readonly removed?: number;
}

/** Some jobs could not be swept. The others were, and the next call tries these again. */
export class SweepFailed extends Error {
  readonly name = 'SweepFailed';
}

const PAGE = 100;

/** So many records are written at a time. */
const AT_ONCE = 10;

/** The next ones are begun only with so much time left: that of a write, with all repetitions of its client, and some to spare. */
const RESERVE_MS = 15_000;

/**
 * Ends the jobs that are past their deadline and not running, and removes what has expired where nobody else does. What goes wrong with one
 * stops nobody else's sweep, but the call fails in the end, so that it is seen.
 * @throws SweepFailed
 */
export async function sweep({ getRemainingTimeInMillis }: Pick<Context, 'getRemainingTimeInMillis'>, parts: SweeperParts): Promise<Swept> {
  const { log, metrics } = parts;
  const count = { ended: 0, left: 0, failed: 0 };
  let complete = true;
  try {
    if (parts.executions) {
      count.failed += (await sweepExecutions(getRemainingTimeInMillis, { ...parts, ...parts.executions })).failed;
    }
    for await (const records of dueRecords(parts)) {
      if (judged(count) > 0 && getRemainingTimeInMillis() < RESERVE_MS) {
        complete = false;
        break;
      }
      const done = await Promise.all(records.map(async (record) => sweepOne(record, parts)));
      done.forEach((what) => count[what]++);
    }
  } finally {
    metrics.publish();
  }
  log[complete ? 'info' : 'warn'](complete ? 'swept' : 'too little time for the rest: left for the next call', count);
  const removed = await removeExpired(getRemainingTimeInMillis, parts);
  if (count.failed > 0) {
    throw new SweepFailed(`${count.failed} of ${judged(count)} jobs past their deadline could not be ended: see "the job could not be swept"`);
  }
  return { judged: judged(count), ended: count.ended, complete, ...removed };
}

/** With the time that the sweep has left: what is not removed now is no job any more for anybody who reads it. */
async function removeExpired(remainingMs: () => number, { expiry, ports, log }: SweeperParts): Promise<Pick<Swept, 'removed'>> {
  if (!expiry) {
    return {};
  }
  const { removed, complete } = await removeAllExpired(expiry, ports.now(), () => remainingMs() > RESERVE_MS);
  log.info(complete ? 'what had expired was removed' : 'some of what had expired was removed: the rest is left for the next call', { removed });
  return { removed };
}

/** What was due when the call began, as many at a time as are written together. */
async function* dueRecords({ index, ports }: SweeperParts): AsyncGenerator<readonly JobRecord[]> {
  const until = ports.now();
  let entries: readonly IndexEntry[] = [];
  do {
    entries = await index.open(until, PAGE, entries.at(-1));
    const records = await index.records(entries.map(({ job_id }) => job_id));
    for (let start = 0; start < records.length; start += AT_ONCE) {
      yield records.slice(start, start + AT_ONCE);
    }
  } while (entries.length === PAGE);
}

type Count = { ended: number; left: number; failed: number };

async function sweepOne(record: JobRecord, { ports, log: common, metrics, executions }: SweeperParts): Promise<keyof Count> {
  const { job_id, owner, correlation_id, generation } = record;
  const log = common.with({ job_id, owner, correlation_id, generation });
  try {
    const done = executions
      ? await performAsking({ type: 'sweep' }, record, ports, executions, { metrics, log })
      : await perform({ type: 'sweep' }, record, ports);
    reportGivenUp(done, log, metrics);
    return done.outcome === 'overdue' || done.outcome === 'cancelled' ? 'ended' : 'left';
  } catch (error) {
    log.error('the job could not be swept', error as Error);
    return 'failed';
  }
}

function judged({ ended, left, failed }: Count): number {
  return ended + left + failed;
}
