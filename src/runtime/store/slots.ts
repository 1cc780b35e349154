/**
 * The executions that may be under way, by their names: as many as there are slots. Each call can be made twice.
 */
export interface Slots {
  /** @param most one at least. @returns whether the execution has a slot now */
  take(name: string, most: number): Promise<boolean>;

  release(name: string): Promise<void>;

  /** As of now. */
  names(): Promise<readonly string[]>;
}
