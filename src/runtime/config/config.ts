import { ConfigReader } from './config-reader';

/* What `cdk-jobworks/config` has: parameters, secrets and flags that `grantRead()` lets a function read. Clients are loaded when first asked. */

export { ConfigNotGranted } from './settings';

const reader = new ConfigReader({
  parameters: async () => (await import('./ssm-source.js')).ssmSource(),
  secrets: async () => (await import('./secrets-source.js')).secretsSource(),
  flags: async (application, environment) => (await import('./appconfig-source.js')).appConfigSource(application, environment),
});

/**
 * The value of a parameter, cached.
 *
 * @param name as it is called in `parameters` or `existingParameters` of `ConfigParameters`
 * @throws ConfigNotGranted where there is none of that name; an error of AWS where it cannot be read
 */
export async function parameter(name: string): Promise<string> {
  return reader.parameter(name);
}

/**
 * The value of a secret, cached: its text, which may be JSON.
 *
 * @param name as it is called in `secrets` of `ConfigParameters`
 * @throws ConfigNotGranted where there is none of that name; an error of AWS where it cannot be read
 */
export async function secret(name: string): Promise<string> {
  return reader.secret(name);
}

/**
 * Whether a flag is on, cached.
 *
 * @param name as it is called in `flags` of `ConfigParameters`
 * @throws ConfigNotGranted where there is none of that name; an error of AWS where it cannot be read
 */
export async function flag(name: string): Promise<boolean> {
  return reader.flag(name);
}
