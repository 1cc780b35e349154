/**
 * Runs Checkov over the template of every kind of pipeline that `test/templates` knows. What it finds must have a reason in
 * `docs/compliance.md`, and every reason there must still be needed.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { disagreements, type Found } from './compliance';
import { pythonEnvironment } from './python-env';

const HEADING = 'Checkov';
const LIMIT_MS = 5 * 60_000;
/** What an app brings by itself. A table of the library's may be among it, and steps, whose functions are the app's. */
const OF_THE_APP = /^Given(?!Records|Steps)/;
const run = promisify(execFile);

interface Report {
  readonly results: {
    readonly failed_checks: ReadonlyArray<{ readonly check_id: string; readonly file_path: string; readonly resource: string }>;
  };
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
}

async function main(): Promise<void> {
  const { bin } = await pythonEnvironment('checkov', resolve(__dirname, 'requirements-checkov.txt'), text => console.log(text));
  const folder = mkdtempSync(join(tmpdir(), 'cdk-jobworks-checkov-'));
  try {
    await run('npx', ['tsx', 'test/templates/write.ts', folder], { env: { ...process.env, CDK_VALIDATION: 'false' }, timeout: LIMIT_MS });
    const { results, summary } = await judge(join(bin, 'checkov'), folder);
    const found = results.failed_checks.map(described).filter(({ where }) => !OF_THE_APP.test(where));
    const problems = disagreements(HEADING, found);
    if (summary.parsing_errors > 0) problems.push(`${summary.parsing_errors} templates could not be read`);
    if (problems.length > 0) throw new Error(`Checkov and docs/compliance.md disagree:\n${problems.map(line => `  ${line}`).join('\n')}`);
    console.log(`Checkov: ${summary.passed} checks passed, ${found.length} findings, each with a reason in docs/compliance.md`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without the network: neither policies nor guidelines are fetched, and nothing is sent. */
async function judge(checkov: string, folder: string): Promise<Report> {
  const { stdout } = await run(checkov, [
    '--directory', folder, '--framework', 'cloudformation', '--output', 'json', '--skip-download', '--compact', '--quiet', '--soft-fail',
  ], { timeout: LIMIT_MS, maxBuffer: 256 * 1024 * 1024 });
  return JSON.parse(stdout);
}

function described({ check_id, file_path, resource }: Report['results']['failed_checks'][number]): Found {
  const [logicalId] = resource.split('.').slice(-1);
  return { rule: check_id, scope: basename(file_path, '.template.json'), where: logicalId.replace(/[0-9A-F]{8}$/, '') };
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
