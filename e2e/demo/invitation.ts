import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { DemoEnvironment } from './environment';
import type { Style } from './style';
import { EXAMPLE } from '../support/synthesise';

const ROOT = resolve(__dirname, '../..');
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
    '',
  ].join('\n');
}

/** A drawing as a request, since a DXF file on a command line is a nuisance. */
function writeRequest(): void {
  mkdirSync(join(REQUEST, '..'), { recursive: true });
  writeFileSync(REQUEST, JSON.stringify({ name: 'bracket.dxf', dxf: readFileSync(join(EXAMPLE.folder, 'samples/bracket.dxf'), 'utf8') }));
}
