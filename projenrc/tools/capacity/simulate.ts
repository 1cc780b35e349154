import type { QueuedWork } from '../../../src/capacity-plan/queue-model';

/** Taken out of the global object once: within jest each look at that takes longer than all else of an event. */
const { cos, exp, floor, log, max, min, sqrt } = Math;

/** What was seen of one peak, or of several on average. */
export interface Observed {
  readonly running: number;
  readonly meanWait: number;
  readonly longWait: number;
  readonly backlog: number;
}

/** Half of the interval that has the mean with 95 % confidence, for each of the figures. */
export interface Simulated extends Observed {
  readonly error: Observed;
  readonly jobs: number;
}

/** Event by event: jobs come at random, wait in turn, and take a time at random. Each peak is another one, from one seed. */
export function simulate(work: QueuedWork, { peaks = 5, seed = 1 }: { readonly peaks?: number; readonly seed?: number } = {}): Simulated {
  const random = randomFrom(seed);
  const runs = Array.from({ length: peaks }, () => onePeak(work, random));
  const over = (of: (run: Observed) => number) => mean(runs.map(of));
  const error = (of: (run: Observed) => number) => 1.96 * sqrt(mean(runs.map(run => (of(run) - over(of)) ** 2)) / max(1, peaks - 1));
  const waits = Float64Array.from(runs.flatMap(run => run.waits)).sort();
  return {
    ...figures(over),
    longWait: waits[floor(0.95 * waits.length)] ?? 0, // of the jobs of all peaks, not of each peak
    error: figures(error),
    jobs: waits.length,
  };
}

function figures(of: (figure: (run: Observed) => number) => number): Observed {
  return { running: of(run => run.running), meanWait: of(run => run.meanWait), longWait: of(run => run.longWait), backlog: of(run => run.backlog) };
}

/** One peak, with as much time before it as the queue needs to be as it usually is. */
function onePeak(work: QueuedWork, random: () => number): Observed & { readonly waits: number[] } {
  const { peakSeconds, jobSeconds, servers, growth } = work;
  const before = max(20 * jobSeconds, 60);
  const duration = durationsOf(work, random);
  const ends = new Heap();
  const queue: number[] = [];
  const waits: number[] = [];
  let [head, pollers, pollersAt, clock, busyTime, backlog] = [0, growth ? max(1, growth.first) : servers, -before, -before, 0, 0];

  /** Lambda adds pollers while there is something to poll; before the peak there are those that a usual day needs. */
  const grow = (now: number) => {
    if (growth && now > 0 && head < queue.length) pollers = min(servers, pollers + growth.perSecond * (now - pollersAt));
    pollersAt = now;
  };
  const pass = (now: number) => {
    busyTime += ends.size * max(0, min(now, peakSeconds) - max(clock, 0));
    if (clock < peakSeconds && now >= peakSeconds) backlog = queue.length - head;
    clock = now;
  };
  const begin = (now: number) => {
    while (head < queue.length && ends.size < floor(pollers)) {
      const came = queue[head++]!;
      if (came >= 0 && came < peakSeconds) waits.push(now - came);
      ends.push(now + duration());
    }
  };

  let arrival = nextArrival(-before, work, random);
  let tick = growth ? -before : Infinity;
  while (clock < peakSeconds || head < queue.length && queue[head]! < peakSeconds) {
    const now = min(arrival, ends.first, tick);
    pass(now);
    if (now === tick) {
      grow(now);
      tick = pollers < servers ? now + 0.2 : Infinity;
    } else if (now === arrival) {
      queue.push(now);
      arrival = now < peakSeconds ? nextArrival(now, work, random) : Infinity;
    } else {
      ends.pop();
    }
    begin(now);
  }
  waits.sort((a, b) => a - b);
  return {
    running: busyTime / peakSeconds,
    meanWait: mean(waits),
    longWait: waits[floor(0.95 * waits.length)] ?? 0,
    backlog,
    waits,
  };
}

/** A Poisson process whose rate changes when the peak begins: what would come after that is drawn anew, which is the same. */
function nextArrival(after: number, { baseRate, peakRate }: QueuedWork, random: () => number): number {
  if (after < 0) {
    const next = baseRate > 0 ? after - log(1 - random()) / baseRate : 0;
    if (next < 0) return next;
    after = 0;
  }
  return after - log(1 - random()) / peakRate;
}

/** Times of jobs with a mean and a variation: lognormal, as those of real work often are; exponential where it varies as that does. */
function durationsOf({ jobSeconds, variation }: QueuedWork, random: () => number): () => number {
  if (variation === 0) return () => jobSeconds;
  if (variation === 1) return () => -jobSeconds * log(1 - random());
  const variance = log(1 + variation ** 2);
  const [location, scale] = [log(jobSeconds) - variance / 2, sqrt(variance)];
  return () => exp(location + scale * sqrt(-2 * log(1 - random())) * cos(2 * Math.PI * random()));
}

/** The same numbers for the same seed, on every machine: L'Ecuyer's two generators, one less the other. */
export function randomFrom(seed: number): () => number {
  let [one, other] = [seed * 7_919 % 2_147_483_562 + 1, seed * 104_729 % 2_147_483_398 + 1];
  return () => {
    one = one * 40_014 % 2_147_483_563;
    other = other * 40_692 % 2_147_483_399;
    const difference = one - other;
    return (difference < 1 ? difference + 2_147_483_562 : difference) / 2_147_483_563;
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** When the running jobs end, the earliest first. */
class Heap {
  private readonly times: number[] = [];

  get size(): number {
    return this.times.length;
  }

  get first(): number {
    return this.times[0] ?? Infinity;
  }

  push(time: number): void {
    const { times } = this;
    let at = times.push(time) - 1;
    for (let parent = floor((at - 1) / 2); at > 0 && times[parent]! > time; parent = floor((at - 1) / 2)) {
      times[at] = times[parent]!;
      at = parent;
    }
    times[at] = time;
  }

  pop(): void {
    const { times } = this;
    const last = times.pop()!;
    if (times.length === 0) return;
    let at = 0;
    for (let child = 1; child < times.length; child = 2 * at + 1) {
      if (child + 1 < times.length && times[child + 1]! < times[child]!) child += 1;
      if (times[child]! >= last) break;
      times[at] = times[child]!;
      at = child;
    }
    times[at] = last;
  }
}
