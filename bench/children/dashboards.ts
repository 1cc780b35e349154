/** `dashboards.cjs ours|peer <count> <folder>`: what it takes to construct and synthesise so many pipelines that are watched. */
import { watchedApp, type Watcher } from '../dashboard-apps';
import { stopwatch } from '../stopwatch';

const [watcher, count, outdir] = process.argv.slice(2);
const stop = stopwatch();
watchedApp(watcher as Watcher, Number(count), outdir).synth();
console.log(JSON.stringify(stop()));
