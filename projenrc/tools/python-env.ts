import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Tools from PyPI live in virtual environments under `.cache/python`, made on first use from a pinned requirements file and again
 * whenever that file or the interpreter changes.
 *
 * From a shell: `npx tsx projenrc/tools/python-env.ts <name> <requirements.txt>` prints the path of the environment's Python.
 */
export interface PythonEnvironment {
  /** The interpreter of the environment. */
  readonly python: string;
  /** Folder of the commands that the requirements installed. */
  readonly bin: string;
}

/** The oldest interpreter that every pinned tool supports. */
const MINIMUM = [3, 10] as const;
const INSTALL_LIMIT_MS = 10 * 60_000;
const ROOT = resolve(__dirname, '../..');
const run = promisify(execFile);

const HOW_TO_INSTALL = [
  'Debian, Ubuntu:  sudo apt-get install python3 python3-venv',
  'macOS:           brew install python',
  'Windows:         winget install Python.Python.3.12',
].map(line => `  ${line}`).join('\n');

/** What a machine lacks; the message names the command to install it. */
export class MissingPython extends Error {
  constructor(problem: string) {
    super(`${problem}\nPython ${MINIMUM.join('.')} or newer with its venv module is needed:\n${HOW_TO_INSTALL}\n`
      + 'PYTHON=/path/to/python chooses one that is not on the PATH.');
    this.name = 'MissingPython';
  }
}

/** The environment of that name, made or renewed when needed. */
export async function pythonEnvironment(
  name: string, requirements: string, onProgress: (text: string) => void = () => {},
): Promise<PythonEnvironment> {
  const interpreter = await findPython();
  const directory = join(ROOT, '.cache', 'python', name);
  const windows = process.platform === 'win32';
  const bin = join(directory, windows ? 'Scripts' : 'bin');
  const environment = { python: join(bin, windows ? 'python.exe' : 'python'), bin };

  const stampFile = join(directory, 'requirements.sha256');
  const stamp = createHash('sha256').update(interpreter.version).update(readFileSync(requirements)).digest('hex');
  const current = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (current()) return environment;

  const release = await lock(`${directory}.lock`);
  try {
    if (current()) return environment; // somebody else made it meanwhile
    onProgress(`installing ${name} (${basename(requirements)}, once)`);
    rmSync(directory, { recursive: true, force: true });
    await step(interpreter.command, ['-m', 'venv', directory], 'no virtual environment could be made');
    await step(environment.python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--requirement', requirements],
      `the packages of ${requirements} could not be installed`);
    writeFileSync(stampFile, stamp);
    return environment;
  } finally {
    release();
  }
}

/** The first interpreter that is new enough; an error that says what was found otherwise. */
export async function findPython(): Promise<{ command: string; version: string }> {
  const found: string[] = [];
  for (const command of process.env.PYTHON ? [process.env.PYTHON] : ['python3', 'python']) {
    try {
      const { stdout } = await run(command, ['-c', 'import sys, venv, ensurepip; print(sys.executable, sys.version.split()[0])']);
      const [executable, version] = stdout.trim().split(/ (?=\S+$)/);
      const [major, minor] = version.split('.').map(Number);
      if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return { command: executable, version: stdout };
      found.push(`${command} is ${version}`);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      found.push(missing ? `${command} was not found` : `${command} has no venv module`);
    }
  }
  throw new MissingPython(`No usable Python: ${found.join(', ')}.`);
}

async function step(command: string, args: string[], problem: string): Promise<void> {
  try {
    await run(command, args, { timeout: INSTALL_LIMIT_MS });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${problem}:\n${(stderr || message).trim().split('\n').slice(-15).join('\n')}`);
  }
}

/** One process at a time: a folder is made or exists already. A lock older than the longest installation was left by a crash. */
async function lock(path: string): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    try {
      mkdirSync(path);
      return () => rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > INSTALL_LIMIT_MS) {
        rmSync(path, { recursive: true, force: true });
      }
      await sleep(250);
    }
  }
}

if (require.main === module) {
  const [name, requirements] = process.argv.slice(2);
  if (!name || !requirements) throw new Error('usage: tsx projenrc/tools/python-env.ts <name> <requirements.txt>');
  pythonEnvironment(name, resolve(requirements), text => console.error(text))
    .then(environment => console.log(environment.python))
    .catch(error => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
}
