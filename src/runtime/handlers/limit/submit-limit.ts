import { Counter, CounterThrottled } from '../../store/counter';
import { Environment, integer } from '../../store/settings';
import type { Log } from '../../telemetry/log';
import { ENVIRONMENT } from '../../wire/environment';
import { ERROR_CODE } from '../../wire/http';
import { ApiError } from '../http/answer';

const MINUTE_MS = 60_000;

/** How many jobs an owner may submit in a minute of the clock; undefined where nobody counts. */
export function submitsPerMinute(environment: Environment): number | undefined {
  if (!environment[ENVIRONMENT.submitsPerMinute]) {
    return undefined;
  }
  const burst = environment[ENVIRONMENT.submitBurst] ? integer(environment, ENVIRONMENT.submitBurst, 0) : 0;
  return integer(environment, ENVIRONMENT.submitsPerMinute, 1) + burst;
}

/**
 * The exact limit: each job is counted before it is sent, under its owner and the minute of the clock. Across the end of a minute an owner
 * may submit twice as many within seconds.
 *
 * - Throttled, it refuses. The count of an owner is one item, of which DynamoDB takes some thousand writes a second: whoever submits faster
 *   than that would otherwise pass without being counted.
 * - When the table does not answer it lets through. A submission needs no table to be accepted (the worker makes the record), and an owner
 *   cannot bring this about; the limits of the stage still stand.
 */
export class SubmitLimit {
  /** @param limit jobs a minute */
  constructor(private readonly counter: Counter, private readonly limit: number, private readonly now: () => number) {}

  /** Counts jobs that are about to be sent, all or none. @throws ApiError when there would be too many */
  async admit(owner: string, jobs: number, log: Log): Promise<void> {
    if (jobs > this.limit) {
      throw tooMany(`at most ${this.limit} jobs are accepted in a minute, so ${jobs} are never accepted together: submit fewer at once`);
    }
    const now = this.now();
    const minute = Math.floor(now / MINUTE_MS);
    const nextMinute = (minute + 1) * MINUTE_MS;
    if (!await this.add(`${owner}#${minute}`, jobs, nextMinute / 1000, log)) {
      const seconds = Math.ceil((nextMinute - now) / 1000);
      throw tooMany(`at most ${this.limit} jobs are accepted in a minute: try again in ${seconds} s`, seconds);
    }
  }

  private async add(name: string, jobs: number, expires_at: number, log: Log): Promise<boolean> {
    try {
      return await this.counter.add(name, jobs, this.limit, expires_at);
    } catch (error) {
      if (error instanceof CounterThrottled) {
        log.warn('not counted, and refused', error);
        throw tooMany(`too many requests at once: at most ${this.limit} jobs are accepted in a minute`, 1);
      }
      log.error('not counted, and let through', error as Error); // also when a permission is missing: it must not stay unseen
      return true;
    }
  }
}

function tooMany(message: string, retryAfterSeconds?: number): ApiError {
  return new ApiError(429, ERROR_CODE.tooManyRequests, message, retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) });
}
