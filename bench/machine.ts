import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './child';

/** Where and when figures were taken, as it stands in `latest.json`. */
export interface About {
  /** ISO 8601. */
  readonly date: string;
  /** The commit, with `+` where files differ from it. */
  readonly commit: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Mean number of processes that ran or waited in the last minute, when it began and when it ended. */
  readonly load: { readonly began: number; readonly ended: number };
  readonly rounds: number;
  readonly seconds: number;
}

const PACKAGES = ['aws-cdk-lib', 'constructs', 'esbuild', '@aws-sdk/client-dynamodb'];

/** Call it at the beginning; what it gives, at the end. */
export function observe(rounds: number): () => About {
  const started = Date.now();
  const began = load();
  return () => ({
    date: new Date(started).toISOString(),
    commit: commit(),
    machine: `${cpus().length} × ${cpus()[0].model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${process.arch}`,
    versions: { node: process.versions.node, ...Object.fromEntries(PACKAGES.map(name => [name, versionOf(name)])) },
    load: { began, ended: load() },
    rounds,
    seconds: Math.round((Date.now() - started) / 1000),
  });
}

function load(): number {
  return Math.round(loadavg()[0] * 100) / 100;
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
}

/** What was measured; `bench/` and `docs/` say nothing about it. */
function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--', 'src', 'projenrc', 'package.json') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
  } catch {
    return 'unknown'; // not a clone
  }
}
