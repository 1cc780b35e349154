import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';

/** Parameters, those that are encrypted too. */
export function ssmSource() {
  const provider = new SSMProvider();
  return { get: async (name: string, maxAge: number): Promise<string> => provider.get(name, { maxAge, decrypt: true, throwOnMissing: true }) };
}
