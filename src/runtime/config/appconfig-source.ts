import { AppConfigProvider } from '@aws-lambda-powertools/parameters/appconfig';

/** The flags of a profile, all at once. AppConfig is asked what has changed since. */
export function appConfigSource(application: string, environment: string) {
  const provider = new AppConfigProvider({ application, environment });
  return {
    get: async (name: string, maxAge: number): Promise<string> =>
      new TextDecoder().decode(await provider.get(name, { maxAge, throwOnMissing: true })),
  };
}
