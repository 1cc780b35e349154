import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './run';
import { readTemplates, type Templates } from './templates';

const APPS = resolve(__dirname, '../../../test/polyglot');
const TYPESCRIPT = resolve(__dirname, '../../../node_modules/typescript/bin/tsc');
/** The same as in the task that builds the Maven package. */
const MAVEN_REPOSITORY = join(homedir(), '.m2', 'repository');

/** What an app brings beside our package, in which versions. */
export interface Peers {
  readonly cdk: string;
  readonly constructs: string;
}

/** Makes the folder an npm project that holds the package, its peers, and of what it had of its own to develop with the types. */
export async function installTarball(folder: string, tarball: string, { cdk, constructs }: Peers): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  const own: Record<string, string> = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).devDependencies : {};
  const devDependencies = Object.fromEntries(Object.entries(own).filter(([name]) => name.startsWith('@types/')));
  const dependencies = { 'aws-cdk-lib': cdk, 'cdk-jobworks': pathToFileURL(tarball).href, constructs };
  writeFileSync(manifest, JSON.stringify({ name: 'consumer', private: true, dependencies, devDependencies }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--strict-peer-deps'], folder);
}

/** Compiles a folder in place, with the checks of its own tsconfig.json. The compiler is ours: what runs is JavaScript. */
export async function compileTypescript(folder: string): Promise<void> {
  await run('node', [TYPESCRIPT, '-p', folder, '--noEmit', 'false'], folder);
}

/** In a folder that `installTarball` has filled. */
export async function synthesiseTypescript(folder: string): Promise<Templates> {
  const app = join(folder, 'polyglot');
  cpSync(join(APPS, 'typescript'), app, { recursive: true });
  await compileTypescript(app);
  return synthesise('node', ['app.js'], app);
}

/** In a folder that `synthesiseTypescript` has compiled. */
export async function testHandler(folder: string): Promise<string> {
  return run('node', ['handler.js'], join(folder, 'polyglot'));
}

export async function synthesisePython(folder: string, wheel: string, { cdk, constructs }: Peers, python: string): Promise<Templates> {
  cpSync(join(APPS, 'python'), folder, { recursive: true });
  const environment = join(folder, 'environment');
  await run(python, ['-m', 'venv', environment], folder);
  const interpreter = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  await run(interpreter, [
    '-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--no-compile',
    wheel, `aws-cdk-lib==${cdk}`, `constructs==${constructs}`,
  ], folder);
  return synthesise(interpreter, ['app.py'], folder);
}

export async function synthesiseJava(folder: string, repository: string, version: string, { cdk, constructs }: Peers): Promise<Templates> {
  cpSync(join(APPS, 'java'), folder, { recursive: true });
  // Maven never asks again for a version that it has: it would take the package of the last time
  rmSync(join(MAVEN_REPOSITORY, 'io/github/cdkjobworks/cdk-jobworks', version), { recursive: true, force: true });
  return synthesise('mvn', [
    '--batch-mode', '--no-transfer-progress', '--quiet', `-Dmaven.repo.local=${MAVEN_REPOSITORY}`,
    `-Djobworks.repository=${pathToFileURL(repository)}`, `-Djobworks.version=${version}`, `-Dcdk.version=${cdk}`, `-Dconstructs.version=${constructs}`,
    'compile', 'exec:java',
  ], folder);
}

/** Runs an app as the CDK's command line would, with the folders of the user's handler and SQL files in its context. */
async function synthesise(command: string, args: string[], folder: string): Promise<Templates> {
  const output = join(folder, 'cdk.out');
  await run(command, args, folder, {
    CDK_OUTDIR: output,
    CDK_CONTEXT_JSON: JSON.stringify({ handler: join(APPS, 'handler'), sql: join(APPS, 'sql') }),
  });
  return readTemplates(output);
}
