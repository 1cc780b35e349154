import type { LogWidget, MetricWidget, Widget } from '../../body/body';
import { logLines } from '../../data/log-rows';
import { rangeBefore } from '../../data/range';
import { widgetData, type WidgetData } from '../../data/widget-data';
import { group, type Svg } from '../svg';
import { channels, seen, type Theme } from '../theme';
import { alarmTiles } from './alarms';
import { card, instead, type Canvas } from './frame';
import { bars, gauge, pieOf } from './shares';
import { singleValues } from './single-value';
import { logRows, metricTable } from './table';
import { textWidget } from './text';
import { timeSeries, type Colored } from './time-series';

/** A widget as a picture, and what of it could not be drawn. */
export interface DrawnWidget {
  readonly svg: Svg;
  readonly faults: readonly string[];
}

export function drawWidget(widget: Widget, canvas: Canvas): DrawnWidget {
  switch (widget.type) {
    case 'text': return { svg: textWidget(canvas, widget.properties.markdown, widget.properties.background), faults: [] };
    case 'metric': return metricWidget(widget, canvas);
    case 'alarm': {
      const { frame, top } = card(canvas, widget.properties.title);
      return { svg: group(frame, alarmTiles(canvas, widget.properties, top)), faults: [] };
    }
    case 'log': {
      const { frame, top } = card(canvas, widget.properties.title);
      return { svg: group(frame, logWidget(widget, canvas, top)), faults: [] };
    }
    default: {
      const { frame, top } = card(canvas, widget.properties.title);
      return { svg: group(frame, instead(canvas, top, canvas.height, `A widget of type ${widget.type} is not drawn here`)), faults: [] };
    }
  }
}

function logWidget({ properties }: LogWidget, canvas: Canvas, top: number): Svg {
  const { view = 'table', query, stacked } = properties;
  if (view === 'table') return logRows(canvas, properties, top);
  const { source, range } = canvas.watcher;
  const metrics = logLines(query).map((name) => ['Logs', /error|fail|throttl|refus|4\d\d|5\d\d/i.test(query) ? `Errors ${name}` : name, 'Line', name, { label: name, stat: 'Sum' }]);
  const lines = withColors(widgetData({ metrics, setPeriodToTimeRange: view !== 'timeSeries' }, source, range).lines, canvas.theme);
  if (lines.length === 0) return instead(canvas, top, canvas.height, 'The query counts nothing');
  return view === 'timeSeries' ? timeSeries(canvas, { stacked }, lines, top) : view === 'bar' ? bars(canvas, lines, top) : pieOf(canvas, lines, top);
}

function metricWidget({ properties }: MetricWidget, page: Canvas): DrawnWidget {
  const { range } = page.watcher;
  const canvas = { ...page, watcher: { ...page.watcher, range: properties.start === undefined ? range : rangeBefore(range.end, properties.start) } };
  const { frame, top } = card(canvas, properties.title);
  const { lines, faults }: WidgetData = widgetData(properties, canvas.watcher.source, canvas.watcher.range);
  const colored = withColors(lines, canvas.theme);
  const titled = faults.map((fault) => `${properties.title ?? 'a widget without a title'}: ${fault}`);
  const alarms = properties.annotations?.alarms ?? [];
  if (colored.length === 0 && alarms.length > 0) return { svg: group(frame, alarmTiles(canvas, { alarms }, top)), faults: titled };
  if (colored.length === 0) return { svg: group(frame, instead(canvas, top, canvas.height, faults[0] ?? 'No data')), faults: titled };
  const drawn = () => {
    switch (properties.view ?? 'timeSeries') {
      case 'timeSeries': return timeSeries(canvas, properties, colored, top);
      case 'singleValue': return singleValues(canvas, properties, colored, top);
      case 'bar': return bars(canvas, colored, top);
      case 'pie': return pieOf(canvas, colored, top);
      case 'gauge': return gauge(canvas, properties, colored, top);
      case 'table': return metricTable(canvas, colored, top);
    }
  };
  return { svg: group(frame, drawn()), faults: titled };
}

/** Lines that name no colour get those of the theme that differ from the named ones. */
function withColors(lines: WidgetData['lines'], theme: Theme): Colored[] {
  const named = lines.flatMap(({ color }) => color ?? []);
  const free = theme.series.filter((color) => named.every((other) => distance(color, seen(other, theme)) > ALIKE));
  const left = free.length > 0 ? free : theme.series;
  let next = 0;
  return lines.map((line) => ({ ...line, color: line.color ? seen(line.color, theme) : left[next++ % left.length] }));
}

const ALIKE = 90;

function distance(a: string, b: string): number {
  const [one, other] = [channels(a), channels(b)];
  return Math.hypot(...one.map((value, i) => value - other[i]));
}
