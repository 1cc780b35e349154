import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { MetricProperties } from '../../body/body';
import { written } from '../../data/units';
import { compact } from '../path';
import { at, el, group, type Svg } from '../svg';
import { fitted, label, widthOf } from '../text';
import { timeAxis } from './axes';
import { PADDING, type Canvas, type Size } from './frame';
import type { Colored } from './time-series';

const LARGEST = 34;
const NAME = { size: 12 };

/** One number beside the other, each with its name, and how it came about where the widget asks for it. */
export function singleValues(canvas: Canvas, { sparkline }: MetricProperties, lines: readonly Colored[], top: number): Svg {
  const { width, height, theme } = canvas;
  const inner = width - 2 * PADDING;
  const least = 86;
  const rows = Math.ceil(lines.length / Math.max(1, Math.floor(inner / least)));
  const columns = Math.ceil(lines.length / rows);
  const size = { width: inner / columns, height: (height - top - PADDING / 2) / rows };
  return group(...lines.map((drawn, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    return at(PADDING + column * size.width, top + row * size.height,
      ...(column > 0 ? [el('path', { d: `M-6.5 6V${Math.round(size.height - 8)}`, stroke: theme.faint })] : []),
      number(canvas, drawn, { width: size.width - (columns > 1 ? 12 : 0), height: size.height }, sparkline === true));
  }));
}

function number({ theme, watcher }: Canvas, drawn: Colored, { width, height }: Size, withSparkline: boolean): Svg {
  const text = drawn.value === undefined ? '–' : written(drawn.value, drawn.unit);
  const spark = withSparkline && height > 74 ? Math.min(46, height * 0.36) : 0;
  const room = height - spark - 18;
  let size = Math.min(LARGEST, room * 0.72);
  while (size > 12 && widthOf(text, { size, bold: true }) > width) size -= 1;
  const y = room / 2 + size * 0.36;
  return group(
    ...(spark > 0 ? [at(0, height - spark, sparklineOf(drawn, watcher.range, { width, height: spark }))] : []),
    label(text, 0, y, { size, bold: true, fill: drawn.value === undefined ? theme.dim : theme.text }),
    el('rect', { x: 0, y: y + 9, width: 9, height: 9, rx: 2.5, fill: drawn.color }),
    label(fitted(drawn.label, width - 14, NAME), 14, y + 17.5, { ...NAME, fill: theme.dim }),
  );
}

function sparklineOf({ points, color }: Colored, { start, end }: { start: number; end: number }, { width, height }: Size): Svg {
  const values = points.flatMap(([, value]) => value ?? []);
  const most = Math.max(...values, 0);
  const time = timeAxis(start, end, width);
  const place = scaleLinear([Math.min(0, ...values), most === 0 ? 1 : most], [height - 3, 4]);
  const known = points.filter(([, value]) => value !== undefined);
  const x = ([at_]: (typeof points)[number]) => time(at_);
  const y = ([, value]: (typeof points)[number]) => place(value!);
  return group(
    el('path', { 'd': compact(area<(typeof points)[number]>().x(x).y0(height).y1(y).digits(1)(known)), 'fill': color, 'fill-opacity': 0.14 }),
    el('path', { 'd': compact(line<(typeof points)[number]>().x(x).y(y).digits(1)(known)), 'fill': 'none', 'stroke': color, 'stroke-width': 1.5 }),
  );
}
