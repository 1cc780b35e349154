import { layout } from './layout';
import { at, el, group, type Svg } from './svg';
import { fitted, label, widthOf } from './text';
import { MONO, SANS, THEMES, type Theme, type ThemeName } from './theme';
import type { Dashboard } from '../body/dashboards';
import type { Watcher } from '../data/watcher';
import type { State } from '../data/world';
import { drawWidget } from './widgets/widget';

export interface PageOptions {
  /** In pixels. */
  readonly width: number;
  readonly theme: ThemeName;
  readonly state: State;
  readonly watcher: Watcher;
}

/** A dashboard as an SVG document, and what of it could not be drawn. */
export interface Picture {
  readonly svg: string;
  readonly faults: readonly string[];
}

const MARGIN = 14;
const HEADER = 50;

export function drawPage({ name, body }: Dashboard, { width, theme: themeName, state, watcher }: PageOptions): Picture {
  const theme = THEMES[themeName];
  const { boxes, height: inner } = layout(body.widgets, width - 2 * MARGIN);
  const height = HEADER + inner + MARGIN;
  const widgets = boxes.map(({ widget, box }) => ({ box, ...drawWidget(widget, { width: box.width, height: box.height, theme, watcher, state }) }));
  const picture = el('svg', { 'xmlns': 'http://www.w3.org/2000/svg', width, height, 'viewBox': `0 0 ${width} ${Math.round(height * 10) / 10}`, 'font-family': SANS, 'role': 'img' },
    el('title', {}, `Dashboard ${name}, with sample data`),
    el('style', {}, `.m{font-family:${MONO.replaceAll('"', '')};white-space:pre}`),
    el('rect', { width, height, fill: theme.page }),
    header(name, width, { state, watcher }, theme),
    ...widgets.map(({ svg, box }) => at(MARGIN + box.x, HEADER + box.y, svg)));
  return { svg: `${picture.markup}\n`, faults: widgets.flatMap(({ faults }) => faults) };
}

function header(name: string, width: number, { state, watcher: { range } }: Pick<PageOptions, 'state' | 'watcher'>, theme: Theme): Svg {
  const clock = (time: number) => new Date(time).toISOString().slice(11, 16);
  const about = `Sample data${state === 'incident' ? ', an incident' : ''} · ${new Date(range.end).toISOString().slice(0, 10)} ${clock(range.start)} to ${clock(range.end)} UTC`;
  const small = { size: 12 };
  const room = width - 2 * MARGIN - 24;
  const aside = widthOf(about, small) < room * 0.6;
  const font = { size: 20, bold: true };
  return group(
    label(fitted(name, room - (aside ? widthOf(about, small) : 0), font), MARGIN + 4, 33, { ...font, fill: theme.text }),
    ...(aside ? [label(about, width - MARGIN - 4, 32, { ...small, fill: theme.dim, anchor: 'end' })] : []),
  );
}
