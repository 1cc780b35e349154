import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Show, Stage } from './show';
import type { Steps } from './steps';
import { deploy } from '../local-cloud/deploy';
import { readLedger, type Ledger } from '../local-cloud/ledger';
import { LocalCloud } from '../local-cloud/local-cloud';
import { Deployed } from '../support/deployed';
import { synthesise } from '../support/synthesise';

const ROOT = resolve(__dirname, '../..');
const BUNDLE_LIMIT_MS = 60_000;
const run = promisify(execFile);

/** An example, deployed and ready to be used. */
export interface DemoEnvironment {
  readonly stage: Stage;
  readonly cloud: LocalCloud;
  ledger(): Promise<Ledger>;
}

/** Bundles, starts, synthesises and deploys. Whoever calls stops the cloud, which is handed over as soon as it runs. */
export async function prepare({ example, open }: Show, steps: Steps, started: (cloud: LocalCloud) => void): Promise<DemoEnvironment> {
  await steps.step('bundle handlers and layers', () => run(process.execPath, ['--import', 'tsx', 'projenrc/tools/bundle.ts'], {
    cwd: ROOT, timeout: BUNDLE_LIMIT_MS,
  }));
  const cloud = await steps.step('start the local cloud', (report) => LocalCloud.start({ onProgress: report }));
  started(cloud);
  const assembly = await steps.step(`synthesise the example (${example.stack})`, () => synthesise(example.folder, 'demo', example.shortTimeouts));
  const deployment = await steps.step('deploy its template', (report) => deploy(cloud, assembly, { stacks: [example.stack], onProgress: report }));
  return {
    cloud,
    stage: await open(new Deployed(cloud, deployment)),
    ledger: () => readLedger(cloud, deployment.stacks),
  };
}
