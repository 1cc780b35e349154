import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The profile that was asked for, where the files of the AWS command line have none of that name: the SDK then says no more than that there
 * are no credentials.
 *
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 */
export function unknownProfile(given: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  const profile = given ?? environment.AWS_PROFILE;
  if (profile === undefined || profile === '') {
    return undefined;
  }
  const files = [
    environment.AWS_CONFIG_FILE ?? join(homedir(), '.aws', 'config'),
    environment.AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws', 'credentials'),
  ];
  const names = files.flatMap((file) => [...textOf(file).matchAll(/^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/gm)].map(([, name]) => name));
  return names.includes(profile) ? undefined : profile;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
