/** So many names are shown. */
const MOST = 30;

/** Says which pipelines there are, with the one that could have been meant by a name that is none of them. */
export function whichThereAre(meant: string, names: readonly string[]): string[] {
  if (names.length === 0) {
    return ['There is no pipeline at all.'];
  }
  const sorted = [...names].sort();
  const likely = nearest(meant, sorted);
  const more = sorted.length > MOST ? ` and ${sorted.length - MOST} more` : '';
  return [
    ...(likely === undefined ? [] : [`Did you mean "${likely}"?`]),
    `There ${sorted.length === 1 ? 'is' : 'are'}: ${sorted.slice(0, MOST).join(', ')}${more}.`,
  ];
}

/** The name with the fewest letters to change, if these are few; else one that the other is a part of. */
export function nearest(meant: string, names: readonly string[]): string | undefined {
  const lower = meant.toLowerCase();
  const far = (name: string) => distance(lower, name.toLowerCase());
  const [best] = [...names].sort((a, b) => far(a) - far(b));
  if (best !== undefined && far(best) <= Math.max(1, Math.floor(lower.length / 3))) {
    return best;
  }
  return names.find((name) => lower.length > 2 && (name.toLowerCase().includes(lower) || lower.includes(name.toLowerCase())));
}

/** Letters to put in, leave out or replace, and neighbours to swap, to make one text of another. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, row) => Array.from({ length: b.length + 1 }, (__, column) => (row === 0 ? column : row)));
  for (let row = 1; row <= a.length; row++) {
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      rows[row][column] = Math.min(
        rows[row - 1][column] + 1,
        rows[row][column - 1] + 1,
        rows[row - 1][column - 1] + (same ? 0 : 1),
        ...(swapped ? [rows[row - 2][column - 2] + 1] : []),
      );
    }
  }
  return rows[a.length][b.length];
}
