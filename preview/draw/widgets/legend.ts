import { at, el, group, type Svg } from '../svg';
import { fitted, label, widthOf } from '../text';
import type { Theme } from '../theme';
import type { Size } from './frame';

export interface Entry {
  readonly label: string;
  readonly color: string;
}

const FONT = { size: 11.5 };
const MARK = 15;
const APART = 14;
export const LINE = 17;

/** Names of lines, one after the other, in as many rows as there are; the last entry says how many have no place. */
export function rowsOfLegend(entries: readonly Entry[], width: number, rows: number, theme: Theme): { legend: Svg; height: number } {
  const drawn: Svg[] = [];
  let [x, row] = [0, 0];
  for (const [i, entry] of entries.entries()) {
    const text = fitted(entry.label, width - MARK, FONT);
    const taken = MARK + widthOf(text, FONT) + APART;
    const left = entries.length - i;
    const reserve = row === rows - 1 && left > 1 ? 30 : 0;
    if (x > 0 && x + taken - APART > width - reserve) {
      if (row === rows - 1) {
        drawn.push(at(x, row * LINE, label(`+${left}`, 0, 12, { ...FONT, fill: theme.dim })));
        break;
      }
      [x, row] = [0, row + 1];
    }
    drawn.push(at(x, row * LINE, mark(entry, text, theme)));
    x += taken;
  }
  return { legend: group(...drawn), height: entries.length === 0 ? 0 : (row + 1) * LINE };
}

/** Names of lines, one below the other, each with a text at its right. */
export function columnOfLegend(entries: readonly (Entry & { readonly aside?: string })[], { width, height }: Size, theme: Theme): Svg {
  const places = Math.max(1, Math.floor(height / LINE));
  const shown = entries.length > places ? entries.slice(0, places - 1) : entries;
  const rows = shown.map(({ aside = '', ...entry }, i) => at(0, i * LINE, group(
    mark(entry, fitted(entry.label, width - MARK - (aside ? widthOf(aside, FONT) + 8 : 0), FONT), theme),
    ...(aside ? [label(aside, width, 12, { ...FONT, fill: theme.dim, anchor: 'end' })] : []),
  )));
  const rest = entries.length - shown.length;
  return group(...rows, ...(rest > 0 ? [at(0, shown.length * LINE, label(`+${rest}`, 0, 12, { ...FONT, fill: theme.dim }))] : []));
}

/** How wide a column of names would like to be. */
export function legendWidth(entries: readonly Entry[]): number {
  return MARK + Math.max(0, ...entries.map((entry) => widthOf(entry.label, FONT)));
}

function mark({ color }: Entry, text: string, theme: Theme): Svg {
  return group(el('rect', { x: 0, y: 3.5, width: 10, height: 10, rx: 2.5, fill: color }), label(text, MARK, 12.5, { ...FONT, fill: theme.text }));
}
