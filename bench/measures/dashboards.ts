import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Measure } from './measure';
import { watchedIn } from '../../preview/body/dashboards';
import { alternate, type Candidate } from '../alternate';
import { runChild, SCRATCH } from '../child';
import type { Watcher } from '../dashboard-apps';
import { counted, timedRatio, type Row } from '../row';
import type { Sample } from '../stopwatch';

const COUNTS = [1, 10, 50];
const PEER = 'cdk-monitoring-constructs';

function folderOf(watcher: Watcher, count: number): string {
  return join(SCRATCH, 'cdk.out', `dashboards-${watcher}-${count}`);
}

function synthesis(watcher: Watcher, count: number): Candidate<Sample> {
  const folder = folderOf(watcher, count);
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    return runChild<Sample>('dashboards', [watcher, String(count), folder]);
  };
}

/** Bytes of dashboards as CloudWatch gets them, and how many alarms there are. */
function watchedBy(watcher: Watcher, count: number): { bytes: number; pages: number; widgets: number; metricAlarms: number; composites: number } {
  const { dashboards, alarms } = watchedIn(folderOf(watcher, count));
  const metricAlarms = alarms.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').length;
  return {
    bytes: dashboards.reduce((sum, { body }) => sum + Buffer.byteLength(JSON.stringify(body)), 0),
    pages: dashboards.length,
    widgets: dashboards.reduce((sum, { body }) => sum + body.widgets.length, 0),
    metricAlarms,
    composites: alarms.length - metricAlarms,
  };
}

const plural = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;

export const dashboards: Measure = {
  title: 'Dashboards and alarms',
  how: 'Pipelines with their functions, queues, table and API, watched by `ObservabilityDashboard` and by a `MonitoringFacade` for each stack of 4, since one '
    + 'for 50 would have more alarms than a stack holds. As many alarms for each pipeline, of the same things; the composites and what else only one of the two has '
    + 'is named in `bench/dashboard-apps.ts`. Bytes are those of the dashboards\' bodies with names in place of references. Time is of the whole app, '
    + 'pipelines included, in a fresh process, imports not counted, `CDK_VALIDATION=false`.',
  run: async ({ rounds, progress }) => {
    const rows: Row[] = [];
    for (const count of COUNTS) {
      const values = await alternate(rounds, { ours: synthesis('ours', count), theirs: synthesis('peer', count) },
        (round) => progress.at(`dashboards of ${count}`, round, rounds));
      const [ours, theirs] = (['ours', 'peer'] as const).map((watcher) => watchedBy(watcher, count));
      const of = plural(count, 'pipeline');
      const made = ({ pages, widgets }: typeof ours) => `${plural(widgets, 'widget')} on ${plural(pages, 'page')}`;
      rows.push(
        counted({ metric: `dashboard of ${of}`, unit: 'bytes', note: `${made(ours)} to ${made(theirs)}` }, ours.bytes, { name: PEER, value: theirs.bytes }),
        counted({ metric: `alarms of ${of}`, unit: 'alarms', note: `and ${plural(ours.composites, 'composite')}, which are what notifies` }, ours.metricAlarms,
          { name: PEER, value: theirs.metricAlarms }),
        timedRatio({ metric: `synth of ${of} with a dashboard`, unit: 'ms' }, values.ours, { name: PEER, samples: values.theirs }),
      );
    }
    return rows;
  },
};
