import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Takes the place of `@aws-sdk/credential-provider-node` in the bundles. A function finds its credentials in its environment;
 * the chain that looks in files, SSO, metadata services and web identities is a third of a bundle and of the time it loads.
 */
export const defaultProvider: typeof fromEnv = fromEnv;
