import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SCRATCH } from './child';
import type { Progress } from './progress';

export interface NodeBinary {
  /** Such as `Node 24`. */
  readonly label: string;
  readonly binary: string;
}

/** Of the runtime that the constructs choose. */
const LAMBDA_MAJOR = 24;
const INSTALL_LIMIT_MS = 120_000;
const run = promisify(execFile);

/** The Node.js that runs this, and the one of the Lambda runtime, which comes as a package for each platform. */
export async function nodes(progress: Progress): Promise<NodeBinary[]> {
  const own = Number(process.versions.node.split('.')[0]);
  const here = { label: `Node ${own}`, binary: process.execPath };
  if (own === LAMBDA_MAJOR) return [here];
  const lambda = await installed(progress);
  return lambda ? [here, { label: `Node ${LAMBDA_MAJOR}`, binary: lambda }] : [here];
}

async function installed(progress: Progress): Promise<string | undefined> {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(SCRATCH, `node-${LAMBDA_MAJOR}`);
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    progress.at(`installing ${name}@${LAMBDA_MAJOR}, once`);
    try {
      await run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${LAMBDA_MAJOR}`],
        { timeout: INSTALL_LIMIT_MS });
    } catch (error) {
      progress.say(`Node ${LAMBDA_MAJOR} could not be installed, so nothing is measured on it: ${(error as Error).message.split('\n')[0]}`);
      return undefined;
    }
  }
  return binary;
}
