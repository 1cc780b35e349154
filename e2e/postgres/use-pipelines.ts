import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { PostgresPipelineStack, SIZES } from './pipeline-stack';
import { SqlMigrations } from '../../src/index';
import { WRITE_DOWN_CHANGES } from '../../test/support/postgres/changes';
import { JobClient } from '../job-client/job-client';
import { awsCredentials } from '../job-client/signers';
import { deploy } from '../local-cloud/deploy';
import { LocalCloud } from '../local-cloud/local-cloud';
import { Deployed } from '../support/deployed';
import { Journal } from '../support/journal';
import type { Subject } from '../support/use';

/** The user's tables: rows of the handler, and what the database itself writes down of each change of a record. */
const FILES = {
  '0001_effects.sql': 'CREATE TABLE effects (job_id text NOT NULL, run bigint NOT NULL)',
  '0002_changes.sql': WRITE_DOWN_CHANGES,
};

/** Starts a local cloud with both pipelines deployed and every role enforced. Call it where `describe` is called. */
export function usePipelines(): () => Subject {
  const journal = new Journal();
  let cloud: LocalCloud | undefined;
  let subject: Subject | undefined;
  beforeAll(async () => {
    const [outdir, sql] = ['out', 'sql'].map(name => mkdtempSync(join(tmpdir(), `jobworks-postgres-${name}-`)));
    try {
      Object.entries(FILES).forEach(([name, text]) => writeFileSync(join(sql, name), text));
      const app = new App({ outdir, analyticsReporting: false });
      new PostgresPipelineStack(app, 'Postgres', SqlMigrations.fromDirectory(sql));
      app.synth();
      cloud = await LocalCloud.start({ auth: true, database: { maxConnections: SIZES.maxConnections } });
      subject = { cloud, journal, deployed: new Deployed(cloud, await deploy(cloud, outdir, { limitSeconds: 180 })) };
    } finally {
      [outdir, sql].forEach(folder => rmSync(folder, { recursive: true, force: true }));
    }
  }, 300_000); // making the Python environment included
  afterAll(async () => {
    await cloud?.stop();
    journal.remove();
  });
  return () => subject!;
}

/** Whoever owns the account, as a caller of one of the pipelines. */
export function callerOf({ cloud, deployed }: Subject, pipeline: 'Jobs' | 'Rows'): JobClient {
  return new JobClient({ url: deployed.apiUrl(`${pipeline}Url`), signer: awsCredentials(cloud.clientConfig.credentials, cloud.region) });
}

/** Rows as whoever looks after the server sees them. */
export async function rows<Row extends object>({ cloud }: Subject, sql: string, values: unknown[] = []): Promise<Row[]> {
  const { server, request } = cloud.databases.server();
  return (await server.asMaster(request.database!, async client => client.query<Row>(sql, values))).rows;
}
