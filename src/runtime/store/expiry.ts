/** Removes what has expired, where the store does not do so by itself. */
export interface Expiry {
  /**
   * Removes up to `limit` records and counts that are past their `expires_at`.
   * @param now epoch milliseconds
   * @returns how many were removed; as long as it is `limit`, there may be more
   */
  removeExpired(now: number, limit: number): Promise<number>;
}
