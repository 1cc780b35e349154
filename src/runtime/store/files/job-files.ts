/** Where the texts live that are too long for a record; see `stored-text.ts`. */
export interface JobFiles {
  /** The same key may be put again with the same text. */
  put(key: string, text: string): Promise<void>;

  /** @throws if there is nothing, which happens when the object expired before the record */
  get(key: string): Promise<string>;
}
