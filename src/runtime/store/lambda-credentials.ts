import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Takes the place of `@aws-sdk/credential-provider-node` in the bundles. A function finds its credentials in its environment;
 * the chain that looks in files, SSO, metadata services and web identities is a third of a bundle and of the time it loads.
 *
 * Like that chain it reads them once: the SDK asks with every call, reading the environment takes longer than signing by a key that is
 * known, and what Lambda has put there stays as long as the process.
 */
export const defaultProvider: typeof fromEnv = (init) => {
  const read = fromEnv(init);
  let found: ReturnType<typeof read> | undefined;
  return async (properties) => {
    found ??= read(properties);
    return found;
  };
};
