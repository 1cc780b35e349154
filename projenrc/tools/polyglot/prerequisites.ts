import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';
import { findPython } from '../python-env';

const JDK = 17;

const HOW_TO_INSTALL = [
  'Debian, Ubuntu:  sudo apt-get install python3 python3-venv openjdk-17-jdk maven',
  'macOS:           brew install python openjdk@17 maven',
  'Windows:         winget install Python.Python.3.12 Microsoft.OpenJDK.17, and Maven from its download page',
].map(line => `  ${line}`).join('\n');

export interface Tools {
  /** The Python to make an environment with. */
  readonly python: string;
  readonly summary: string;
}

/** What the three languages need. All that is missing is said at once, with the command that installs it. */
export async function findTools(): Promise<Tools> {
  const [python, java] = await Promise.allSettled([findPython(), findJava()]);
  if (python.status === 'fulfilled' && java.status === 'fulfilled') {
    const { command, version } = python.value;
    return { python: command, summary: `Python ${version.trim().split(' ').pop()}, ${java.value}` };
  }
  const problems = [python, java].flatMap(result => result.status === 'rejected' ? [(result.reason as Error).message.split('\n')[0]] : []);
  throw new Error(`${problems.join('\n')}\nPython 3.10, JDK ${JDK} and Maven 3.8, or newer ones, are needed:\n${HOW_TO_INSTALL}`);
}

/** Maven knows which Java it runs on. */
async function findJava(): Promise<string> {
  let version: string;
  try {
    version = await run('mvn', ['--version', '--batch-mode'], process.cwd());
  } catch {
    throw new Error('No usable Maven: mvn was not found, or finds no Java (JAVA_HOME).');
  }
  return judgeJava(version, home => existsSync(join(home, 'bin', process.platform === 'win32' ? 'javac.exe' : 'javac')));
}

/** What `mvn --version` says of Maven and its Java, if that will do. */
export function judgeJava(version: string, hasCompiler: (home: string) => boolean): string {
  const maven = /Apache Maven (\S+)/.exec(version)?.[1];
  const [, java, home] = /Java version: ([^,\s]+).*?(?:runtime|Java home): (.+)$/m.exec(version) ?? [];
  const found = `Maven ${maven} runs on Java ${java} in ${home}`;
  if (!java || Number.parseInt(java, 10) < JDK) throw new Error(`No usable JDK: ${found}.`);
  if (!hasCompiler(home)) throw new Error(`No usable JDK: ${found}, which has no compiler (a JRE?).`);
  return `Maven ${maven}, Java ${java}`;
}
