import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { DatabaseStack, type Kind } from './databases-stack';
import { type SqlMigrations } from '../../src/index';
import { deploy, type Deployment } from '../local-cloud/deploy';
import { LocalCloud } from '../local-cloud/local-cloud';

/** Makes templates of the stacks, as they are now, and deploys them. */
export async function deployDatabases(cloud: LocalCloud, kinds: readonly Kind[], migrations?: () => SqlMigrations): Promise<Deployment> {
  const outdir = mkdtempSync(join(tmpdir(), 'jobworks-databases-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    kinds.forEach(kind => new DatabaseStack(app, kind, migrations?.()));
    app.synth();
    return await deploy(cloud, outdir, { limitSeconds: 180 });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A local cloud of a file's own, where permissions are enforced. Call it where `describe` is called. */
export function useCloud(): () => LocalCloud {
  let cloud: LocalCloud | undefined;
  beforeAll(async () => {
    cloud = await LocalCloud.start({ auth: true, database: { maxConnections: 30 } });
  }, 180_000); // making the Python environment included
  afterAll(async () => cloud?.stop());
  return () => cloud!;
}
