import { ENVIRONMENT } from '../wire/environment';

/** What a function may read, as `grantRead()` has written it into its environment. */
export interface ConfigSettings {
  /** What the names of parameters begin with. */
  readonly path: string;
  /** Their last parts. */
  readonly parameters: readonly string[];
  /** Names of parameters that others have made, by what the function calls them. */
  readonly existing: Readonly<Record<string, string>>;
  /** ARNs of secrets, by what the function calls them. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Application, environment and profile of the flags; none without. */
  readonly flags?: readonly [application: string, environment: string, profile: string];
  /** Their names. */
  readonly flag_names: readonly string[];
  /** For how many seconds a value is believed. */
  readonly max_age: number;
}

/** A function asks for something that it was not granted. */
export class ConfigNotGranted extends Error {
  readonly name = 'ConfigNotGranted';
}

/** @throws ConfigNotGranted where nothing was granted at all */
export function configSettings(environment: Readonly<Record<string, string | undefined>>): ConfigSettings {
  const text = environment[ENVIRONMENT.config];
  if (text === undefined) {
    throw new ConfigNotGranted(`this function may read no configuration: ${ENVIRONMENT.config} is not set. Fix: call config.grantRead(fn) in the app`);
  }
  return JSON.parse(text) as ConfigSettings;
}

/** @throws ConfigNotGranted that says what there is */
export function notGranted(kind: string, name: string, known: readonly string[]): ConfigNotGranted {
  const there = known.length === 0 ? 'there is none' : `there are ${[...known].sort().join(', ')}`;
  return new ConfigNotGranted(`no ${kind} is called '${name}': ${there}. Fix: add it to the ConfigParameters of this function`);
}
