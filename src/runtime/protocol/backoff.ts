/** How long to wait between attempts. */
export interface Backoff {
  /** Wait after the first attempt. */
  readonly first_ms: number;
  /** No wait is longer. */
  readonly max_ms: number;
  /** From 0 (always the full wait) to 1 (anything between nothing and the full wait). */
  readonly jitter: number;
}

/**
 * Exponential backoff with jitter.
 * @param attempt the attempt that failed, from 1
 * @param random from 0 to 1, exclusive
 */
export function backoffDelay(backoff: Backoff, attempt: number, random: number): number {
  const full = Math.min(backoff.max_ms, backoff.first_ms * 2 ** Math.max(0, attempt - 1));
  return Math.round(full * (1 - backoff.jitter * random));
}
