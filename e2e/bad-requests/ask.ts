import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pythonEnvironment } from '../../projenrc/tools/python-env';

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
  const options = [
    '--config-file', join(__dirname, 'schemathesis.toml'), '--no-color',
    'run', document, '--url', url, '--header', `x-api-key: ${key}`, '--seed', String(seed), '--workers', '2', '--generation-database', 'none',
  ];
  return new Promise((done, fail) => {
    execFile(join(bin, 'schemathesis'), options, {
      cwd: __dirname,
      timeout: limitSeconds * 1000,
      maxBuffer: 64 * 1024 * 1024,
      // nothing is written beside the sources
      env: { PATH: process.env.PATH, HOME: process.env.HOME, SCHEMATHESIS_HOOKS: 'allowed', PYTHONPATH: __dirname, PYTHONDONTWRITEBYTECODE: '1', NO_COLOR: '1' },
    }, (error, stdout, stderr) => {
      if (error?.killed) {
        fail(new Error(`not done within ${limitSeconds} s:\n${stdout}`));
      } else {
        done({ passed: !error, report: stdout + stderr });
      }
    });
  });
}
