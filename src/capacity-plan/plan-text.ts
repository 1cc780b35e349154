import { Duration } from 'aws-cdk-lib';
import type { CapacityPlan } from './capacity-plan';
import { grouped } from '../internal/prop-rules';

/** Lines of a plan in their sections: what it is, how much, and what to know of it. */
interface Section {
  readonly title: string;
  readonly lines: ReadonlyArray<readonly [what: string, value: string, note: string]>;
}

export function planText(plan: CapacityPlan): string {
  const all = sectionsOf(plan);
  const widths = [0, 1].map((column) => Math.max(...all.flatMap(({ lines }) => lines.map((line) => line[column]!.length))));
  return all.map(({ title, lines }) => [
    title, ...lines.map(([what, value, note]) => `  ${what.padEnd(widths[0]!)}  ${value.padStart(widths[1]!)}  ${note}`.trimEnd()),
  ].join('\n')).join('\n');
}

export function planMarkdown(plan: CapacityPlan): string {
  return sectionsOf(plan).map(({ title, lines }) => [
    `**${title}**`, '', '| | | |', '|---|---:|---|', ...lines.map(([what, value, note]) => `| ${what} | ${value} | ${note} |`),
  ].join('\n')).join('\n\n');
}

function sectionsOf(plan: CapacityPlan): Section[] {
  const { _load: load, _carrier: carrier } = plan;
  const limited = carrier.inExecutions ? 'maxConcurrency' : 'maximumConcurrency';
  return [
    {
      title: `${figure(load.jobsPerDay)} jobs a day of ${time(load.jobSeconds)} each`,
      lines: [
        ['jobs a second', figure(plan.jobsPerSecond), 'over the day'],
        ['at the peak', figure(plan.jobsPerSecondAtPeak), `${figure(load.peakFactor)} times as many, for ${time(load.peakSeconds)}`],
        ['jobs at once', figure(plan.offeredConcurrency), 'at the peak, if nothing limited them'],
        [`least ${limited}`, figure(plan.neededConcurrency), `with which 19 of 20 begin within ${time(load.maxWaitSeconds)}`],
      ],
    },
    {
      title: `With ${grouped(plan.concurrency)} at once (${{
        maximumConcurrency: 'maximumConcurrency', maxConcurrency: 'maxConcurrency', account: 'what the account allows', eventSource: 'what the queue causes at most', default: 'the default',
      }[carrier.concurrencyBy]})`,
      lines: [
        ['running', figure(plan.runningAtPeak), 'on average over the peak'],
        ['wait for the start', time(plan.meanWait.toSeconds({ integral: false })), 'on average, of those that come at the peak'],
        ['wait of 19 in 20', time(plan.longWait.toSeconds({ integral: false })), 'at most'],
        ['backlog', figure(plan.backlog), 'when the peak ends'],
        ['time to drain', plan.drainTime ? time(plan.drainTime.toSeconds({ integral: false })) : 'never', plan.drainTime ? 'after it' : 'too many come all day'],
        ...(carrier.database ? [] : [
          ['write units a second', figure(plan.tableWriteUnits), 'at the peak, those of indexes included'],
          ['read units a second', figure(plan.tableReadUnits), 'at the peak'],
        ] as const),
      ],
    },
    {
      title: `What is reached first, at ${figure(plan.firstLimitAtJobsPerDay)} jobs a day`,
      lines: plan.limits.slice(0, 5).map(({ name, used, limit, remedy }) => (
        [name, `${figure(used)} of ${grouped(Math.floor(limit * 100) / 100)}`, used > limit ? `${percent(used, limit)}: ${remedy}` : percent(used, limit)] as const)),
    },
    {
      title: `A month, in US dollars (${plan.prices})`,
      lines: [
        ...plan.costs.map(({ service, forJobs, fixed, what }) => [service, dollars(forJobs + fixed), what] as const),
        ['all', dollars(plan.monthlyCost), `${dollars(plan.costPerThousandJobs)} for a thousand jobs, beside what is billed without any`],
      ],
    },
  ];
}

/** Three digits that count, no more than a plan is good for. */
export function figure(value: number): string {
  if (value === 0) {
    return '0';
  }
  const digits = Math.floor(Math.log10(value));
  return digits < -3 ? '< 0.001' : grouped(Number(value.toFixed(Math.max(0, Math.min(3, 2 - digits)))));
}

export function dollars(value: number): string {
  return value > 0 && value < 0.1 ? value.toFixed(4) : value.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',');
}

/** A time as people say it. */
export function time(seconds: number): string {
  if (seconds === 0) {
    return '0 s';
  }
  return seconds < 1 ? `${figure(seconds * 1000)} ms` : seconds < 120 ? `${figure(seconds)} s` : Duration.seconds(Math.round(seconds)).toHumanString();
}

function percent(used: number, limit: number): string {
  return `${figure(100 * used / limit)} %`;
}
