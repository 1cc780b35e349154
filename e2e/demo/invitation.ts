import { join, relative, resolve } from 'node:path';
import type { DemoEnvironment } from './environment';
import type { Style } from './style';
import type { LocalCloud } from '../local-cloud/local-cloud';

const COMMAND_LINE = join(resolve(__dirname, '../..'), 'assets/cli/cdk-jobworks.js');
const CREDENTIALS = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

/**
 * How to go on by hand: every line can be pasted into a shell in this folder.
 *
 * @param jobId a job to show
 */
export function invitation({ stage: { url, key, commands }, cloud }: DemoEnvironment, jobId: string, style: Style): string {
  return [
    '',
    style.bold('It goes on running; Ctrl-C ends it.'),
    '',
    `  URL  ${url.replace(/\/$/, '')}`,
    `  key  ${key}`,
    `  log  ${relative(process.cwd(), cloud.logFile)}`,
    '',
    ...commands(cloud, jobId).flatMap(([about, line]) => [style.dim(`  # ${about}`), `  ${line}`]),
    '',
  ].join('\n');
}

/** @param data a body to post, as a shell has it; without one it is a GET */
export function curl(url: string, key: string, path: string, data?: string): string {
  const address = `${url.replace(/\/$/, '')}${path} -H 'x-api-key: ${key}'`;
  return data === undefined ? `curl -s ${address}` : `curl -s -X POST ${address} -H 'content-type: application/json' -d ${data}`;
}

/** The command line of the library, told where it finds the local cloud. */
export function operating({ env }: LocalCloud, command: string): string {
  return `${CREDENTIALS.map((name) => `${name}=${env[name]}`).join(' ')} node ${relative(process.cwd(), COMMAND_LINE)} ${command}`;
}
