import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pythonEnvironment } from '../../projenrc/tools/python-env';

/** Where the tool keeps what it remembers. */
const FOLDER = resolve(__dirname, '../../.cache/bad-requests');

/** What the tool found. */
export interface Asked {
  /** Nothing but what may be; see `allowed.py`. */
  readonly passed: boolean;
  /** What it wrote, with a command to repeat each failure. */
  readonly report: string;
}

export interface Question {
  /** File of the OpenAPI document. */
  readonly document: string;
  readonly url: string;
  readonly key: string;
  /** The same one asks the same. */
  readonly seed: number;
  readonly limitSeconds: number;
}

/**
 * Asks an API everything that its document lets one think of, right and wrong: the bounds of each schema and beyond, random cases, and
 * chains of calls. Every answer must be one that the document has.
 */
export async function ask({ document, url, key, seed, limitSeconds }: Question): Promise<Asked> {
  const { bin } = await pythonEnvironment('bad-requests', join(__dirname, 'requirements.txt'), (text) => process.stdout.write(`${text}\n`));
  // One worker: the same seed asks the same, and two of them trip over each other in the syntax trees of some versions of Python.
  const options = [
    '--config-file', join(__dirname, 'schemathesis.toml'), '--no-color',
    'run', document, '--url', url, '--header', `x-api-key: ${key}`, '--seed', String(seed), '--workers', '1', '--generation-database', 'none',
  ];
  mkdirSync(FOLDER, { recursive: true });
  return new Promise((done) => {
    execFile(join(bin, 'schemathesis'), options, {
      cwd: FOLDER,
      timeout: limitSeconds * 1000,
      maxBuffer: 64 * 1024 * 1024,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, SCHEMATHESIS_HOOKS: 'allowed', PYTHONPATH: __dirname, PYTHONDONTWRITEBYTECODE: '1' },
    }, (error, stdout, stderr) => {
      const late = error?.killed ? `not done within ${limitSeconds} s\n` : '';
      done({ passed: !error, report: late + stdout + stderr });
    });
  });
}
