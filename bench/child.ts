import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

export const ROOT = resolve(__dirname, '..');
/** Everything that is written on the way. */
export const SCRATCH = join(ROOT, '.cache', 'bench');

const SOURCES = join(__dirname, 'children');
const LIMIT_MS = 60_000;
const LONGEST_LINE = 300;
const run = promisify(execFile);

/**
 * Compiles the programs that are timed, each in a process of its own. They run as plain JavaScript and find the library by its name, compiled,
 * as a user's app does: a TypeScript loader in the process would be measured too.
 */
export async function compileChildren(): Promise<void> {
  mkdirSync(SCRATCH, { recursive: true });
  await build({
    entryPoints: readdirSync(SOURCES).map(file => join(SOURCES, file)),
    outdir: SCRATCH,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    external: ['cdk-jobworks', 'cdk-monitoring-constructs', 'aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', '@aws-sdk/*'],
    tsconfigRaw: {}, // the paths of tsconfig.dev.json lead to the sources
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
}

export interface ChildOptions {
  /** Another Node.js than this one. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one of these programs to its end and gives what it printed, as JSON. */
export async function runChild<Result>(name: string, args: readonly string[], options: ChildOptions = {}): Promise<Result> {
  const { node = process.execPath, env = {} } = options;
  const { PATH = '', HOME = '' } = process.env; // nothing else of ours: NODE_OPTIONS or a coverage tool would be measured too
  const { stdout } = await run(node, [join(SCRATCH, `${name}.cjs`), ...args], {
    cwd: ROOT, timeout: LIMIT_MS, env: { PATH, HOME, CDK_VALIDATION: 'false', ...env },
  }).catch((error: Error & { stderr?: string }) => {
    throw new Error(`${name} ${args.join(' ')}\n${readable(error.stderr || error.message)}`);
  });
  return JSON.parse(stdout) as Result;
}

/** Node.js prints the line that threw, which in a bundle is the whole file. */
function readable(stderr: string): string {
  return stderr.trim().split('\n').map(line => line.slice(0, LONGEST_LINE)).join('\n');
}
