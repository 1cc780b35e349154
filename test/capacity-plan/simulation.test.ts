import { simulate } from '../../projenrc/tools/capacity/simulate';
import { queueAtPeak, type QueuedWork } from '../../src/capacity-plan/queue-model';

/*
 * The model against a simulation that knows nothing of it: jobs one by one, in turn, with a seed. Waits of less than a hundredth of a job's time are
 * no figure that anybody plans by; they are only held to be as short.
 */

const DAY = 86_400;
const WITHIN = 0.1;

interface Case {
  /** Jobs a day. */
  readonly jobs: number;
  readonly jobSeconds: number;
  /** Of the servers, how many would be busy at the peak. */
  readonly busy: number;
  readonly variation: number;
  /** Of one peak; short enough for a test, and long against a job. */
  readonly peakSeconds: number;
  readonly peaks: number;
}

function workOf({ jobs, jobSeconds, busy, variation, peakSeconds }: Case): QueuedWork {
  const peakRate = 3 * jobs / DAY;
  return { baseRate: 0.9 * jobs / DAY, peakRate, peakSeconds, jobSeconds, variation, servers: Math.round(peakRate * jobSeconds / busy) };
}

test.each<Case>([
  { jobs: 3_000, jobSeconds: 120, busy: 0.9, variation: 1, peakSeconds: 14_400, peaks: 80 },
  { jobs: 3_000, jobSeconds: 120, busy: 1.3, variation: 1, peakSeconds: 14_400, peaks: 20 },
  { jobs: 30_000, jobSeconds: 30, busy: 0.95, variation: 1, peakSeconds: 3_600, peaks: 60 },
  { jobs: 30_000, jobSeconds: 30, busy: 1, variation: 1, peakSeconds: 3_600, peaks: 120 },
  { jobs: 30_000, jobSeconds: 30, busy: 0.95, variation: 0, peakSeconds: 3_600, peaks: 30 },
  { jobs: 30_000, jobSeconds: 30, busy: 1.1, variation: 0.5, peakSeconds: 3_600, peaks: 10 },
  { jobs: 1_000_000, jobSeconds: 2, busy: 0.5, variation: 1, peakSeconds: 600, peaks: 1 },
  { jobs: 1_000_000, jobSeconds: 2, busy: 1.2, variation: 1, peakSeconds: 1_200, peaks: 3 },
  { jobs: 1_000_000, jobSeconds: 2, busy: 2, variation: 2, peakSeconds: 600, peaks: 4 },
  { jobs: 10_000_000, jobSeconds: 0.05, busy: 0.9, variation: 0.5, peakSeconds: 300, peaks: 3 },
  { jobs: 100_000_000, jobSeconds: 0.1, busy: 0.7, variation: 1, peakSeconds: 20, peaks: 1 },
  { jobs: 100_000_000, jobSeconds: 0.1, busy: 1.1, variation: 1, peakSeconds: 30, peaks: 2 },
  { jobs: 100_000_000, jobSeconds: 0.3, busy: 1.5, variation: 1, peakSeconds: 30, peaks: 1 },
])('$jobs jobs a day of $jobSeconds s, $busy busy, varying by $variation: as simulated', (given) => {
  const work = workOf(given);
  const plan = queueAtPeak(work);
  const seen = simulate(work, { peaks: given.peaks });
  expect(near(plan.running, seen.running, 0)).toBe('near');
  expect(near(plan.meanWait, seen.meanWait, work.jobSeconds / 100)).toBe('near');
  expect(near(plan.longWait, seen.longWait, work.jobSeconds / 100)).toBe('near');
  expect(near(plan.backlog, seen.backlog, 5 + 2 * seen.error.backlog)).toBe('near');
});

test('with pollers that grow by 300 a minute: as simulated', () => {
  const work: QueuedWork = {
    baseRate: 100, peakRate: 600, peakSeconds: 400, jobSeconds: 1, variation: 1, servers: 1_000, growth: { first: 120, perSecond: 5 },
  };
  const [plan, seen] = [queueAtPeak(work), simulate(work, { peaks: 1 })];
  expect(near(plan.running, seen.running, 0)).toBe('near');
  expect(near(plan.meanWait, seen.meanWait, 0)).toBe('near');
  expect(near(plan.longWait, seen.longWait, 0)).toBe('near');
});

test('jobs that vary much wait less than the plan has it, while there are servers enough: it is a bound', () => {
  const work = workOf({ jobs: 1_000_000, jobSeconds: 2, busy: 0.9, variation: 2, peakSeconds: 1_200, peaks: 5 });
  const [plan, seen] = [queueAtPeak(work), simulate(work, { peaks: 5 })];
  expect(plan.meanWait).toBeGreaterThan(seen.meanWait);
  expect(plan.meanWait).toBeLessThan(2 * seen.meanWait);
});

test('one seed, one simulation', () => {
  const work = workOf({ jobs: 3_000, jobSeconds: 120, busy: 0.9, variation: 1, peakSeconds: 3_600, peaks: 2 });
  expect(simulate(work, { seed: 7 })).toEqual(simulate(work, { seed: 7 }));
  expect(simulate(work, { seed: 7 })).not.toEqual(simulate(work, { seed: 8 }));
});

test('the simulation has the times that it is asked for, and as many jobs', () => {
  const work: QueuedWork = { baseRate: 0.1, peakRate: 5, peakSeconds: 20_000, jobSeconds: 3, variation: 0.5, servers: 1_000 };
  const { running, jobs, meanWait } = simulate(work, { peaks: 1 });
  expect(jobs / 100_000).toBeCloseTo(1, 1);
  expect(running / 15).toBeCloseTo(1, 1); // Little's law
  expect(meanWait).toBe(0);
});

function near(planned: number, seen: number, slack: number): string {
  const off = Math.abs(planned - seen);
  return off <= WITHIN * seen || off <= slack ? 'near' : `${planned}, simulated ${seen}`;
}
