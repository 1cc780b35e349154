import type { ClientConnection } from './client-connection';
import { verifyToken, type AccessKey, type TokenTarget } from './iam-token';

/** Who knows access keys, and what they may. */
export interface Authority {
  /** What is known of an access key; nothing where there is none. */
  keyOf(accessKeyId: string, sessionToken?: string): Promise<AccessKey | undefined>;
  /** Whether whoever has the key may connect as a user (`rds-db:connect`). */
  mayConnect(accessKeyId: string, user: string): Promise<boolean>;
}

/** What is refused, in the words of a proxy. */
export const REFUSALS = {
  token: (user: string) => ({
    code: '28P01', message: `The IAM authentication failed for the role ${user}. Check the IAM token for this role and try again.`,
  }),
  tls: { code: '28000', message: 'This RDS Proxy requires TLS connections.' },
  option: (name: string) => ({ code: '0A000', message: `Feature not supported: RDS Proxy currently doesn't support the option ${name}.` }),
  commandLine: { code: '0A000', message: 'Feature not supported: RDS Proxy currently doesn\'t support command-line options.' },
  replication: { code: '0A000', message: 'Feature not supported: RDS Proxy currently doesn\'t support streaming replication mode.' },
} as const;

/**
 * Asks a client for a token and verifies it.
 *
 * @returns why it is not taken; nothing where it is, or where the client went
 */
export async function tokenProblem(client: ClientConnection, target: Omit<TokenTarget, 'user'>, authority: Authority): Promise<string | undefined> {
  const token = await client.password();
  if (token === undefined) return 'there was none';
  try {
    const accessKeyId = await verifyToken(token, { ...target, user: client.user }, async (id, session) => authority.keyOf(id, session));
    return await authority.mayConnect(accessKeyId, client.user) ? undefined : `${accessKeyId} may not connect as ${client.user}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
