import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './run';
import { compileTypescript, installTarball, type Peers } from './synthesise';
import { readTemplates } from './templates';

const CDK = resolve(__dirname, '../../../node_modules/.bin/cdk');

/** No account, no network, no telemetry. */
const ALONE = { AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' };

/** The README's first TypeScript block that makes a pipeline. */
export function exampleOf(readme: string): string {
  const blocks = [...readme.matchAll(/^```(?:ts|typescript)\b[^\n]*\n([\s\S]*?)^```/gm)].map(([, code]) => code);
  const example = blocks.find(code => code.includes('new JobProcessingPipeline('));
  if (!example) throw new Error(`README.md has ${blocks.length} TypeScript blocks, and none with \`new JobProcessingPipeline(\`: there is no example to try`);
  return example;
}

/** What `cdk init` makes, without its sample stack, and the package installed into it. */
export async function createEmptyApp(folder: string, tarball: string, peers: Peers): Promise<{ summary: string }> {
  mkdirSync(folder, { recursive: true });
  await run(CDK, ['init', 'app', '--language', 'typescript', '--generate-only'], folder, ALONE);
  for (const sample of ['bin', 'lib', 'test']) rmSync(join(folder, sample), { recursive: true });
  await installTarball(folder, tarball, peers);
  return { summary: 'made by cdk init' };
}

/** The example is all that there is in the app; `cdk synth` judges it, with what `cdk.json` recommends. */
export async function synthesiseReadme(folder: string, readme: string): Promise<{ summary: string }> {
  const app = join(folder, 'app.ts');
  writeFileSync(app, exampleOf(readFileSync(readme, 'utf8')));
  await compileTypescript(folder);
  await run(CDK, ['synth', '--quiet', '--app', 'node app.js'], folder, ALONE);
  const files = readTemplates(join(folder, 'cdk.out'));
  return { summary: [...files.keys()].join(', ') };
}
