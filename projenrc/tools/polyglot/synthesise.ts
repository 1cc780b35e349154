import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './run';
import { readTemplates, type Templates } from './templates';

const APPS = resolve(__dirname, '../../../test/polyglot');
const TYPESCRIPT = resolve(__dirname, '../../../node_modules/typescript/bin/tsc');
/** The same as in the task that builds the Maven package. */
const MAVEN_REPOSITORY = join(homedir(), '.m2', 'repository');

/** An environment that has nothing but a built package of ours and the CDK. */
export interface Consumer {
  readonly folder: string;
  /** Version of our own package. */
  readonly version: string;
  readonly cdk: string;
  readonly constructs: string;
}

/** `npm install` of the package, and of its peers in the versions wanted. */
export async function installTarball({ folder, cdk, constructs }: Consumer, tarball: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const dependencies = { 'aws-cdk-lib': cdk, 'cdk-jobworks': `file:${tarball}`, constructs };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, dependencies }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--strict-peer-deps'], folder);
}

/** Compiles the sources in place, as the folder's own tsconfig.json says. The compiler is ours: the app needs none at run time. */
export async function compileTypescript(folder: string): Promise<void> {
  await run('node', [TYPESCRIPT, '-p', folder], folder);
}

/** In a folder where the package is installed. */
export async function synthesiseTypescript({ folder }: Consumer): Promise<Templates> {
  const app = join(folder, 'polyglot');
  cpSync(join(APPS, 'typescript'), app, { recursive: true });
  await compileTypescript(app);
  return synthesise('node', ['app.js'], app);
}

export async function synthesisePython(consumer: Consumer, wheel: string, python: string): Promise<Templates> {
  cpSync(join(APPS, 'python'), consumer.folder, { recursive: true });
  const environment = join(consumer.folder, 'environment');
  await run(python, ['-m', 'venv', environment], consumer.folder);
  const interpreter = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  await run(interpreter, [
    '-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--no-compile',
    wheel, `aws-cdk-lib==${consumer.cdk}`, `constructs==${consumer.constructs}`,
  ], consumer.folder);
  return synthesise(interpreter, ['app.py'], consumer.folder);
}

export async function synthesiseJava({ folder, version, cdk, constructs }: Consumer, repository: string): Promise<Templates> {
  cpSync(join(APPS, 'java'), folder, { recursive: true });
  // Maven never asks again for a version that it has: it would take the package of the last time
  rmSync(join(MAVEN_REPOSITORY, 'io/github/cdkjobworks/cdk-jobworks', version), { recursive: true, force: true });
  return synthesise('mvn', [
    '--batch-mode', '--no-transfer-progress', '--quiet', `-Dmaven.repo.local=${MAVEN_REPOSITORY}`,
    `-Djobworks.repository=${pathToFileURL(repository)}`, `-Djobworks.version=${version}`, `-Dcdk.version=${cdk}`, `-Dconstructs.version=${constructs}`,
    'compile', 'exec:java',
  ], folder);
}

/** Runs an app as the CDK's command line would, with the folder of the user's handler in its context. */
async function synthesise(command: string, args: string[], folder: string): Promise<Templates> {
  const output = join(folder, 'cdk.out');
  await run(command, args, folder, {
    CDK_OUTDIR: output,
    CDK_CONTEXT_JSON: JSON.stringify({ handler: join(APPS, 'handler') }),
  });
  return readTemplates(output);
}
