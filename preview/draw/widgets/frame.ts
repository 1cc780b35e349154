import type { Watcher } from '../../data/watcher';
import type { State } from '../../data/world';
import { el, group, type Svg } from '../svg';
import { fitted, label } from '../text';
import type { Theme } from '../theme';

/** How large something is drawn. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What every widget is drawn with. */
export interface Canvas extends Size {
  readonly theme: Theme;
  readonly watcher: Watcher;
  readonly state: State;
}

export const PADDING = 12;
const TITLE = 14;
const TITLE_ROW = 34;

/** A card with a title; the rest is for what stands in it. */
export function card({ width, height, theme }: Canvas, title: string | undefined): { readonly frame: Svg; readonly top: number } {
  const ground = el('rect', { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 6, fill: theme.card, stroke: theme.border });
  if (!title) return { frame: ground, top: PADDING };
  const font = { size: TITLE, bold: true };
  return { frame: group(ground, label(fitted(title, width - 2 * PADDING, font), PADDING, 23, { ...font, fill: theme.text })), top: TITLE_ROW };
}

/** A sentence in the middle, where there is nothing to draw. */
export function instead({ width, theme }: Canvas, top: number, bottom: number, text: string): Svg {
  const font = { size: 12 };
  return label(fitted(text, width - 2 * PADDING, font), width / 2, (top + bottom) / 2 + 4, { ...font, fill: theme.dim, anchor: 'middle' });
}
