import { configSettings, notGranted } from './settings';

/** Where values come from: each is believed for so many seconds. */
export interface Source {
  get(name: string, maxAge: number): Promise<string>;
}

/** Loads what asks a service, with the first question to it. */
export interface Sources {
  readonly parameters: () => Promise<Source>;
  readonly secrets: () => Promise<Source>;
  readonly flags: (application: string, environment: string) => Promise<Source>;
}

/** Reads what `grantRead()` lets a function read. */
export class ConfigReader {
  private readonly loaded = new Map<keyof Sources, Promise<Source>>();

  constructor(private readonly sources: Sources, private readonly environment: NodeJS.ProcessEnv = process.env) {}

  public async parameter(name: string): Promise<string> {
    const { path, parameters, existing, max_age } = configSettings(this.environment);
    const full = Object.hasOwn(existing, name) ? existing[name] : parameters.includes(name) ? `${path}/${name}` : undefined;
    if (full === undefined) {
      throw notGranted('parameter', name, [...parameters, ...Object.keys(existing)]);
    }
    return (await this.source('parameters', this.sources.parameters)).get(full, max_age);
  }

  public async secret(name: string): Promise<string> {
    const { secrets, max_age } = configSettings(this.environment);
    if (!Object.hasOwn(secrets, name)) {
      throw notGranted('secret', name, Object.keys(secrets));
    }
    return (await this.source('secrets', this.sources.secrets)).get(secrets[name]!, max_age);
  }

  public async flag(name: string): Promise<boolean> {
    const { flags, flag_names, max_age } = configSettings(this.environment);
    if (!flags || !flag_names.includes(name)) {
      throw notGranted('flag', name, flag_names);
    }
    const [application, environment, profile] = flags;
    const source = await this.source('flags', async () => this.sources.flags(application, environment));
    const all = JSON.parse(await source.get(profile, max_age)) as Record<string, { readonly enabled?: boolean } | undefined>;
    return all[name]?.enabled === true; // one that was taken away in the console is off
  }

  /** What could not be loaded is tried again. */
  private async source(kind: keyof Sources, load: () => Promise<Source>): Promise<Source> {
    const before = this.loaded.get(kind);
    if (before) {
      return before;
    }
    const loading = load().catch((error: unknown) => {
      this.loaded.delete(kind);
      throw error;
    });
    this.loaded.set(kind, loading);
    return loading;
  }
}
