import type { AccessKey } from '../database-proxy/iam-token';
import type { Authority } from '../database-proxy/login';

/** What the overlay answers; see overlay/database.py. */
interface Login {
  readonly secret?: string;
  readonly session_token?: string;
  readonly allowed: boolean;
}

/**
 * The emulator, which has made the access keys of roles and knows what these may.
 *
 * @param emulator where it answers
 * @param resourceId of the proxy or the server, as it stands in permissions (`rds-db:connect`)
 */
export function emulatorAuthority(emulator: string, resourceId: string): Authority {
  const ask = async (question: object): Promise<Login> => {
    const response = await fetch(`${emulator}/_local-cloud/database-login`, { method: 'POST', body: JSON.stringify(question), signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`the local cloud answered ${response.status}`);
    return response.json() as Promise<Login>;
  };
  return {
    keyOf: async (access_key, session_token): Promise<AccessKey | undefined> => {
      const { secret, session_token: sessionToken } = await ask({ access_key, session_token, resource_id: resourceId, user: '' });
      return secret === undefined ? undefined : { secret, sessionToken };
    },
    mayConnect: async (access_key, user) => (await ask({ access_key, resource_id: resourceId, user })).allowed,
  };
}
