/** What is known of a key that was issued. */
export interface IssuedKey {
  readonly key_hash: string;
  /** Its beginning. */
  readonly key_id: string;
  readonly customer: string;
  /** Epoch milliseconds. */
  readonly created_at: number;
  /** Epoch milliseconds. */
  readonly revoked_at?: number;
}

/** Some of all keys, in no order. */
export interface KeyPage {
  readonly keys: readonly IssuedKey[];
  /** Where the next page begins; none after the last one. */
  readonly next?: string;
}

/** Where the hashes of keys are kept. */
export interface KeyStore {
  /** As it is at this moment. */
  find(key_hash: string): Promise<IssuedKey | undefined>;
  /** @returns false where there is such a key */
  add(key: IssuedKey): Promise<boolean>;
  /** @param from the `next` of the page before */
  page(from?: string): Promise<KeyPage>;
  /**
   * From now on the key is refused; one that is revoked stays as it is.
   * @param forget_at epoch milliseconds after which nothing need be known of it
   */
  revoke(key_hash: string, revoked_at: number, forget_at: number): Promise<void>;
}
