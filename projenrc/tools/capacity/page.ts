import { plotOf, type Panel } from './plot';
import { simulate, type Simulated } from './simulate';
import { planOf, SYSTEMS, type PlannedSystem } from './systems';
import type { CapacityPlan } from '../../../src/capacity-plan/capacity-plan';
import { dollars, figure, time } from '../../../src/capacity-plan/plan-text';
import { queueAtPeak } from '../../../src/capacity-plan/queue-model';
import { priceListText } from '../../../src/pricing/prices';

/** So many jobs are simulated of each system, and of each point of the plot. */
const JOBS = { page: 120_000, point: 60_000 };
const MOST_PEAKS = 1_000;
/** What is less than this share of a job's time is no wait to speak of. */
const NO_WAIT = 0.01;
const LOADS = [0.5, 0.75, 1, 1.25, 1.5];

const BEGIN = '<!-- begin: written by npx projen docs:capacity -->';
const END = '<!-- end -->';

/** The page with its tables brought up to date, and its picture. */
export function capacityPage(page: string): { readonly page: string; readonly plot: string } {
  const planned = SYSTEMS.map(system => ({ system, plan: planOf(system) }));
  const tables = [
    `Prices: ${priceListText()}.`,
    sideBySide(planned.map(one => ({ ...one, seen: seen(one.plan, JOBS.page) }))),
    reached(planned),
    '### What was taken for granted',
    ['| system | it says | assumed |', '|---|---|---|', ...SYSTEMS.map(({ name, stated, assumed }) => `| ${name} | ${stated} | ${assumed} |`)].join('\n'),
  ].join('\n\n');
  const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
  return { page: `${before}${BEGIN}\n\n${tables}\n\n${after}`, plot: plotOf(SYSTEMS.filter(({ again }) => !again).map(panelOf)) };
}

interface Planned {
  readonly system: PlannedSystem;
  readonly plan: CapacityPlan;
}

/** As many peaks as make so many jobs. */
function seen({ _work: work }: CapacityPlan, jobs: number): Simulated {
  const peaks = Math.ceil(jobs / (work.peakRate * work.peakSeconds));
  return simulate(work, { peaks: Math.max(1, Math.min(MOST_PEAKS, peaks)), seed: 2026 });
}

function sideBySide(rows: ReadonlyArray<Planned & { readonly seen: Simulated }>): string {
  return [
    '| system | at once | running, planned | simulated | mean wait, planned | simulated | wait of 19 in 20, planned | simulated |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...rows.map(({ system, plan, seen: run }) => {
      const queue = queueAtPeak(plan._work);
      const wait = (seconds: number) => (seconds < NO_WAIT * plan._work.jobSeconds ? 'none' : time(seconds));
      return `| ${system.name} | ${figure(plan.concurrency)} | ${figure(queue.running)} | ${figure(run.running)} `
        + `| ${wait(queue.meanWait)} | ${wait(run.meanWait)} | ${wait(queue.longWait)} | ${wait(run.longWait)} |`;
    }),
  ].join('\n');
}

function reached(rows: readonly Planned[]): string {
  return [
    '| system | jobs a second at the peak | needs at once | reached first | at jobs a day | a month |',
    '|---|---:|---:|---|---:|---:|',
    ...rows.map(({ system, plan }) => `| ${system.name} | ${figure(plan.jobsPerSecondAtPeak)} | ${figure(plan.neededConcurrency)} `
      + `| ${plan.firstLimit.name} | ${figure(plan.firstLimitAtJobsPerDay)} | ${dollars(plan.monthlyCost)} USD |`),
  ].join('\n');
}

function panelOf(system: PlannedSystem): Panel {
  return {
    name: system.name,
    points: LOADS.map(times => {
      const plan = planOf(system, times);
      return { times, planned: queueAtPeak(plan._work).longWait, simulated: seen(plan, JOBS.point).longWait };
    }),
  };
}
