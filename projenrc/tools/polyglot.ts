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
import { createEmptyApp, synthesiseReadme } from './polyglot/readme';
import { endWithUs } from './polyglot/run';
import { installTarball, type Peers, synthesiseJava, synthesisePython, synthesiseTypescript, testHandler } from './polyglot/synthesise';
import { equalFiles, summariseDifferences, type Templates } from './polyglot/templates';
import { recordResult } from './results';

const ROOT = resolve(__dirname, '../..');

/** Folders of the environments are made below `folder`. Each lane ends where a check has failed that it cannot go on without. */
async function polyglot(progress: Progress, folder: string): Promise<void> {
  const { version, peerDependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const oldest = peers(peerDependencies);
  const newest = peers(devDependencies);

  const tools = await progress.check('Python, JDK and Maven', findTools);
  const built = tools && await progress.check('the library, bundled and compiled', () => buildLibrary(ROOT));
  if (!built) return;

  async function npm(): Promise<Templates | undefined> {
    const tarball = await progress.check('npm package', () => buildPackage(ROOT, 'js'));
    if (!tarball) return undefined;
    await progress.check('what is in the npm package', () => checkTarball(tarball));

    const app = join(folder, 'typescript');
    const templates = await progress.check(`TypeScript on aws-cdk-lib ${oldest.cdk}`, async () => {
      await installTarball(app, tarball, oldest);
      return synthesiseTypescript(app);
    });
    const emptyApp = join(folder, 'empty-app');
    if (await progress.check(`an empty app on aws-cdk-lib ${newest.cdk}`, () => createEmptyApp(emptyApp, tarball, newest))) {
      await progress.check('the README\'s example in the empty app', () => synthesiseReadme(emptyApp, join(ROOT, 'README.md')));
      const onNewest = await progress.check(`TypeScript on aws-cdk-lib ${newest.cdk}`, () => synthesiseTypescript(emptyApp));
      if (templates && onNewest) progress.say(`aws-cdk-lib ${newest.cdk} against ${oldest.cdk}: ${summariseDifferences(templates, onNewest)}`);
      await progress.check('a handler\'s test with cdk-jobworks/runtime', () => testHandler(emptyApp));
    }
    return templates;
  }

  async function pypi(): Promise<Templates | undefined> {
    const wheel = await progress.check('PyPI package', () => buildPackage(ROOT, 'python'));
    if (!wheel) return undefined;
    return progress.check(`Python on aws-cdk-lib ${oldest.cdk}`, () => synthesisePython(join(folder, 'python'), wheel, oldest, tools!.python));
  }

  async function maven(): Promise<Templates | undefined> {
    const repository = await progress.check('Maven package', () => buildPackage(ROOT, 'java'));
    if (!repository) return undefined;
    return progress.check(`Java on aws-cdk-lib ${oldest.cdk}`, () => synthesiseJava(join(folder, 'java'), repository, version, oldest));
  }

  const [typescript, python, java] = await Promise.all([npm(), pypi(), maven()]);
  if (typescript && python) await progress.check('Python\'s templates are TypeScript\'s', () => equalFiles(typescript, python));
  if (typescript && java) await progress.check('Java\'s templates are TypeScript\'s', () => equalFiles(typescript, java));
}

function peers(dependencies: Record<string, string>): Peers {
  const exact = (name: string) => dependencies[name].replace(/^[\^~]/, '');
  return { cdk: exact('aws-cdk-lib'), constructs: exact('constructs') };
}

async function main(): Promise<void> {
  endWithUs();
  const folder = mkdtempSync(join(tmpdir(), 'cdk-jobworks-polyglot-')); // outside, so that nothing is found in our own node_modules
  const progress = new Progress();
  await polyglot(progress, folder);
  const { passed, failed, seconds } = progress;
  recordResult({ check: 'polyglot', passed, failed, seconds });
  console.log(`polyglot: ${passed} passed, ${failed} failed in ${seconds.toFixed(0)} s`);
  if (failed === 0) rmSync(folder, { recursive: true, force: true });
  else console.log(`The environments were left in ${folder}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
