import { scaleLinear, scaleUtc, type ScaleLinear, type ScaleTime } from 'd3-scale';
import type { AxisProperties } from '../../body/body';
import { free, scaleFor, written, type Scale, type Unit } from '../../data/units';
import { el, group, type Svg } from '../svg';
import { label, widthOf } from '../text';
import type { Theme } from '../theme';

export const AXIS_FONT = { size: 11 };
const TICK_EVERY = 38;
const HOUR = 3_600_000;

/** A vertical axis: where values stand, and how they are written. */
export interface ValueAxis {
  readonly place: ScaleLinear<number, number>;
  readonly ticks: readonly number[];
  readonly texts: readonly string[];
  readonly width: number;
}

/** An axis that has all these values, with ticks that are round in the unit in which they are written. */
export function valueAxis(values: readonly number[], counted: Unit, height: number, { min, max }: AxisProperties = {}): ValueAxis {
  const unit = free(counted);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const known = values.length > 0;
  const low = min ?? (known && least < 0 ? least : known && least > 0.7 * most && most > 0 && unit !== 'count' ? least - (most - least || most * 0.1) : 0);
  const high = max ?? (known && most > low ? most : low + (unit === 'percent' ? 1 : unit === 'count' ? 4 : 1));
  const scale = scaleFor(unit, high);
  const count = Math.max(2, Math.floor(height / TICK_EVERY));
  const inUnits = scaleLinear([low / scale.by, high / scale.by], [height, 0]);
  const [bottom, top] = inUnits.copy().nice(count).domain();
  const domain = [min === undefined ? bottom : low / scale.by, max === undefined ? top : high / scale.by];
  const ticks = inUnits.domain(domain).ticks(count).filter((tick) => !(unit === 'count' && scale.by === 1 && !Number.isInteger(tick)));
  const texts = ticks.map((tick) => tickText(tick * scale.by, unit, scale));
  return {
    place: scaleLinear(domain.map((value) => value * scale.by), [height, 0]),
    ticks: ticks.map((tick) => tick * scale.by),
    texts,
    width: Math.max(0, ...texts.map((text) => widthOf(text, AXIS_FONT))),
  };
}

function tickText(value: number, unit: Unit, scale: Scale): string {
  const small = unit === 'dollars' ? 4 : 3;
  if (value === 0) return unit === 'dollars' ? '$0' : '0';
  const scaled = value / scale.by;
  return unit === 'dollars' || Math.abs(scaled) < 0.01 ? `${scale.before}${Number(scaled.toPrecision(small)).toLocaleString('en-US', { maximumFractionDigits: 6 })}${scale.after}` : written(value, unit, scale);
}

/** Lines across the plot, and what they stand for at its left; the right axis has only the latter. */
export function drawnValueAxis(axis: ValueAxis, width: number, side: 'left' | 'right', theme: Theme): Svg {
  return group(...axis.ticks.flatMap((tick, i) => {
    const y = Math.round(axis.place(tick)) + 0.5;
    const text = label(axis.texts[i], side === 'left' ? -8 : width + 8, y + 4, { ...AXIS_FONT, fill: theme.dim, anchor: side === 'left' ? 'end' : 'start' });
    return side === 'left' ? [el('path', { d: `M0 ${y}H${Math.round(width)}`, stroke: tick === 0 ? theme.border : theme.faint }), text] : [text];
  }));
}

export type TimeAxis = ScaleTime<number, number>;

export function timeAxis(start: number, end: number, width: number): TimeAxis {
  return scaleUtc([start, end], [0, width]);
}

export function drawnTimeAxis(axis: TimeAxis, y: number, theme: Theme): Svg {
  const [start, end] = axis.domain().map(Number);
  const [, width] = axis.range();
  const ticks = axis.ticks(Math.max(2, Math.floor(width / 85))).filter((tick) => axis(tick) > 14 && axis(tick) < width - 14);
  const daily = end - start > 48 * HOUR;
  return group(...ticks.map((tick) => {
    const text = daily && tick.getUTCHours() === 0 ? tick.toISOString().slice(5, 10) : tick.toISOString().slice(11, 16);
    return label(text, axis(tick), y + 16, { ...AXIS_FONT, fill: theme.dim, anchor: 'middle' });
  }));
}
