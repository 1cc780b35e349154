import type { AlarmProperties, AlarmState } from '../../body/body';
import { at, el, group, type Svg } from '../svg';
import { fitted, label } from '../text';
import { instead, PADDING, type Canvas } from './frame';

const URGENCY: readonly AlarmState[] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];
const FONT = { size: 11.5 };
const WIDEST = 250;
const NARROWEST = 150;
const GAP = 6;
const TALLEST = 32;
const LOWEST = 22;

/** A tile for each alarm in its colour, those that ring first. What has no room is counted. */
export function alarmTiles(canvas: Canvas, { alarms, states = [], sortBy }: AlarmProperties, top: number): Svg {
  const { width, height, theme, watcher } = canvas;
  const all = alarms.map((arn) => ({ name: arn.split(':').slice(6).join(':') || arn, state: watcher.alarmState(arn) }))
    .filter(({ state }) => states.length === 0 || states.includes(state))
    .sort((a, b) => (sortBy === undefined || sortBy === 'default' ? 0 : URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state)) || a.name.localeCompare(b.name));
  if (all.length === 0) return instead(canvas, top, height, 'No alarm is in these states');
  const inner = { width: width - 2 * PADDING, height: height - top - PADDING };
  const most = Math.max(1, Math.floor((inner.width + GAP) / (NARROWEST + GAP)));
  const fewest = Math.max(1, Math.ceil((inner.width + GAP) / (WIDEST + GAP)));
  const rowsWithin = (tall: number) => Math.max(1, Math.floor((inner.height + GAP) / (tall + GAP)));
  const columns = Math.min(most, Math.max(fewest, Math.ceil(all.length / rowsWithin(TALLEST))));
  const rows = Math.min(Math.ceil(all.length / columns), rowsWithin(LOWEST));
  const tile = { width: (inner.width + GAP) / columns - GAP, height: Math.min(TALLEST, (inner.height + GAP) / rows - GAP) };
  const places = columns * rows;
  const shown = all.length > places ? all.slice(0, places - 1) : all;
  const place = (i: number, ...pieces: readonly Svg[]) =>
    at(PADDING + (i % columns) * (tile.width + GAP), top + Math.floor(i / columns) * (tile.height + GAP), ...pieces);
  return group(
    ...shown.map(({ name, state }, i) => {
      const { ink, ground } = theme.states[state];
      const middle = tile.height / 2;
      return place(i,
        el('rect', { width: tile.width, height: tile.height, rx: 4, fill: ground }),
        el('rect', { width: 4, height: tile.height, rx: 2, fill: ink }),
        symbol(state, 15, middle, ink),
        label(fitted(name, tile.width - 32, { ...FONT, bold: state === 'ALARM' }, 'end'), 26, middle + 4, { ...FONT, bold: state === 'ALARM', fill: state === 'ALARM' ? ink : theme.text }));
    }),
    ...(shown.length < all.length ? [place(shown.length, label(`+${all.length - shown.length} more`, 8, tile.height / 2 + 4, { ...FONT, fill: theme.dim }))] : []),
  );
}

/** Told by form too, for whoever does not see colours. */
function symbol(state: AlarmState, x: number, y: number, ink: string): Svg {
  const line = { 'stroke': ink, 'stroke-width': 1.8, 'fill': 'none', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  switch (state) {
    case 'OK': return el('path', { d: `M${x - 4} ${y}l3 3.2l5.4 -6.4`, ...line });
    case 'ALARM': return group(
      el('path', { 'd': `M${x} ${y - 5.5}l5.4 10h-10.8z`, ...line, 'fill': ink, 'stroke-width': 1.2 }),
      el('path', { 'd': `M${x} ${y - 2}v3`, 'stroke': '#fff', 'stroke-width': 1.5 }),
    );
    case 'INSUFFICIENT_DATA': return el('path', { 'd': `M${x - 4} ${y}h8`, ...line, 'stroke-dasharray': '2 3' });
  }
}
