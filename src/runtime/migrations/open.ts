import { Client, type ClientConfig } from 'pg';
import { PgConnection } from './pg-connection';

/** A connection and how it is ended. */
export interface OpenConnection {
  readonly connection: PgConnection;
  readonly end: () => Promise<void>;
}

const CONNECT_MS = 30_000;
const END_MS = 2_000;

/** How those who wait for the lock see us. */
export const APPLICATION = 'cdk-jobworks migrate';

/** Connects. Errors are those of `pg` and Node. */
export async function openConnection(config: ClientConfig): Promise<OpenConnection> {
  const client = new Client({
    application_name: APPLICATION,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true, // a file may take minutes in which nothing is said
    keepAliveInitialDelayMillis: 10_000,
    ...config,
  });
  client.on('error', () => {}); // whoever asks is told
  try {
    await client.connect();
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
  return { connection: new PgConnection(client), end: async () => ended(client) };
}

/** The server is told, unless it no longer listens. */
async function ended(client: Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    client.end().catch(() => {}),
    new Promise<void>(resolve => { timer = setTimeout(resolve, END_MS); }),
  ]);
  clearTimeout(timer);
  client.connection.stream.destroy();
}
