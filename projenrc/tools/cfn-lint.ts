/** Runs cfn-lint over every template of the integration snapshots. Any finding, also an informational one, is a failure. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pythonEnvironment } from './python-env';

const SNAPSHOTS = 'integ';
/** Written by the integration test framework, not by this library. */
const OF_THE_FRAMEWORK = /DefaultTest|awscdkintegtests/i;

/**
 * W3005: the CDK's Function names its role as a dependency besides using it: redundant, harmless, and in every template.
 * W3691: cfn-lint takes a major version of an instance for deprecated as soon as one of its minor versions is. What it does not know at all is E3691.
 */
const IGNORED = ['--ignore-checks', 'W3005', 'W3691'];

function templates(): string[] {
  return readdirSync(SNAPSHOTS, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.snapshot\/.*\.template\.json$/.test(file) && !OF_THE_FRAMEWORK.test(file))
    .map(file => join(SNAPSHOTS, file))
    .sort();
}

async function main(): Promise<void> {
  const files = templates();
  if (files.length === 0) throw new Error(`no template under ${SNAPSHOTS}/: run npx projen integ:snapshot`);
  const { bin } = await pythonEnvironment('checks', resolve(__dirname, 'requirements.txt'), text => console.log(text));
  const { status } = spawnSync(join(bin, 'cfn-lint'), ['--non-zero-exit-code', 'informational', ...IGNORED, '--', ...files], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`cfn-lint has findings (exit code ${status})`);
  console.log(`cfn-lint: ${files.length} templates without a finding`);
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
