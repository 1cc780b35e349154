/** A statement with its values. It has no name: a prepared statement would hold a connection of the proxy. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Sends a statement and gives its rows. */
export type Ask = (statement: Statement) => Promise<Readonly<Record<string, unknown>>[]>;

/** Values in the order in which they are named. */
export class Values {
  readonly all: unknown[] = [];

  /** @returns what stands for it in the statement */
  add(value: unknown, type: string): string {
    this.all.push(value);
    return `$${this.all.length}::${type}`;
  }
}
