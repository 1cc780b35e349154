import { arc, pie } from 'd3-shape';
import type { HorizontalLine, MetricProperties } from '../../body/body';
import { scaleFor, written } from '../../data/units';
import { at, el, group, type Svg } from '../svg';
import { fitted, label, widthOf } from '../text';
import { seen } from '../theme';
import { PADDING, type Canvas } from './frame';
import { columnOfLegend, legendWidth } from './legend';
import type { Colored } from './time-series';

const FONT = { size: 12 };

/** Numbers as bars. CloudWatch draws them upright; lying, their names can be read. */
export function bars({ width, height, theme }: Canvas, lines: readonly Colored[], top: number): Svg {
  const inner = width - 2 * PADDING;
  const names = Math.min(inner * 0.42, Math.max(0, ...lines.map((drawn) => widthOf(drawn.label, FONT))) + 10);
  const texts = lines.map(({ value, unit }) => value === undefined ? '–' : written(value, unit));
  const most = Math.max(...lines.map(({ value = 0 }) => value), 0) || 1;
  const room = inner - names - Math.max(0, ...texts.map((text) => widthOf(text, FONT))) - 10;
  const row = Math.min(34, (height - top - PADDING) / Math.max(1, lines.length));
  return group(...lines.map(({ label: name, value = 0, color }, i) => {
    const length = Math.max(1.5, room * Math.max(0, value) / most);
    const middle = row / 2 + 4;
    return at(PADDING, top + i * row,
      label(fitted(name, names - 10, FONT), 0, middle, { ...FONT, fill: theme.text }),
      el('rect', { x: names, y: row * 0.18, width: length, height: row * 0.64, rx: 3, fill: color }),
      label(texts[i], names + length + 6, middle, { ...FONT, fill: theme.dim }));
  }));
}

/** Numbers as parts of their sum. */
export function pieOf({ width, height, theme }: Canvas, lines: readonly Colored[], top: number): Svg {
  const values = lines.map(({ value = 0 }) => Math.max(0, value));
  const sum = values.reduce((a, b) => a + b, 0);
  const entries = lines.map(({ label: name, color, unit }, i) => ({ label: name, color, aside: sum > 0 ? `${written(values[i], unit)} · ${Math.round(100 * values[i] / sum)}%` : '–' }));
  const radius = Math.max(20, Math.min((height - top - PADDING) / 2, width * 0.17));
  const shape = arc<{ startAngle: number; endAngle: number }>().innerRadius(radius * 0.58).outerRadius(radius).padAngle(0.012).digits(1);
  const slices = pie().sort(null)(values).map((slice, i) => el('path', { d: shape(slice) ?? '', fill: lines[i].color }));
  const left = PADDING * 2 + radius * 2 + 8;
  const unit = lines[0]?.unit ?? 'count';
  const space = Math.min(width - left - PADDING, legendWidth(entries) + 130);
  return group(
    at(PADDING + radius + 4, top + (height - top - PADDING) / 2, ...slices,
      label(written(sum, unit, scaleFor(unit, sum)), 0, 6, { size: Math.min(18, radius * 0.32), bold: true, fill: theme.text, anchor: 'middle' })),
    at(left, top + 6, columnOfLegend(entries, { width: space, height: height - top - PADDING }, theme)),
  );
}

/** A number between two limits, with the lines that are worth watching. */
export function gauge({ width, height, theme }: Canvas, { yAxis, annotations }: MetricProperties, lines: readonly Colored[], top: number): Svg {
  const { min = 0, max = 100 } = yAxis?.left ?? {};
  const angle = (value: number) => -Math.PI * 0.62 + Math.PI * 1.24 * Math.min(1, Math.max(0, (value - min) / (max - min)));
  const radius = Math.max(24, Math.min((height - top - 46) / 1.42, (width - 2 * PADDING) / 2.2));
  const shape = arc<{ startAngle: number; endAngle: number }>().innerRadius(radius * 0.74).outerRadius(radius).cornerRadius(3).digits(1);
  const [{ value, unit, color, label: name }] = lines;
  const marks = (annotations?.horizontal ?? []).flatMap((mark): readonly HorizontalLine[] => 'value' in mark ? [mark] : mark);
  return at(width / 2, top + radius + 4,
    el('path', { d: shape({ startAngle: angle(min), endAngle: angle(max) }) ?? '', fill: theme.faint }),
    ...(value === undefined ? [] : [el('path', { d: shape({ startAngle: angle(min), endAngle: angle(value) }) ?? '', fill: color })]),
    ...marks.map((mark) => el('path', {
      'd': `M${point(angle(mark.value), radius * 0.7)}L${point(angle(mark.value), radius * 1.04)}`, 'stroke': mark.color ? seen(mark.color, theme) : theme.states.ALARM.ink, 'stroke-width': 2,
    })),
    label(value === undefined ? '–' : written(value, unit), 0, 8, { size: Math.min(30, radius * 0.36), bold: true, fill: theme.text, anchor: 'middle' }),
    label(fitted(name, width - 2 * PADDING, FONT), 0, radius * 0.42 + 22, { ...FONT, fill: theme.dim, anchor: 'middle' }));
}

function point(angle: number, radius: number): string {
  return `${(Math.sin(angle) * radius).toFixed(1)} ${(-Math.cos(angle) * radius).toFixed(1)}`;
}
