import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './run';
import { compileTypescript, type Consumer, installTarball } from './synthesise';
import { readTemplates } from './templates';

const CDK = resolve(__dirname, '../../../node_modules/.bin/cdk');

/** The README's first TypeScript block that makes a pipeline. */
export function exampleOf(readme: string): string {
  const blocks = [...readme.matchAll(/^```(?:ts|typescript)\b[^\n]*\n([\s\S]*?)^```/gm)].map(([, code]) => code);
  const example = blocks.find(code => code.includes('new JobProcessingPipeline('));
  if (!example) throw new Error(`README.md has ${blocks.length} TypeScript blocks, and none with \`new JobProcessingPipeline(\`: there is no example to try`);
  return example;
}

/** Puts the example into the empty app that `cdk init` makes, as a newcomer would, and lets `cdk synth` judge it. */
export async function synthesiseReadme(consumer: Consumer, tarball: string, readme: string): Promise<{ summary: string }> {
  const example = exampleOf(readFileSync(readme, 'utf8'));
  const { folder } = consumer;
  mkdirSync(folder, { recursive: true });
  await run(CDK, ['init', 'app', '--language', 'typescript', '--generate-only'], folder, QUIET);
  // its stack is replaced by the example, and its tests with it
  for (const sample of ['bin', 'lib', 'test']) rmSync(join(folder, sample), { recursive: true });
  await installTarball(consumer, tarball);
  writeFileSync(join(folder, 'app.ts'), example);
  await compileTypescript(folder);
  await run(CDK, ['synth', '--quiet', '--app', 'node app.js'], folder, QUIET);
  const { size } = readTemplates(join(folder, 'cdk.out'));
  return { summary: `${size} files of templates and assets` };
}

/** No account, no network, no telemetry. */
const QUIET = { AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' };
