import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { DemoEnvironment } from './environment';
import { PIPELINE } from './measured';
import type { Style } from './style';
import { EXAMPLE } from '../support/synthesise';

const ROOT = resolve(__dirname, '../..');
const COMMAND_LINE = join(ROOT, 'assets/cli/cdk-jobworks.js');
const CREDENTIALS = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const REQUEST = join(ROOT, '.cache', 'demo', 'bracket.json');

/**
 * How to go on by hand: every line can be pasted into a shell in this folder.
 *
 * @param jobId a job to show
 */
export function invitation({ url, key, cloud }: DemoEnvironment, jobId: string, style: Style): string {
  writeRequest();
  const base = url.replace(/\/$/, '');
  const request = relative(process.cwd(), REQUEST);
  return [
    '',
    style.bold('It goes on running; Ctrl-C ends it.'),
    '',
    `  URL  ${base}`,
    `  key  ${key}`,
    `  log  ${relative(process.cwd(), cloud.logFile)}`,
    '',
    style.dim('  # submit a drawing'),
    `  curl -s -X POST ${base}${EXAMPLE.submitPath} -H 'x-api-key: ${key}' -H 'content-type: application/json' -d @${request}`,
    style.dim('  # read the status of a job, here of the first'),
    `  curl -s ${base}${EXAMPLE.statusPath.replace('{job_id}', jobId)} -H 'x-api-key: ${key}'`,
    style.dim('  # refused: no drawing'),
    `  curl -s -X POST ${base}${EXAMPLE.submitPath} -H 'x-api-key: ${key}' -H 'content-type: application/json' -d '{}'`,
    style.dim('  # what an operator sees: jobs that failed'),
    `  ${credentials(cloud.env)} node ${relative(process.cwd(), COMMAND_LINE)} jobs list --pipeline ${PIPELINE} --failed-since 1h`,
    '',
  ].join('\n');
}

/** Where the command line finds the local cloud. */
function credentials(environment: Readonly<Record<string, string | undefined>>): string {
  return CREDENTIALS.map((name) => `${name}=${environment[name]}`).join(' ');
}

/** A drawing as a request, since a DXF file on a command line is a nuisance. */
function writeRequest(): void {
  mkdirSync(join(REQUEST, '..'), { recursive: true });
  writeFileSync(REQUEST, JSON.stringify({ name: 'bracket.dxf', dxf: readFileSync(join(EXAMPLE.folder, 'samples/bracket.dxf'), 'utf8') }));
}
