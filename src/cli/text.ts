import type { Io, Output } from './io';

/** How text looks on an output. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Colours on a terminal, unless the reader asked for none. @see https://no-color.org */
export function styleOf(output: Output, { NO_COLOR, TERM }: Io['environment']): Style {
  const colours = output.isTTY === true && !NO_COLOR && TERM !== 'dumb';
  const paint = (code: number) => (text: string) => (colours && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: paint(1), dim: paint(2), red: paint(31), green: paint(32), yellow: paint(33) };
}

/** How wide lines may be: as wide as they are, where nobody looks at them on a terminal. */
export function widthOf({ isTTY, columns }: Output): number {
  return isTTY === true && columns !== undefined && columns > 0 ? columns : Infinity;
}

/** What jobs and their handlers say may hold anything, also what would move the cursor of a terminal: none of that is passed on. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** The same, with the lines that it has. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** At most so many characters. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`.slice(0, Math.max(0, width));
}

/** Lines that end between words where they would be wider; those that follow are moved in. A word that is too long, such as a name, is left whole. */
export function wrapped(text: string, width: number, indent = ''): string {
  return text.split('\n').map((line) => wrappedLine(line, width, indent)).join('\n');
}

function wrappedLine(line: string, width: number, indent: string): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const start = rest.length - rest.trimStart().length;
    const before = rest.lastIndexOf(' ', width);
    const end = before > start ? before : rest.indexOf(' ', Math.max(width, start));
    if (end < 0) {
      break;
    }
    lines.push(rest.slice(0, end).trimEnd());
    rest = `${indent}${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest].join('\n');
}

/** How many of what: `1 job`, `2 jobs`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** A column of a table. */
export interface Column<Row> {
  readonly heading: string;
  readonly text: (row: Row) => string;
  readonly paint?: (text: string, row: Row) => string;
}

const GAP = '  ';

/** What must be seen of the last column for it to stand beside the others. */
const READABLE = 24;

/**
 * Rows below their headings. The last column is cut to what is left of the width, or moves below its row where that is too little;
 * what even then does not fit is cut at the edge.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number, { bold }: Pick<Style, 'bold'>): string {
  const cells = rows.map((row) => columns.map(({ text }) => printable(text(row))));
  const last = columns.length - 1;
  const widths = columns.slice(0, last).map(({ heading }, index) => Math.max(heading.length, ...cells.map((line) => line[index].length)));
  const before = widths.reduce((sum, column) => sum + column + GAP.length, 0);
  const below = width - before < READABLE;
  const line = (texts: readonly string[], paint: (text: string, index: number) => string) => {
    let used = 0;
    const beside = widths.map((column, index) => {
      const text = cut(texts[index], Math.max(0, width - used));
      used += column + GAP.length;
      return paint(text, index) + ' '.repeat(column - Math.min(column, text.length));
    }).join(GAP);
    const rest = cut(texts[last], below ? width - GAP.length : width - before);
    return rest === '' ? beside.trimEnd() : `${below ? beside.trimEnd() : beside}${below ? '\n' : ''}${GAP}${paint(rest, last)}`;
  };
  return [
    line(columns.map(({ heading }) => heading), bold),
    ...cells.map((texts, row) => line(texts, (text, index) => columns[index].paint?.(text, rows[row]) ?? text)),
  ].join('\n');
}
