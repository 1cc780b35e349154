import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../..');
const SYNTH_LIMIT_MS = 120_000;
const run = promisify(execFile);

/** An example, and how it is called by what it deploys. */
export interface Example {
  readonly folder: string;
  readonly stack: string;
  /** Seconds instead of minutes, where it has such a thing; a test holds that nothing else differs. */
  readonly shortTimeouts: Readonly<Record<string, string>>;
  readonly submitPath: string;
  readonly statusPath: string;
  /** What a job goes through. */
  readonly stages: readonly string[];
}

/** The example that the demo runs. */
export const EXAMPLE: Example = {
  folder: join(ROOT, 'examples/typescript/drawing-analysis'),
  stack: 'DrawingAnalysis',
  shortTimeouts: { shortTimeouts: 'true' },
  submitPath: '/process-drawing',
  statusPath: '/status/{job_id}',
  stages: ['read', 'measure', 'classify', 'report'],
};

/** The one with a database. */
export const INVOICES: Example = {
  folder: join(ROOT, 'examples/typescript/invoice-extraction'),
  stack: 'InvoiceExtraction',
  shortTimeouts: {},
  submitPath: '/jobs',
  statusPath: '/jobs/{job_id}',
  stages: ['ocr', 'extract', 'complete'],
};

/** The one with everything, of which the smallest environment is used. */
export const FULL_SYSTEM: Example = {
  folder: join(ROOT, 'examples/typescript/full-system'),
  stack: 'Statements-Dev',
  shortTimeouts: {},
  submitPath: '/jobs',
  statusPath: '/jobs/{job_id}',
  stages: [],
};

interface CdkJson {
  readonly app: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * What `cdk synth` does with an app: run the command of its `cdk.json`, with the context from there and from the caller.
 *
 * @returns the folder of the cloud assembly
 */
export async function synthesise(appFolder: string, outputName: string, context: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { app, context: own } = JSON.parse(readFileSync(join(appFolder, 'cdk.json'), 'utf8')) as CdkJson;
  const output = join(ROOT, '.cache', 'synth', outputName);
  rmSync(output, { recursive: true, force: true });
  mkdirSync(dirname(output), { recursive: true });
  const [command, ...args] = app.split(' ');
  try {
    await run(command, args, {
      cwd: appFolder,
      timeout: SYNTH_LIMIT_MS,
      env: {
        ...process.env,
        PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter),
        CDK_OUTDIR: output,
        CDK_CONTEXT_JSON: JSON.stringify({ ...own, ...context }),
        CDK_VALIDATION: 'false', // the templates are judged by the checks; here it would only take time
      },
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${app} in ${appFolder} failed:\n${(stderr || message).trim()}`);
  }
  return output;
}
