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
