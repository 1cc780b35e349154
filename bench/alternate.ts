/** One run of something that is measured. */
export type Candidate<Value> = () => Promise<Value>;

/**
 * Runs candidates in turn, one after the other, and gives the values of each in the order of the rounds. Every second round goes backwards, so
 * that none always profits from coming first or last; a round before the first one warms disks and caches and is not counted.
 */
export async function alternate<Name extends string, Value>(
  rounds: number, candidates: Readonly<Record<Name, Candidate<Value>>>, onRound: (round: number) => void = () => {},
): Promise<Record<Name, Value[]>> {
  const names = Object.keys(candidates) as Name[];
  const values = Object.fromEntries(names.map(name => [name, [] as Value[]])) as Record<Name, Value[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 1 ? names : [...names].reverse()) {
      const value = await candidates[name]();
      if (round > 0) values[name].push(value);
    }
    onRound(round);
  }
  return values;
}
