import type { Search } from './search';
import { timestamps, withValues, type TimeSeries, type Window } from './series';
import { statistic } from './statistics';

/** What CloudWatch knows a metric by: all three together, dimensions exactly. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Something that has values of metrics: those of a run, or made up to be drawn. */
export interface MetricSource {
  /** A statistic of a metric for each period of a window that has values. */
  values(metric: MetricIdentity, stat: string, window: Window): ReadonlyMap<number, number>;
  /** The metrics that a search finds. */
  find(search: Search): readonly MetricIdentity[];
}

/** One value that was reported, at a time in seconds since 1970. */
export type Sample = readonly [time: number, value: number];

/** What was reported in a run, value by value. */
export class MetricData implements MetricSource {
  private readonly metrics = new Map<string, { identity: MetricIdentity; samples: Sample[] }>();

  public add(identity: MetricIdentity, ...samples: readonly Sample[]): void {
    const key = keyOf(identity);
    const known = this.metrics.get(key) ?? { identity, samples: [] };
    known.samples.push(...samples);
    this.metrics.set(key, known);
  }

  /** Every metric that has a value. */
  public get identities(): readonly MetricIdentity[] {
    return [...this.metrics.values()].filter(({ samples }) => samples.length > 0).map(({ identity }) => identity);
  }

  public samples(identity: MetricIdentity): readonly Sample[] {
    return this.metrics.get(keyOf(identity))?.samples ?? [];
  }

  public values(metric: MetricIdentity, stat: string, window: Window): ReadonlyMap<number, number> {
    const samples = this.samples(metric);
    const periods = timestamps(window).map(start => {
      const inside = samples.filter(([time]) => time >= start && time < start + window.period).map(([, value]) => value);
      return [start, statistic(stat, inside)] as const;
    });
    return withValues({ id: '', label: '', period: window.period, values: new Map() }, periods).values;
  }

  public find({ namespace, dimensionNames, metricName, dimensions }: Search): readonly MetricIdentity[] {
    return this.identities.filter(identity => identity.namespace === namespace
      && sameNames(Object.keys(identity.dimensions), dimensionNames)
      && (metricName === undefined || identity.metricName === metricName)
      && Object.entries(dimensions).every(([name, value]) => identity.dimensions[name] === value));
  }
}

/** The series of a metric, as an expression gets it. */
export function seriesOf(
  source: MetricSource,
  metric: MetricIdentity,
  stat: string,
  window: Window,
  { id, label = metric.metricName }: { id: string; label?: string },
): TimeSeries {
  return { id, label, period: window.period, values: source.values(metric, stat, window) };
}

export function keyOf({ namespace, metricName, dimensions }: MetricIdentity): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([namespace, metricName, sorted]);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(name => b.includes(name));
}
