/**
 * `npm run polyglot`: builds the library once for npm, PyPI and Maven, and installs each package into an empty environment.
 *
 * - The app of `test/polyglot`, written in each language, must synthesise to templates equal to the byte on the oldest supported CDK.
 * - On the newest CDK it must synthesise; what differs there is reported.
 * - The README's example must synthesise in an empty CDK app.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildLibrary, buildPackage, checkTarball } from './polyglot/packages';
import { findTools } from './polyglot/prerequisites';
import { Progress } from './polyglot/progress';
import { synthesiseReadme } from './polyglot/readme';
import { type Consumer, installTarball, synthesiseJava, synthesisePython, synthesiseTypescript } from './polyglot/synthesise';
import { equalFiles, summariseDifferences, type Templates } from './polyglot/templates';
import { recordResult } from './results';

const ROOT = resolve(__dirname, '../..');
const LOWEST = /^[\^~]/;

interface Manifest {
  readonly version: string;
  readonly peerDependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

async function polyglot(progress: Progress, folder: string): Promise<void> {
  const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const versions = (of: Record<string, string>) => ({ cdk: of['aws-cdk-lib'].replace(LOWEST, ''), constructs: of.constructs.replace(LOWEST, '') });
  const oldest = versions(manifest.peerDependencies);
  const newest = versions(manifest.devDependencies);
  const consumer = (language: string, { cdk, constructs } = oldest): Consumer =>
    ({ folder: join(folder, `${language}-${cdk}`), version: manifest.version, cdk, constructs });

  const tools = await progress.check('Python, JDK and Maven are there', findTools);
  await progress.check('the library compiles', () => buildLibrary(ROOT));

  async function npm(): Promise<Templates> {
    const tarball = await progress.check('npm package', () => buildPackage(ROOT, 'js'));
    await progress.check('what is in the npm package', () => checkTarball(tarball));
    const templates = await progress.check(`TypeScript on aws-cdk-lib ${oldest.cdk}`, async () => {
      await installTarball(consumer('typescript'), tarball);
      return synthesiseTypescript(consumer('typescript'));
    });
    const app = consumer('typescript', newest);
    await progress.check(`the README's example in an empty app on aws-cdk-lib ${newest.cdk}`, () => synthesiseReadme(app, tarball, join(ROOT, 'README.md')));
    const onNewest = await progress.check(`TypeScript on aws-cdk-lib ${newest.cdk}`, () => synthesiseTypescript(app));
    progress.say(`aws-cdk-lib ${newest.cdk} against ${oldest.cdk}: ${summariseDifferences(templates, onNewest)}`);
    return templates;
  }

  async function pypi(): Promise<Templates> {
    const wheel = await progress.check('PyPI package', () => buildPackage(ROOT, 'python'));
    return progress.check(`Python on aws-cdk-lib ${oldest.cdk}`, () => synthesisePython(consumer('python'), wheel, tools.python));
  }

  async function maven(): Promise<Templates> {
    const repository = await progress.check('Maven package', () => buildPackage(ROOT, 'java'));
    return progress.check(`Java on aws-cdk-lib ${oldest.cdk}`, () => synthesiseJava(consumer('java'), repository));
  }

  const [typescript, python, java] = await progress.all([npm(), pypi(), maven()]);
  if (typescript && python) await progress.check('Python\'s templates are TypeScript\'s', () => equalFiles(typescript, python));
  if (typescript && java) await progress.check('Java\'s templates are TypeScript\'s', () => equalFiles(typescript, java));
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-jobworks-polyglot-')); // outside, so that nothing is found in our own node_modules
  const progress = new Progress();
  await progress.all([polyglot(progress, folder)]);
  const { passed, failed, seconds } = progress;
  recordResult({ check: 'polyglot', passed, failed, seconds });
  console.log(`polyglot: ${passed} passed, ${failed} failed in ${seconds.toFixed(0)} s`);
  if (failed === 0) rmSync(folder, { recursive: true, force: true });
  else console.log(`The environments were left in ${folder}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
