import { GraphWidget, LegendPosition, MathExpression, SingleValueWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { metricsOf, QUOTAS } from './quotas';
import { sumOf } from './sums';
import type { Detail, Watched } from './watched';
import { firstPlainMetric } from '../internal/metric-ids';

const SECONDS_OF_HOUR = 3600;
/** As AWS reckons a month. */
const HOURS_OF_MONTH = 730;
const HEIGHT = 6;
const NUMBERS_WIDTH = 6;
/** Of those that a widget may have; the rest is for the sums. */
const METRICS_TOGETHER = 440;

/** What everything costs, estimated: numbers over the range of the page, by service, and for what was finished. */
export function costRows(things: readonly Watched[], detail: Detail['costs']): IWidget[][] {
  const costly = things.filter(({ monitoring: { costs = [] } }) => costs.length > 0);
  if (costly.length === 0 || detail === 'none') {
    return [];
  }
  if (detail === 'byService') {
    const parts = together(costly);
    return parts.map((part, index) => [serviceGraph(part, QUOTAS.width, parts.length > 1 ? ` (${index + 1} of ${parts.length}: ${namesOf(part)})` : '')]);
  }
  const perThing = perThousand(things);
  const graphs = (QUOTAS.width - NUMBERS_WIDTH) / (perThing.length > 0 ? 2 : 1);
  return [[
    costNumbers(byService(costly), things, NUMBERS_WIDTH),
    serviceGraph(costly, graphs),
    ...(perThing.length > 0 ? [new GraphWidget({
      title: 'Estimated cost of 1,000 finished, US dollars (of what is each thing\'s own)',
      left: perThing,
      leftYAxis: { min: 0, showUnits: false },
      width: graphs,
      height: HEIGHT,
    })] : []),
  ]];
}

function serviceGraph(things: readonly Watched[], width: number, part = ''): IWidget {
  return new GraphWidget({
    title: `Estimated cost by service, US dollars an hour${part}`,
    left: byService(things).map(([service, sum], index) => overTime(service, `service${index}`, sum, 1)),
    stacked: true,
    leftYAxis: { min: 0, showUnits: false },
    legendPosition: LegendPosition.RIGHT,
    width,
    height: HEIGHT,
  });
}

/** Things of which one graph has room for the costs, in their order; one that has none by itself is found when the page is measured. */
function together(things: readonly Watched[]): Watched[][] {
  const parts: Watched[][] = [[]];
  let used = 0;
  for (const thing of things) {
    const needed = thing.monitoring.costs!.reduce((sum, { metric }) => sum + metricsOf(metric), 0);
    if (used + needed > METRICS_TOGETHER && used > 0) {
      parts.push([]);
      used = 0;
    }
    parts.at(-1)!.push(thing);
    used += needed;
  }
  return parts;
}

function namesOf(things: readonly Watched[]): string {
  const [first, last] = [things[0]!.monitoring.title, things.at(-1)!.monitoring.title];
  return things.length > 1 ? `${first} to ${last}` : first;
}

function costNumbers(services: readonly Service[], things: readonly Watched[], width: number): IWidget {
  const usingMetrics: Record<string, IMetric> = Object.fromEntries(services.map(([, sum], index) => [`service${index}`, sum]));
  const total = new MathExpression({ expression: Object.keys(usingMetrics).join(' + '), usingMetrics, label: 'In this range' });
  const finished = things.flatMap(({ monitoring: { verdict } }) => verdict?.finished ?? []);
  return new SingleValueWidget({
    title: 'Estimated cost, US dollars',
    metrics: [
      total,
      overTime('An hour', 'total', total, 1),
      overTime('A month', 'total', total, HOURS_OF_MONTH),
      ...(finished.length > 0 ? [new MathExpression({
        expression: '1000 * total / finished',
        usingMetrics: { total, finished: sumOf(finished, 'f') },
        label: 'For 1,000 finished',
      })] : []),
    ],
    setPeriodToTimeRange: true,
    width,
    height: HEIGHT,
  });
}

type Service = readonly [service: string, sum: MathExpression];

/** The cost of each service, those first that are named first. */
function byService(things: readonly Watched[]): Service[] {
  const metrics = new Map<string, IMetric[]>();
  for (const { service, metric } of things.flatMap(({ monitoring: { costs } }) => costs ?? [])) {
    metrics.set(service, [...metrics.get(service) ?? [], metric]);
  }
  return [...metrics].map(([service, all], index) => [service, sumOf(all, `s${index}c`)]);
}

/** For each thing that says both what it costs and what it finished. */
function perThousand(things: readonly Watched[]): IMetric[] {
  return things.flatMap(({ monitoring: { title, costs = [], verdict } }, index) => (costs.length > 0 && verdict?.finished ? [new MathExpression({
    expression: `1000 * cost${index} / finished${index}`,
    usingMetrics: {
      [`cost${index}`]: sumOf(costs.map(({ metric }) => metric), `t${index}c`),
      [`finished${index}`]: sumOf([verdict.finished], `t${index}f`),
    },
    label: title,
  })] : []));
}

/** A cost over the time that passes meanwhile. The page may choose another period than ours, so it is asked for. */
function overTime(label: string, id: string, cost: MathExpression, hours: number): MathExpression {
  const [measured, metric] = firstPlainMetric({ [id]: cost }) ?? [];
  return new MathExpression({
    expression: `${id} / ${measured === undefined ? cost.period.toSeconds() : `PERIOD(${measured})`} * ${SECONDS_OF_HOUR * hours}`,
    usingMetrics: { [id]: cost, ...(measured !== undefined && metric && { [measured]: metric }) },
    label,
  });
}
