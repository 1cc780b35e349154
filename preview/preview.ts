import type { Dashboard, Watched } from './body/dashboards';
import { AlarmStates } from './data/alarm-states';
import { SampleData } from './data/sample-data';
import type { Range } from './data/widget-data';
import { HOUR, MINUTE, NOW, type State } from './data/world';
import { drawPage, type Picture } from './draw/page';
import type { ThemeName } from './draw/theme';

/** How a dashboard is looked at. */
export interface Look {
  readonly width: number;
  readonly theme: ThemeName;
  readonly state: State;
}

const DAY = 24 * HOUR;
const DEFAULT_RANGE = 3 * HOUR;
const LENGTHS: Readonly<Record<string, number>> = { TM: MINUTE, TH: HOUR, D: DAY, W: 7 * DAY, M: 30 * DAY };

/** Draws a dashboard of an app with sample data. The same dashboard makes the same picture at every run. */
export function preview({ body, name }: Dashboard, { alarms, timeouts }: Omit<Watched, 'dashboards'>, { width, theme, state }: Look): Picture {
  const source = new SampleData(state, pipelinesIn(JSON.stringify(body)), timeouts);
  const states = new AlarmStates(alarms, source, NOW);
  const watcher = { source, range: rangeOf(body.start), alarmState: (arn: string) => states.stateOf(arn) };
  const { svg, faults } = drawPage({ body, name }, { width, theme, state, watcher });
  return { svg, faults: [...faults, ...states.faults] };
}

/** What the page shows when it is opened. */
function rangeOf(start = ''): Range {
  const [, time = '', count, unit] = /^-P(T?)(\d+)([MHDW])$/.exec(start) ?? [];
  const length = count === undefined ? DEFAULT_RANGE : Number(count) * LENGTHS[`${time}${unit}`];
  return { start: NOW - length, end: NOW };
}

function pipelinesIn(body: string): number {
  return new Set([...body.matchAll(/"Pipeline","([^"]+)"/g)].map(([, name]) => name)).size;
}
