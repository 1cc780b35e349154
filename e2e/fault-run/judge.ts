import { endedAs } from './kinds';
import type { FaultRun } from './run';
import { overlaps, verdictOn } from './verdict';
import type { JobRecord } from '../../src/runtime/protocol/record';
import type { JobStatus } from '../job-client/job-client';
import { injected } from '../local-cloud/control';
import { Records } from '../support/records';
import { changesOf } from '../support/stream';
import { countIn } from '../support/tally';
import type { Subject } from '../support/use';

/** Attempts that were lost to failing services, and not to the plan, are seldom all attempts of a job. */
const LOST_SHARE = 1 / 50;

/** Counts what became of the jobs of a run, and expects that all is as it must be. */
export async function judge(name: string, subject: Subject, run: FaultRun, timeoutSeconds: number): Promise<void> {
  const { cloud, journal, deployed: { deployment } } = subject;
  const jobs = run.ids.length;
  const records = await new Records(cloud, deployment.output('TableName')).all();
  const verdict = verdictOn(run.ids, records, await changesOf(cloud, deployment.output('TableName')));
  countIn(name, { jobs, lost: verdict.lost.length, endedTwice: verdict.endedTwice.length });
  const faults = await injected(cloud);
  report(subject, run, faults);

  expect(new Set(run.ids).size).toBe(jobs);
  expect(verdict).toStrictEqual({ lost: [], endedTwice: [], untold: [], revived: [] });
  expect(records).toHaveLength(jobs + run.garbage);
  expectAsPlanned(run, new Map(records.map((record) => [record.job_id, record])));

  // as the handlers saw it
  const entries = journal.entries();
  const succeeded = new Set(entries.filter(({ event }) => event === 'succeed').map(({ job_id }) => job_id));
  expect(records.filter(({ job_id, status }) => status === 'succeeded' && !succeeded.has(job_id))).toStrictEqual([]);
  const overlapping = overlaps(entries, timeoutSeconds).map(({ job_id }) => entries.filter((entry) => entry.job_id === job_id));
  expect(overlapping).toStrictEqual([]);
  expect(entries.filter(({ event }) => event === 'unfenced')).toStrictEqual([]);
  expect(entries.filter(({ event }) => event === 'fenced').length).toBeGreaterThan(0);
  expect(Object.keys(faults).length).toBeGreaterThan(5);
}

function expectAsPlanned({ ids, kinds, retried }: FaultRun, records: ReadonlyMap<string, JobRecord>): void {
  const outcomes = ids.map((id, i) => {
    const record = records.get(id)!;
    return { plan: kinds[i].plan, record, how: endedAs(kinds[i], record as unknown as JobStatus) };
  });
  expect(outcomes.filter(({ how }) => how === 'otherwise')).toStrictEqual([]);
  expect(outcomes.filter(({ how }) => how === 'lost attempts').length).toBeLessThan(Math.max(3, ids.length * LOST_SHARE));
  expect(retried).toHaveLength(kinds.filter((kind) => kind.retried).length);
  expect(retried.filter((id) => records.get(id)!.generation !== 1)).toStrictEqual([]);
}

function report({ journal }: Subject, run: FaultRun, faults: Readonly<Record<string, number>>): void {
  const entries = journal.entries();
  const count = (event: string) => entries.filter((entry) => entry.event === event).length;
  process.stdout.write(`${run.ids.length} jobs in ${run.seconds.toFixed(0)} s (submitted in ${run.submittedSeconds.toFixed(0)} s): ${count('start')} attempts,`
    + ` ${count('kill')} killed, ${count('freeze')} frozen, ${count('fenced')} fenced, ${run.retried.length} retried;`
    + ` ${run.garbage} messages were no job; faults:\n`
    + Object.entries(faults).sort().map(([name, number]) => `  ${String(number).padStart(5)}  ${name}\n`).join(''));
}
