/** What comes to a queue, and what works through it. Times in seconds, rates in a second. */
export interface QueuedWork {
  /** Before the peak, which begins at once. */
  readonly baseRate: number;
  readonly peakRate: number;
  readonly peakSeconds: number;
  /** Mean time that a job takes. */
  readonly jobSeconds: number;
  /** Standard deviation of that time by its mean: 0 where all take the same, 1 of an exponential distribution. */
  readonly variation: number;
  /** How many jobs run at once at most. */
  readonly servers: number;
  /** How many there are at least when the peak begins, and how many more in a second; all of `servers` at once where nothing is said. */
  readonly growth?: { readonly first: number; readonly perSecond: number };
}

/** What a peak is like, over all of it unless said otherwise. */
export interface QueueAtPeak {
  /** Jobs that run at once, on average. */
  readonly running: number;
  /** How long a job waits for its start, on average. */
  readonly meanWait: number;
  /** How long the one of twenty waits that waits longest. */
  readonly longWait: number;
  /** Jobs that wait when the peak ends, on average. */
  readonly backlog: number;
}

const STEPS = 500;
/** States above the servers are so much of their distance from them apart, those below so much. */
const APART = { above: 1 / 60, below: 1 / 24 };
/** What is less likely is no part of a wait. */
const NOTHING = 1e-9;
/** By so much more than nothing states are left the other way, against the drift. */
const UPWIND = 1.001;
/** Waits of this share of the jobs are longer than `longWait`. */
const TAIL = 0.05;

/**
 * The queue over one peak: the distribution of the number of jobs in it, step by step.
 *
 * It is a chain of births and deaths. Where jobs take exponentially distributed time, and each number of jobs has a state of its own, it is the
 * M/M/c queue itself, in time. For other times its variance is changed where all servers are busy, which in the long run gives
 * the approximation of Allen and Cunneen, and past capacity the backlog of a fluid. States far from each other stand for all between them.
 *
 * @see https://en.wikipedia.org/wiki/M/M/c_queue
 */
export function queueAtPeak(work: QueuedWork): QueueAtPeak {
  const { peakRate, baseRate, jobSeconds, peakSeconds } = work;
  const states = statesOf(work);
  const seconds = peakSeconds / STEPS;
  let chances = settled(ratesOf(states, work, Math.min(baseRate, 0.98 * serversAt(work, 0) / jobSeconds), serversAt(work, 0)));
  const full = stepOf(ratesOf(states, work, peakRate, work.servers), seconds);
  /** How often each number of jobs is found while all servers are there. */
  const found = new Float64Array(states.length);
  const waits: Wait[] = [];
  let running = 0;
  for (let index = 1; index <= STEPS; index++) {
    const servers = serversAt(work, index * seconds);
    chances = after(servers === work.servers ? full : stepOf(ratesOf(states, work, peakRate, servers), seconds), chances);
    for (let state = 0; state < states.length; state++) {
      const chance = chances[state]! / STEPS;
      running += chance * (states[state]! < servers ? states[state]! : servers);
      if (servers === work.servers) {
        found[state]! += chance;
      } else if (chance > NOTHING && states[state]! > servers - 1) {
        waits.push(waitOf(work, index * seconds, states[state]!, chance));
      }
    }
  }
  found.forEach((chance, state) => {
    if (states[state]! > work.servers - 1) {
      waits.push(waitOf(work, peakSeconds, states[state]!, chance));
    }
  });
  const left = serversAt(work, peakSeconds);
  return {
    running,
    meanWait: waits.reduce((sum, { from, to, chance }) => sum + chance * (from + to) / 2, 0),
    longWait: percentile(waits),
    backlog: states.reduce((sum, state, index) => sum + chances[index]! * Math.max(0, state - left), 0),
  };
}

/** The fewest servers with which the one job of twenty that waits longest does not wait longer than this. */
export function serversFor(work: Omit<QueuedWork, 'servers' | 'growth'>, longestWait: number): number {
  const offered = work.peakRate * work.jobSeconds;
  let [few, enough] = [Math.floor(work.baseRate * work.jobSeconds), Math.ceil(offered + 5 * Math.sqrt(offered) + 5)];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    [few, enough] = queueAtPeak({ ...work, servers: middle }).longWait > longestWait ? [middle, enough] : [few, middle];
  }
  return enough;
}

/** A time that jobs wait with a chance, spread evenly between two. */
interface Wait {
  readonly from: number;
  readonly to: number;
  readonly chance: number;
}

/** How long a job waits that comes then, and finds so many: for one end more than are ahead of it, about which chance has it. */
function waitOf(work: QueuedWork, since: number, jobs: number, chance: number): Wait {
  const ahead = jobs - serversAt(work, since);
  const [from, mean] = [waitFor(work, since, Math.max(0, ahead)), waitFor(work, since, ahead + 1)];
  return { from, to: 2 * mean - from, chance };
}

function serversAt({ servers, growth }: QueuedWork, seconds: number): number {
  return growth ? Math.min(servers, growth.first + growth.perSecond * seconds) : servers;
}

/** How long until so many jobs have begun, where there is always one that waits. */
function waitFor(work: QueuedWork, since: number, jobs: number): number {
  const { servers, growth, jobSeconds } = work;
  const now = serversAt(work, since);
  const growing = growth && now < servers ? (servers - now) / growth.perSecond : 0;
  const begun = (seconds: number) => (now * seconds + (growth?.perSecond ?? 0) * seconds ** 2 / 2) / jobSeconds;
  if (jobs <= begun(growing) && growing > 0) {
    return (Math.sqrt(now ** 2 + 2 * growth!.perSecond * jobs * jobSeconds) - now) / growth!.perSecond;
  }
  return growing + (jobs - begun(growing)) * jobSeconds / servers;
}

/** Numbers of jobs, one by one around those servers that may be busy, and further apart the further from them. */
function statesOf(work: QueuedWork): number[] {
  const { servers, peakRate, peakSeconds, jobSeconds, baseRate, growth, variation } = work;
  const offered = peakRate * jobSeconds;
  const surplus = Math.max(0, peakRate - servers / jobSeconds) * peakSeconds;
  const ramp = growth ? peakRate * Math.max(0, Math.min(servers, offered) - growth.first) / growth.perSecond : 0;
  const spread = 8 * Math.sqrt((peakRate * (1 + variation ** 2)) * peakSeconds) * Math.min(1, (offered / servers) ** 2);
  const most = servers + 1.2 * (surplus + ramp) + spread + 60;
  const fine = Math.max(1, Math.sqrt(servers) / 12);
  const lowest = Math.max(0, Math.floor(Math.min(baseRate * jobSeconds, servers) - 6 * Math.sqrt(servers) - 6));
  const below: number[] = [];
  for (let state = servers; state > lowest; state -= Math.max(fine, (servers - state) * APART.below)) {
    below.unshift(state);
  }
  const above: number[] = [];
  for (let state = servers + fine; state < most; state += Math.max(fine, (state - servers) * APART.above)) {
    above.push(state);
  }
  return [...new Set([lowest, ...below, ...above, most])];
}

/** From each state to the one above it and the one below. */
interface Rates {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/** Rates by which the number of jobs moves as fast as jobs come and go, and varies as it should or, between states far apart, a little more. */
function ratesOf(states: readonly number[], { jobSeconds, variation }: QueuedWork, arrivals: number, servers: number): Rates {
  const up = new Float64Array(states.length);
  const down = new Float64Array(states.length);
  const last = states.length - 1;
  states.forEach((state, index) => {
    const ends = Math.min(state, servers) / jobSeconds;
    const drift = arrivals - ends;
    const above = states[Math.min(last, index + 1)]! - state || state - states[index - 1]!;
    const below = index > 0 ? state - states[index - 1]! : above;
    const variance = Math.max(arrivals + (state > servers ? variation ** 2 : 1) * ends, -UPWIND * drift * below, UPWIND * drift * above);
    up[index] = index < last ? (variance + drift * below) / (above * (above + below)) : 0;
    down[index] = index > 0 ? (variance - drift * above) / (below * (above + below)) : 0;
  });
  return { up, down };
}

/** The distribution in the long run. */
function settled({ up, down }: Rates): Float64Array {
  const chances = new Float64Array(up.length);
  let highest = 0;
  for (let index = 1; index < up.length; index++) { // by their logarithms first: they would grow beyond what a number can hold
    chances[index] = chances[index - 1]! + Math.log(up[index - 1]! / down[index]!);
    highest = Math.max(highest, chances[index]!);
  }
  const weights = chances.map((weight) => Math.exp(weight - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** A step in time by Euler's method backwards, which is stable however long it is: a system of equations, half solved. */
interface Step {
  readonly below: Float64Array;
  readonly pivot: Float64Array;
  readonly slope: Float64Array;
}

function stepOf({ up, down }: Rates, seconds: number): Step {
  const count = up.length;
  const [below, pivot, slope] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let index = 0; index < count; index++) {
    below[index] = index > 0 ? -seconds * up[index - 1]! : 0;
    pivot[index] = 1 + seconds * (up[index]! + down[index]!) - (index > 0 ? below[index]! * slope[index - 1]! : 0);
    slope[index] = index < count - 1 ? -seconds * down[index + 1]! / pivot[index]! : 0;
  }
  return { below, pivot, slope };
}

/** The distribution a step later. */
function after({ below, pivot, slope }: Step, chances: Float64Array): Float64Array {
  const next = new Float64Array(chances.length);
  for (let index = 0; index < next.length; index++) {
    next[index] = (chances[index]! - (index > 0 ? below[index]! * next[index - 1]! : 0)) / pivot[index]!;
  }
  for (let index = next.length - 2; index >= 0; index--) {
    next[index]! -= slope[index]! * next[index + 1]!;
  }
  return next;
}

/** The wait that is exceeded with a chance of `TAIL`. */
function percentile(waits: readonly Wait[]): number {
  const longer = (than: number) => waits.reduce((sum, { from, to, chance }) =>
    sum + chance * (than <= from ? 1 : than >= to ? 0 : (to - than) / (to - from)), 0);
  let [low, high] = [0, waits.reduce((most, { to }) => Math.max(most, to), 0)];
  if (longer(0) <= TAIL) {
    return 0;
  }
  for (let halves = 0; halves < 24; halves++) {
    const middle = (low + high) / 2;
    [low, high] = longer(middle) > TAIL ? [middle, high] : [low, middle];
  }
  return high;
}
