import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Issuer } from './issuer';
import { HttpStack, PIPELINES } from './stack';
import { JobClient } from '../job-client/job-client';
import type { Signer } from '../job-client/signers';
import { deploy } from '../local-cloud/deploy';
import { LocalCloud } from '../local-cloud/local-cloud';
import { Deployed } from '../support/deployed';
import type { Subject } from '../support/use';

/** The command line as it is shipped. */
const BIN = join(__dirname, '../../assets/cli/cdk-jobworks.js');

/** The stack, deployed, and who issues tokens for it. */
export interface HttpSubject extends Pick<Subject, 'cloud' | 'deployed'> {
  readonly issuer: Issuer;
}

/** Starts a local cloud with the stack deployed, for all tests of a file. Call it where `describe` is called. */
export function useHttp(): () => HttpSubject {
  let subject: HttpSubject | undefined;
  let cloud: LocalCloud | undefined;
  let issuer: Issuer | undefined;
  beforeAll(async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'jobworks-http-'));
    try {
      issuer = await Issuer.start();
      const app = new App({ outdir, analyticsReporting: false });
      new HttpStack(app, 'Http', issuer.url);
      app.synth();
      cloud = await LocalCloud.start({ auth: true });
      subject = { cloud, issuer, deployed: new Deployed(cloud, await deploy(cloud, outdir)) };
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }, 180_000); // making the Python environment included
  afterAll(async () => {
    await cloud?.stop();
    await issuer?.stop();
  });
  return () => subject!;
}

/** Somebody who calls the API of a pipeline. */
export function client({ deployed }: HttpSubject, pipeline: 'Keys' | 'Tokens' | 'Iam', signer: Signer): JobClient {
  return new JobClient({ url: deployed.apiUrl(`${pipeline}Url`), signer });
}

export interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `cdk-jobworks keys …`, for the pipeline that has keys unless another is named. */
export async function keys({ cloud }: HttpSubject, ...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, 'keys', '--pipeline', PIPELINES.keys, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...cloud.env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => { stdout += String(data); });
  child.stderr.on('data', (data) => { stderr += String(data); });
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, stdout, stderr };
}

/** Makes a key as a customer gets it. */
export async function newKey(subject: HttpSubject, customer: string): Promise<string> {
  const { exit, stdout, stderr } = await keys(subject, 'create', '--customer', customer);
  if (exit !== 0) throw new Error(stderr);
  return stdout.trim();
}
