/** Gives equal values the same small number, so that a state is a short string of numbers. */
export class Interner<T> {
  private readonly values: T[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param first the smallest number given out */
  constructor(private readonly first = 0) {}

  public number(value: T): number {
    const key = JSON.stringify(value);
    let found = this.numbers.get(key);
    if (found === undefined) {
      found = this.first + this.values.length;
      this.numbers.set(key, found);
      this.values.push(value);
    }
    return found;
  }

  public value(number: number): T {
    return this.values[number - this.first];
  }
}

/** Remembers the answers to questions that are asked again for every state. */
export function remembered<T>(answer: (a: number, b: number) => T): (a: number, b?: number) => T {
  const answers: T[][] = [];
  return (a, b = 0) => {
    const row = answers[a] ??= [];
    return row[b] ??= answer(a, b);
  };
}
