import { editDistance } from '../internal/edit-distance';

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
  const far = (name: string) => editDistance(lower, name.toLowerCase());
  const [best] = [...names].sort((a, b) => far(a) - far(b));
  if (best !== undefined && far(best) <= Math.max(1, Math.floor(lower.length / 3))) {
    return best;
  }
  return names.find((name) => lower.length > 2 && (name.toLowerCase().includes(lower) || lower.includes(name.toLowerCase())));
}
