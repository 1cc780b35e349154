import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';

/** Secrets that are text. */
export function secretsSource() {
  const provider = new SecretsProvider();
  return {
    get: async (name: string, maxAge: number): Promise<string> => {
      const value = await provider.get(name, { maxAge, throwOnMissing: true });
      return typeof value === 'string' ? value : new TextDecoder().decode(value);
    },
  };
}
