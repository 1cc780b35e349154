import { type ChildProcess, spawn } from 'node:child_process';

/** Longer than any step takes with an empty cache on a slow line. */
const LIMIT_MS = 8 * 60_000;
const LINES_OF_A_FAILURE = 40;

/** What the machine has set up for itself, and a clean environment must not see. */
const NOT_INHERITED = ['NODE_PATH', 'NODE_OPTIONS', 'PYTHONPATH', 'CDK_OUTDIR', 'CDK_CONTEXT_JSON', 'CDK_VALIDATION'];

const running = new Set<ChildProcess>();

/** Runs a command to its end and returns what it wrote to stdout. All output is in the error of one that fails. */
export async function run(command: string, args: string[], cwd: string, environment: Record<string, string> = {}): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  NOT_INHERITED.forEach(name => delete env[name]);
  Object.assign(env, { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' }, environment);

  // in a process group of its own, so that it ends with all it started
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => output += text);

  let late = false;
  const limit = setTimeout(() => {
    late = true;
    end(child);
  }, LIMIT_MS);
  try {
    const status = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
    if (status === 0) return stdout;
    const reason = late ? `took longer than ${LIMIT_MS / 1000} s` : `ended with ${status}`;
    throw new Error(`${[command, ...args].join(' ')}\n${reason}, in ${cwd}:\n${output.trim().split('\n').slice(-LINES_OF_A_FAILURE).join('\n')}`);
  } finally {
    clearTimeout(limit);
    running.delete(child);
  }
}

/** Takes all commands along when this process is told to end. */
export function endWithUs(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      running.forEach(end);
      process.exit(130);
    });
  }
}

function end({ pid }: ChildProcess): void {
  if (pid) process.kill(-pid, 'SIGKILL');
}
