import { wandering } from './random';

/** What the sample data tell: that all is well, or that a provider began to fail an hour ago. */
export type State = 'calm' | 'incident';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The end of every picture: the same at every run, in the afternoon of a working day. */
export const NOW = Date.UTC(2026, 2, 12, 14, 40);

const BEGAN = NOW - 65 * MINUTE;
const JOBS_A_MINUTE = 9;

/** A small system at some time: how much comes in, how much of it fails, and how much waits. */
export class World {
  constructor(private readonly state: State) {}

  /** How bad it is, from 0 to 1: it gets worse within 20 minutes, and stays so. */
  trouble(time: number): number {
    if (this.state === 'calm' || time < BEGAN) return 0;
    return Math.min(1, (time - BEGAN) / (20 * MINUTE)) * (0.92 + 0.08 * wandering('trouble', time, 5 * MINUTE));
  }

  /** Jobs that come in, a minute: few at night, most in the afternoon, and not evenly. */
  arrivals(time: number): number {
    const hour = (time % DAY) / HOUR;
    const daily = 0.55 - 0.45 * Math.cos(2 * Math.PI * (hour - 2.5) / 24);
    return JOBS_A_MINUTE * daily * (1 + 0.22 * wandering('arrivals', time, 23 * MINUTE) + 0.1 * wandering('arrivals fast', time, 7 * MINUTE));
  }

  /** The share of jobs that fail in the end. */
  failing(time: number): number {
    return 0.002 + 0.3 * this.trouble(time);
  }

  /** The share of attempts after which another follows. */
  retried(time: number): number {
    return 0.0015 + 0.7 * this.trouble(time);
  }

  /** Jobs that end, one way or the other, a minute. */
  ended(time: number): number {
    return this.arrivals(time - MINUTE) * (1 - 0.45 * this.trouble(time));
  }

  /** Jobs that wait. What is not ended piles up. */
  waiting(time: number): number {
    const usual = 3 + 2 * wandering('waiting', time, 9 * MINUTE);
    let left = 0;
    for (let at = BEGAN; this.trouble(time) > 0 && at < time; at += 5 * MINUTE) left += 5 * Math.max(0, this.arrivals(at) - this.ended(at));
    return Math.max(0, usual + left);
  }

  /** How long the oldest has waited, in seconds. */
  age(time: number): number {
    return 4 + 3 * (1 + wandering('age', time, 6 * MINUTE)) + 60 * this.waiting(time) * this.trouble(time) / Math.max(1, this.ended(time));
  }
}
