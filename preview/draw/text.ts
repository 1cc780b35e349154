import { el, type Svg } from './svg';

/** Widths of the printable ASCII characters in Arial and Helvetica, in thousandths of the size, from the blank on. */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
  667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
  556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const OTHER = 600;
const MONO_WIDTH = 0.602;
const BOLD = 1.07;

export interface Font {
  readonly size: number;
  readonly bold?: boolean;
  readonly mono?: boolean;
}

/** How wide a text is, as nearly as can be known without drawing it. */
export function widthOf(text: string, { size, bold = false, mono = false }: Font): number {
  if (mono) return [...text].length * size * MONO_WIDTH;
  const units = [...text].reduce((sum, char) => sum + (WIDTHS[char.charCodeAt(0) - 32] ?? OTHER), 0);
  return units / 1000 * size * (bold ? BOLD : 1);
}

/** The text, or as much of it as there is room for. */
export function fitted(text: string, width: number, font: Font, keep: 'begin' | 'end' = 'begin'): string {
  if (widthOf(text, font) <= width) return text;
  const chars = [...text];
  const kept = (count: number) => keep === 'begin' ? `${chars.slice(0, count).join('').trimEnd()}…` : `…${chars.slice(chars.length - count).join('').trimStart()}`;
  let [low, high] = [0, chars.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (widthOf(kept(middle), font) <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : kept(low);
}

export interface LabelOptions extends Font {
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** A line of text whose letters stand on y. */
export function label(text: string, x: number, y: number, { size, bold, mono, fill, anchor = 'start' }: LabelOptions): Svg {
  return el('text', {
    x, y, 'fill': fill, 'font-size': size, 'font-weight': bold ? 600 : undefined, 'class': mono ? 'm' : undefined, 'text-anchor': anchor === 'start' ? undefined : anchor,
  }, text);
}
