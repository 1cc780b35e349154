import { area, curveLinear, line, stack, stackOrderNone } from 'd3-shape';
import type { HorizontalLine, MetricProperties } from '../../body/body';
import type { Drawn } from '../../data/widget-data';
import { compact } from '../path';
import { at, el, group, type Svg } from '../svg';
import { label, widthOf } from '../text';
import { seen } from '../theme';
import { AXIS_FONT, drawnTimeAxis, drawnValueAxis, timeAxis, valueAxis, type TimeAxis, type ValueAxis } from './axes';
import { PADDING, type Canvas, type Size } from './frame';
import { columnOfLegend, legendWidth, rowsOfLegend, type Entry } from './legend';

export type Colored = Drawn & { readonly color: string };

type Lines = readonly Colored[];
type Side = 'left' | 'right';

const SIDES = ['left', 'right'] as const;
const TIME_ROW = 20;
const ABOVE = 8;
const NAME_ROW = 15;

/** Lines or stacked areas over time, with two axes at most, the lines that are limits, and the names of all. */
export function timeSeries(canvas: Canvas, properties: MetricProperties, lines: Lines, top: number): Svg {
  const { width, height, theme } = canvas;
  const position = properties.legend?.position ?? 'bottom';
  const entries: Entry[] = lines.map(({ label: name, color }) => ({ label: name, color }));
  const inner = width - 2 * PADDING;
  const aside = position === 'right' ? Math.min(legendWidth(entries), inner * 0.38) : 0;
  const below = position === 'bottom' ? rowsOfLegend(entries, inner, height > 270 ? 2 : 1, theme) : { legend: group(), height: 0 };
  const names = SIDES.some((side) => axisName(properties, side) !== '');
  const plotTop = top + ABOVE + (names ? NAME_ROW : 0);
  const plotHeight = Math.max(20, height - plotTop - TIME_ROW - below.height - PADDING);

  const axes = { left: axisOf('left', lines, properties, plotHeight), right: axisOf('right', lines, properties, plotHeight) };
  const hasRight = lines.some(({ axis }) => axis === 'right');
  const left = PADDING + axes.left.width + 8;
  const plotWidth = Math.max(20, width - left - PADDING - (hasRight ? axes.right.width + 8 : 0) - (aside > 0 ? aside + 16 : 0));
  const time = timeAxis(canvas.watcher.range.start, canvas.watcher.range.end, plotWidth);
  const size = { width: plotWidth, height: plotHeight };

  const plot = at(left, plotTop, drawnValueAxis(axes.left, plotWidth, 'left', theme), ...(hasRight ? [drawnValueAxis(axes.right, plotWidth, 'right', theme)] : []),
    drawnTimeAxis(time, plotHeight, theme),
    el('svg', { width: plotWidth, height: plotHeight + 1 },
      ...(properties.stacked ? SIDES.map((side) => areas(lines.filter(({ axis }) => axis === side), time, axes[side]))
        : lines.map((drawn) => lineOf(drawn, time, axes[drawn.axis])))),
    ...limitLines(limits(properties), axes, size, canvas),
    ...axisNames(properties, size, canvas, hasRight));
  return group(plot,
    at(PADDING, height - PADDING - below.height + 2, below.legend),
    ...(aside > 0
      ? [at(width - PADDING - aside, plotTop - 4, columnOfLegend(entries, { width: aside, height: plotHeight + TIME_ROW }, theme))]
      : []));
}

/** Every visible line of `annotations`; the edges of a band are two. */
function limits({ annotations }: MetricProperties): HorizontalLine[] {
  return (annotations?.horizontal ?? []).flatMap((item) => 'value' in item ? [item] : [...item]).filter(({ visible }) => visible !== false);
}

function axisOf(side: Side, lines: Lines, properties: MetricProperties, height: number): ValueAxis {
  const own = lines.filter(({ axis }) => axis === side);
  const values = properties.stacked ? sums(own) : own.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
  const marked = limits(properties).filter(({ yAxis = 'left' }) => yAxis === side).map(({ value }) => value);
  return valueAxis([...values, ...marked], own[0]?.unit ?? 'count', height, properties.yAxis?.[side]);
}

function sums(lines: Lines): number[] {
  const byTime = new Map<number, number>();
  lines.forEach(({ points }) => points.forEach(([time, value = 0]) => byTime.set(time, (byTime.get(time) ?? 0) + value)));
  return [0, ...byTime.values()];
}

function lineOf({ points, color }: Colored, time: TimeAxis, axis: ValueAxis): Svg {
  const path = line<Drawn['points'][number]>()
    .defined(([, value]) => value !== undefined)
    .x(([at_]) => time(at_))
    .y(([, value]) => axis.place(value!))
    .curve(curveLinear)
    .digits(1);
  const alone = points.filter(([, value], i) => value !== undefined && points[i - 1]?.[1] === undefined && points[i + 1]?.[1] === undefined);
  return group(
    el('path', { 'd': compact(path(points)), 'fill': 'none', 'stroke': color, 'stroke-width': 1.7, 'stroke-linejoin': 'round' }),
    ...alone.map(([at_, value]) => el('circle', { cx: time(at_), cy: axis.place(value!), r: 2.2, fill: color })),
  );
}

function areas(lines: Lines, time: TimeAxis, axis: ValueAxis): Svg {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([at_]) => at_)))].sort((a, b) => a - b);
  const values = lines.map(({ points }) => new Map(points.map(([at_, value]) => [at_, value ?? 0])));
  const layers = stack<number, number>().keys(lines.map((_, i) => i)).value((at_, key) => values[key].get(at_) ?? 0).order(stackOrderNone)(times);
  return group(...layers.map((layer, i) => {
    const x = (_: unknown, place: number) => time(times[place]);
    const shape = area<readonly [number, number]>().x(x).y0(([low]) => axis.place(low)).y1(([, high]) => axis.place(high)).digits(1);
    const edge = line<readonly [number, number]>().x(x).y(([, high]) => axis.place(high)).digits(1);
    const points = layer.map(([low, high]) => [low, high] as const);
    return group(
      el('path', { 'd': compact(shape(points)), 'fill': lines[i].color, 'fill-opacity': 0.42 }),
      el('path', { 'd': compact(edge(points)), 'fill': 'none', 'stroke': lines[i].color, 'stroke-width': 1.4 }),
    );
  }));
}

/** Each limit with its name at the right; a name that would cover another stands at its left. */
function limitLines(all: readonly HorizontalLine[], axes: Readonly<Record<Side, ValueAxis>>, size: Size, canvas: Canvas): Svg[] {
  const names: { readonly y: number; readonly taken: number }[] = [];
  return all.map((limit) => {
    const axis = axes[limit.yAxis ?? 'left'];
    const y = axis.place(limit.value);
    const aside = names.filter((other) => Math.abs(other.y - y) < NAME_ROW).reduce((sum, { taken }) => sum + taken, 0);
    names.push({ y, taken: limit.label ? widthOf(limit.label, AXIS_FONT) + 14 : 0 });
    return limitLine(limit, axis, size, canvas, aside);
  });
}

function limitLine(limit: HorizontalLine, axis: ValueAxis, { width, height }: Size, { theme }: Canvas, aside: number): Svg {
  const { value, label: name, color, fill } = limit;
  const y = Math.min(height, Math.max(0, axis.place(value)));
  const ink = color ? seen(color, theme) : theme.states.ALARM.ink;
  const [from, to] = fill === 'above' ? [0, y] : fill === 'below' ? [y, height] : [0, 0];
  const taken = name ? widthOf(name, AXIS_FONT) + 8 : 0;
  const textY = y < 16 ? y + 14 : y - 5;
  return group(
    ...(to > from ? [el('rect', { 'x': 0, 'y': from, width, 'height': to - from, 'fill': ink, 'fill-opacity': 0.07 })] : []),
    el('path', { 'd': `M0 ${y.toFixed(1)}H${Math.round(width)}`, 'stroke': ink, 'stroke-width': 1.3, 'stroke-dasharray': '5 4' }),
    ...(name ? [
      el('rect', { 'x': width - taken - aside, 'y': textY - 11, 'width': taken, 'height': 14, 'rx': 3, 'fill': theme.card, 'fill-opacity': 0.85 }),
      label(name, width - 4 - aside, textY, { ...AXIS_FONT, fill: ink, anchor: 'end' }),
    ] : []),
  );
}

function axisNames(properties: MetricProperties, { width }: Size, { theme }: Canvas, hasRight: boolean): Svg[] {
  const style = { ...AXIS_FONT, fill: theme.dim };
  return [
    label(axisName(properties, 'left'), 0, -ABOVE - 1, style),
    ...(hasRight ? [label(axisName(properties, 'right'), width, -ABOVE - 1, { ...style, anchor: 'end' as const })] : []),
  ];
}

/** What an axis says beside the units, which stand at each of its numbers. */
function axisName({ yAxis }: MetricProperties, side: Side): string {
  const name = yAxis?.[side]?.label ?? '';
  return /^(%|percent|m?s|(milli|micro)?seconds|minutes|bytes|US dollars)$/i.test(name) ? '' : name;
}
