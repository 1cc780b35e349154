import type { LocalCloud } from '../local-cloud/local-cloud';

/** What the library calls it when it is called nothing else. */
const DATABASE = 'app';

/** Rows of an example's database, as somebody sees them who may look into it. */
export async function rowsOf(cloud: LocalCloud, text: string, ...values: string[]): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const { server } = cloud.databases.server();
  return server.asMaster(DATABASE, async (client) => (await client.query<Record<string, string | null>>(text, values)).rows);
}
