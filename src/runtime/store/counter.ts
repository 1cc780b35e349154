/** Counts up to a limit; a count is forgotten after a while. */
export interface Counter {
  /**
   * Adds `amount` if the count is `limit` at most then; else nothing is added. `amount` is up to `limit`.
   * @param name what is counted
   * @param expires_at epoch seconds from which the count may be forgotten
   * @returns whether it was added
   * @throws CounterThrottled
   */
  add(name: string, amount: number, limit: number, expires_at: number): Promise<boolean>;
}

/** So much was counted at once that the store takes no more at the moment. */
export class CounterThrottled extends Error {
  readonly name = 'CounterThrottled';

  constructor(cause: unknown) {
    super(`the counter is throttled: ${(cause as Error).message}`, { cause });
  }
}
