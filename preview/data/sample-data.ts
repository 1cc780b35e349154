import { samplesOf } from './metric-model';
import { uniform } from './random';
import { combined, type Samples } from './statistics';
import { type State, World } from './world';
import type { MetricIdentity, MetricSource } from '../../metric-math/metric-data';
import type { Search } from '../../metric-math/search';
import { timestamps, type Window } from '../../metric-math/series';

/** Values of dimensions that a search finds when it does not name them. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  Stage: ['read', 'measure', 'classify', 'report'],
  Cause: ['attempts', 'deadline'],
  Owner: ['acme', 'globex', 'initech'],
  Resource: ['/process-drawing', '/status/{job_id}'],
  Method: ['POST', 'GET'],
  GlobalSecondaryIndexName: ['deadline', 'owner', 'failed'],
};
const MOST_FOUND = 8;

/** Seconds, as most graphs have them. */
const PART = 300;
const MOST_PARTS = 300;

/** Metrics of a small system that never was, the same at every run. */
export class SampleData implements MetricSource {
  private readonly world: World;
  /** Graphs ask for the same again and again. */
  private readonly known = new Map<string, ReadonlyMap<number, number>>();

  /**
   * @param systems how many pipelines there are on the page: of several, each has a size of its own
   * @param timeouts of functions by their name, in seconds
   */
  constructor(state: State, private readonly systems = 1, private readonly timeouts: ReadonlyMap<string, number> = new Map()) {
    this.world = new World(state);
  }

  public values(metric: MetricIdentity, stat: string, window: Window): ReadonlyMap<number, number> {
    const key = JSON.stringify([metric.namespace, metric.metricName, metric.dimensions, stat, window]);
    const values = this.known.get(key) ?? this.made(metric, stat, window);
    this.known.set(key, values);
    return values;
  }

  private made(metric: MetricIdentity, stat: string, window: Window): ReadonlyMap<number, number> {
    return new Map(timestamps(window).flatMap((start) => {
      const value = combined(stat, this.parts(metric, start, Math.min(start + window.period, window.end) - start));
      return value === undefined ? [] : [[start, value] as const];
    }));
  }

  /** A long period is made of short ones, so that a sum over hours is that of the graph beside it. */
  private parts(metric: MetricIdentity, start: number, length: number): Samples[] {
    const step = Math.max(Math.min(PART, length), length / MOST_PARTS);
    return timestamps({ start, end: start + length, period: step }).map((at) => samplesOf({
      ...metric,
      world: this.world,
      time: (at + step / 2) * 1000,
      minutes: step / 60,
      scale: this.scaleOf(metric),
      timeout: 1000 * (this.timeouts.get(metric.dimensions.FunctionName) ?? Infinity),
    }));
  }

  public find({ namespace, dimensionNames, metricName = 'Count', dimensions }: Search): readonly MetricIdentity[] {
    const all = dimensionNames.reduce<readonly Record<string, string>[]>(
      (found, name) => found.flatMap((known) => valuesOf(name, dimensions).map((value) => ({ ...known, [name]: value }))), [{}],
    );
    return all.slice(0, MOST_FOUND).map((found) => ({ namespace, metricName, dimensions: found }));
  }

  /** Whatever belongs to one system begins with the same word: a pipeline's name, and the place of its functions and queues in the app. */
  private scaleOf({ dimensions }: MetricIdentity): number {
    const [word] = /^[a-z]+/.exec((dimensions.Pipeline ?? Object.values(dimensions)[0] ?? '').toLowerCase()) ?? [''];
    return this.systems > 1 ? 0.25 + 1.6 * uniform(`size of ${word}`) ** 2 : 1;
  }
}

function valuesOf(name: string, dimensions: Readonly<Record<string, string>>): readonly string[] {
  return name in dimensions ? [dimensions[name]] : FOUND[name] ?? [`${name.toLowerCase()}-1`, `${name.toLowerCase()}-2`];
}
