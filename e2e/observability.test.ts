import type { AlarmState } from '../metric-math/alarm-state';
import { judge } from '../metric-math/alarms';
import { readAlarms, readMetrics } from './local-cloud/control';
import { metricAlarm, idOf, stretched } from './observability/alarm-watch';
import { emptyParts, type MetricWidget, type Run } from './observability/empty-widgets';
import { CAUSES, incidents, type Told } from './observability/incidents';
import { OPERATIONS } from './observability/names';
import { emptyFields } from './observability/query-fields';
import { ALARM_SPEED, System } from './observability/system';
import { allLogLines } from './support/logs';

/**
 * A system in a bad hour: each of its alarms is driven off by what it is for, and is over when that is over. Handlers, queues, tables, API and what
 * is told are the local cloud's; the time of alarms is compressed, so that the hour takes a minute.
 */
let system: System;
let told: Told;
let began: number;
beforeAll(async () => {
  system = await System.start();
  began = Date.now() / 1000;
  told = await incidents(system);
}, 300_000);
afterAll(async () => system?.stop());

test.each(Object.entries(CAUSES))('%s rings: %s', id => {
  const history = system.watch.history(id);
  expect(history).toContain('ALARM');
  expect(history.at(-1)).toBe('OK');
});

test('every alarm of a pipeline and of a worker has a cause here', () => {
  const driven = new Set(Object.keys(CAUSES).map(id => id.replace(/^(Jobs|Late|Steps|Mails)/, '')));
  const all = system.watch.ids.filter(id => /^(Jobs|Late|Steps|Mails)/.test(id)).map(id => id.replace(/^(Jobs|Late|Steps|Mails)/, ''));
  const workers = (id: string) => id.replace('WorkerAlarms', 'Alarms');
  expect([...new Set(all.map(workers))].filter(id => ![...driven].map(workers).includes(id))).toEqual([]);
});

test('the evaluator of metric math judges the data of the run as the alarms were judged when it went on', async () => {
  const data = stretched(await readMetrics(system.cloud), ALARM_SPEED);
  const now = Date.now() / 1000;
  const { alarms } = await readAlarms(system.cloud);
  const states = (alarm: typeof alarms[number]) => {
    let state: AlarmState | undefined;
    const had = new Set<AlarmState>();
    for (let time = began; time < now; time += 0.25) had.add(state = judge(metricAlarm(alarm), data, time * ALARM_SPEED, state).state);
    return [had.has('ALARM'), judge(metricAlarm(alarm), data, now * ALARM_SPEED, state).state];
  };
  expect(alarms.map(alarm => [idOf(alarm.AlarmName), ...states(alarm)]))
    .toEqual(alarms.map(({ AlarmName: name }) => [idOf(name), system.watch.history(idOf(name)).includes('ALARM'), system.watch.history(idOf(name)).at(-1)]));
});

test('one cause wakes once, at an HTTPS endpoint, and is told when it is over', () => {
  // nothing ended while jobs waited, and they waited for too long: two alarms that wake somebody
  expect(told.map(({ alarm }) => [alarm.OldStateValue, alarm.NewStateValue])).toEqual([['OK', 'ALARM'], ['ALARM', 'OK']]);
  expect(told[0].alarm.AlarmDescription).toContain('late');
  expect(told[0].topic).toContain('PageTopic');
});

describe('what is shown was there', () => {
  interface Widget {
    readonly type: string;
    readonly properties: MetricWidget & { readonly query?: string };
  }

  let widgets: readonly Widget[];
  beforeAll(async () => { widgets = (await system.dashboard()).widgets as Widget[]; });

  test('every metric of every widget was reported in the run, or is documented by AWS for what is deployed', async () => {
    const run: Run = {
      data: await readMetrics(system.cloud),
      began,
      ended: Date.now() / 1000,
      resources: await system.resources(),
      pipelines: Object.values(OPERATIONS.pipelines),
    };
    const shown = widgets.filter(({ type }) => type === 'metric');
    expect(shown.length).toBeGreaterThan(50);
    expect(shown.flatMap(({ properties }) => emptyParts(properties, run))).toEqual([]);
    expect(emptyParts({ metrics: [['JobWorks', 'JobsSubmited', 'Pipeline', 'jobs']] }, run)).toHaveLength(1); // and it would be found
    expect(emptyParts({ metrics: [['AWS/Lambda', 'Errors', 'FunctionName', 'other']] }, run)).toHaveLength(1);
  });

  test('every field of every saved query and of every widget with logs was written in the run', async () => {
    const lines = await allLogLines(system.cloud);
    const shown = widgets.filter(({ type }) => type === 'log').map(({ properties: { title = '', query = '' } }) => ({
      title, query, groups: [...query.matchAll(/SOURCE '([^']+)'/g)].map(([, group]) => group),
    }));
    const queries = [...shown, ...await system.savedQueries()];
    expect(queries.length).toBeGreaterThan(20);
    expect(queries.flatMap(({ title, query, groups }) => emptyFields(query, groups, lines).map(problem => `${title}: ${problem}`))).toEqual([]);
  });
});
