import type { Dashboard, Watched } from './body/dashboards';
import { AlarmStates } from './data/alarm-states';
import { rangeBefore } from './data/range';
import { SampleData } from './data/sample-data';
import { NOW, type State } from './data/world';
import { drawPage, type Picture } from './draw/page';
import type { ThemeName } from './draw/theme';

/** How a dashboard is looked at. */
export interface Look {
  readonly width: number;
  readonly theme: ThemeName;
  readonly state: State;
}

/** Draws a dashboard of an app with sample data. The same dashboard makes the same picture at every run. */
export function preview({ body, name }: Dashboard, { alarms, timeouts }: Omit<Watched, 'dashboards'>, { width, theme, state }: Look): Picture {
  const source = new SampleData(state, pipelinesIn(JSON.stringify(body)), timeouts);
  const states = new AlarmStates(alarms, source, NOW);
  const watcher = { source, range: rangeBefore(NOW, body.start), alarmState: (arn: string) => states.stateOf(arn) };
  const { svg, faults } = drawPage({ body, name }, { width, theme, state, watcher });
  return { svg, faults: [...faults, ...states.faults] };
}

function pipelinesIn(body: string): number {
  return new Set([...body.matchAll(/"Pipeline","([^"]+)"/g)].map(([, name]) => name)).size;
}
