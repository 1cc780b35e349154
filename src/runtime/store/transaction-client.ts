/** As much of a client of `pg` as is asked for: `Client` and `PoolClient` of any version will do. */
export interface TransactionClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;

  /** `T` in a transaction, `E` in one that has failed. Without it the server is asked. */
  getTransactionStatus?(): string | null;
}
