/** Where the texts live that are too long for a record; see `stored-text.ts`. */
export interface JobFiles {
  /** The same key may be put again with the same text. */
  put(key: string, text: string): Promise<void>;

  /**
   * @param mostBytes what is longer is not read; no limit if not given
   * @throws FileTooLong, or if there is nothing, which happens when the object expired before the record
   */
  get(key: string, mostBytes?: number): Promise<string>;
}

/** There is more in a file than whoever reads it can use. */
export class FileTooLong extends Error {
  readonly name = 'FileTooLong';

  constructor(size: number, mostBytes: number) {
    super(`the file has ${size} bytes, and ${mostBytes} at most are read`);
  }
}
