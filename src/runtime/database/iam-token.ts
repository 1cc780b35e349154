import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { DatabaseAddress } from './settings';
import { defaultProvider } from '../store/lambda-credentials';
import { text, type Environment } from '../store/settings';

/** Longer than that no token is taken; a connection that was opened by it stays. */
const VALID_SECONDS = 15 * 60;

/**
 * Makes the password by which a role comes in: a signed request that is never sent, as the database and its proxy understand it.
 * The SDK has a package for it, which brings the whole chain of credentials with it.
 *
 * @returns a function that signs anew each time, as credentials and time go on
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export function iamToken({ host, port, role }: Omit<DatabaseAddress, 'database'>, environment: Environment): () => Promise<string> {
  const signer = new SignatureV4({
    service: 'rds-db',
    region: text(environment, 'AWS_REGION'),
    credentials: defaultProvider({}),
    sha256: Sha256,
    applyChecksum: false,
  });
  return async () => {
    const signed = await signer.presign(new HttpRequest({
      protocol: 'https:',
      method: 'GET',
      hostname: host,
      port,
      path: '/',
      headers: { host: `${host}:${port}` },
      query: { Action: 'connect', DBUser: role },
    }), { expiresIn: VALID_SECONDS });
    const query = Object.entries(signed.query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
    return `${host}:${port}/?${query.join('&')}`;
  };
}
