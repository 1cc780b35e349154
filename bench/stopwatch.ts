import { performance } from 'node:perf_hooks';

/** What something took. */
export interface Sample {
  /** Milliseconds of processor time, of all threads. Other programs prolong it far less than the time by the clock. */
  readonly cpu_ms: number;
  /** Milliseconds by the clock. */
  readonly clock_ms: number;
}

/** Starts now, and stops when what it gives is called. */
export function stopwatch(): () => Sample {
  const clock = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { cpu_ms: (user + system) / 1000, clock_ms: performance.now() - clock };
  };
}
