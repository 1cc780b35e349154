import type { Progress } from './progress';
import { PostgresServer } from '../test/support/postgres/server';

/** A real PostgreSQL server on 127.0.0.1 as long as it is used. */
export async function withServer<Result>(what: string, progress: Progress, use: (server: PostgresServer) => Promise<Result>): Promise<Result> {
  progress.at(`${what}: starting PostgreSQL`);
  const server = await PostgresServer.start();
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** One that takes whoever comes over TLS at his word, as a database believes a token of IAM: nobody here can issue one. */
export async function trustingServer<Result>(what: string, progress: Progress, use: (server: PostgresServer) => Promise<Result>): Promise<Result> {
  return withServer(what, progress, async server => {
    await server.asMaster('postgres', async client => {
      const { rows: [{ file }] } = await client.query<{ file: string }>('SELECT current_setting(\'hba_file\') AS file');
      await client.query(`COPY (VALUES ('local all all trust'), ('hostssl all all 127.0.0.1/32 trust')) TO ${client.escapeLiteral(file)}`);
      await client.query('SELECT pg_reload_conf()');
    });
    return use(server);
  });
}
