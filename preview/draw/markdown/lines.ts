import type { Run } from './parse';
import { at, el, group, type Svg } from '../svg';
import { widthOf } from '../text';
import type { Theme } from '../theme';

/** A word, or the blank between two, in one kind. */
interface Piece {
  readonly run: Run;
  readonly text: string;
  readonly width: number;
}

export interface TextStyle {
  readonly size: number;
  readonly bold?: boolean;
}

const BUTTON_PADDING = 8;

/** Text in lines that are no wider than there is room. */
export function wrapped(runs: readonly Run[], width: number, style: TextStyle): readonly (readonly Piece[])[] {
  const lines: Piece[][] = [[]];
  let taken = 0;
  for (const piece of runs.flatMap((run) => piecesOf(run, style))) {
    const blank = piece.text.trim() === '' && !piece.run.button;
    if (taken + piece.width > width && taken > 0 && !blank) {
      lines.push([]);
      taken = 0;
    }
    if (blank && taken === 0) continue;
    lines.at(-1)!.push(piece);
    taken += piece.width;
  }
  return lines.filter((line, i) => i === 0 || line.length > 0);
}

export function widthOfRuns(runs: readonly Run[], style: TextStyle): number {
  return runs.flatMap((run) => piecesOf(run, style)).reduce((sum, { width }) => sum + width, 0);
}

/** One line of text whose letters stand on y. */
export function drawnLine(pieces: readonly Piece[], x: number, y: number, { size, bold }: TextStyle, theme: Theme): Svg {
  const grounds: Svg[] = [];
  let left = x;
  const spans = joined(pieces).map(({ run, text, width }) => {
    if (run.code && !run.button) grounds.push(el('rect', { x: left - 2, y: y - size + 1, width: width + 4, height: size + 4, rx: 3, fill: theme.code }));
    if (run.button) grounds.push(el('rect', { x: left, y: y - size - 4, width, height: size + 12, rx: 10, fill: 'none', stroke: theme.link }));
    const span = el('tspan', {
      'x': left + (run.button ? BUTTON_PADDING : 0),
      'class': run.code ? 'm' : undefined,
      'font-size': run.code ? size - 1 : undefined,
      'font-weight': run.bold && !bold ? 600 : undefined,
      'font-style': run.italic ? 'italic' : undefined,
      'fill': run.link === undefined ? undefined : theme.link,
    }, text);
    left += width;
    return span;
  });
  return group(...grounds, at(0, 0, el('text', { y, 'fill': theme.text, 'font-size': size, 'font-weight': bold ? 600 : undefined }, ...spans)));
}

function piecesOf(run: Run, { size, bold }: TextStyle): Piece[] {
  const font = { size: run.code ? size - 1 : size, bold: bold || run.bold, mono: run.code };
  if (run.button) return [{ run, text: run.text, width: widthOf(run.text, font) + 2 * BUTTON_PADDING }];
  return (run.text.match(/\s+|\S+/g) ?? []).map((part) => ({ run, text: /^\s/.test(part) ? ' ' : part, width: widthOf(/^\s/.test(part) ? ' ' : part, font) }));
}

/** Neighbours of one kind are written as one. */
function joined(pieces: readonly Piece[]): Piece[] {
  return pieces.reduce<Piece[]>((all, piece) => {
    const before = all.at(-1);
    return before && before.run === piece.run
      ? [...all.slice(0, -1), { run: piece.run, text: before.text + piece.text, width: before.width + piece.width }]
      : [...all, piece];
  }, []);
}
