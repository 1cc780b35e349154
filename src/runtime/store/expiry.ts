/** Removes what has expired, where the store does not do so by itself. */
export interface Expiry {
  /**
   * Removes up to `limit` records and counts that are past their `expires_at`.
   * @param now epoch milliseconds
   * @returns how many were removed; as long as it is `limit`, there may be more
   */
  removeExpired(now: number, limit: number): Promise<number>;
}

/** What a sweep has removed. */
export interface Removed {
  readonly removed: number;
  /** Whether nothing was left that had expired. */
  readonly complete: boolean;
}

/** So many at a time: a statement that deletes them takes some ten milliseconds, and holds nobody up. */
const BATCH = 500;

/**
 * Removes whatever has expired, for as long as there is time.
 * @param hasTime asked before each batch
 */
export async function removeAllExpired(expiry: Expiry, now: number, hasTime: () => boolean): Promise<Removed> {
  let removed = 0;
  while (hasTime()) {
    const batch = await expiry.removeExpired(now, BATCH);
    removed += batch;
    if (batch < BATCH) {
      return { removed, complete: true };
    }
  }
  return { removed, complete: false };
}
