import { instead, PADDING, type Canvas } from './frame';
import type { LogProperties } from '../../body/body';
import { logTable } from '../../data/log-rows';
import { written } from '../../data/units';
import type { Drawn } from '../../data/widget-data';
import { at, el, group, type Svg } from '../svg';
import { fitted, label, widthOf } from '../text';

const FONT = { size: 11 };
const ROW = 20;
const APART = 16;
const NARROWEST = 40;

interface Cells {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a query of logs found. */
export function logRows(canvas: Canvas, { query }: LogProperties, top: number): Svg {
  return table(canvas, logTable(query, canvas.state), top, true);
}

/** Lines of a graph as rows, summed up. */
export function metricTable(canvas: Canvas, lines: readonly Drawn[], top: number): Svg {
  const rows = lines.map(({ label: name, points, unit }) => {
    const values = points.flatMap(([, value]) => value ?? []);
    const sum = values.reduce((a, b) => a + b, 0);
    const sums = values.length === 0 ? [] : [Math.min(...values), Math.max(...values), sum, sum / values.length];
    return [name, ...sums.map((value) => written(value, unit))];
  });
  return table(canvas, { columns: ['', 'min', 'max', 'sum', 'average'], rows }, top, false);
}

function table(canvas: Canvas, { columns, rows }: Cells, top: number, mono: boolean): Svg {
  const { width, height, theme } = canvas;
  if (rows.length === 0) return instead(canvas, top, height, 'The query finds nothing');
  const font = { ...FONT, mono };
  const inner = width - 2 * PADDING;
  const wanted = columns.map((name, c) => Math.max(widthOf(name, { ...FONT, bold: true }), ...rows.map((row) => widthOf(row[c] ?? '', font))) + 2);
  const widths = shared(wanted, inner - APART * (columns.length - 1));
  const lefts = widths.map((_, c) => PADDING + widths.slice(0, c).reduce((sum, taken) => sum + taken + APART, 0));
  const shown = rows.slice(0, Math.max(1, Math.floor((height - top - ROW - PADDING / 2) / ROW)));
  return group(
    at(0, top,
      ...columns.map((name, c) => label(fitted(name, widths[c], { ...FONT, bold: true }), lefts[c], 13, { ...FONT, bold: true, fill: theme.dim })),
      el('path', { d: `M${PADDING} ${ROW - 0.5}H${Math.round(width - PADDING)}`, stroke: theme.border })),
    ...shown.map((row, i) => at(0, top + ROW * (i + 1),
      ...(i % 2 === 1 ? [el('rect', { x: PADDING - 4, y: 1, width: inner + 8, height: ROW - 1, rx: 3, fill: theme.code })] : []),
      ...row.map((text, c) => label(fitted(text, widths[c], font), lefts[c], 14.5, { ...font, fill: theme.text })))),
  );
}

/** Room for each column: what it wants, and where that is too much, the widest give way first. */
function shared(wanted: readonly number[], room: number): number[] {
  const sum = wanted.reduce((a, b) => a + b, 0);
  if (sum <= room) return [...wanted];
  let [low, high] = [0, Math.max(...wanted)];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (wanted.reduce((taken, want) => taken + Math.min(want, middle), 0) <= room) low = middle;
    else high = middle;
  }
  return wanted.map((want) => Math.max(Math.min(want, low), Math.min(NARROWEST, want)));
}
