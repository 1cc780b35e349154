import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool, type PoolConfig } from 'pg';
import type { PostgresServer } from './server';
import { openPool, type PoolOptions } from '../../../src/runtime/database/pool';
import { readFolder } from '../../../src/runtime/migrations/folder';
import { migrate } from '../../../src/runtime/migrations/migrate';
import { PgConnection } from '../../../src/runtime/migrations/pg-connection';
import type { Role } from '../../../src/runtime/migrations/roles';
import { storeOn, type PostgresStore } from '../../../src/runtime/store/postgres/postgres-store';

const SCHEMA = join(__dirname, '../../../src/runtime/store/postgres/schema');

/** A database with the tables of the library, and pools that come in over TLS as a function's do. */
export class JobsDatabase {
  static async on(server: PostgresServer): Promise<JobsDatabase> {
    const database = new JobsDatabase(server, await server.createDatabase());
    await database.migrate();
    return database;
  }

  private readonly pools: Pool[] = [];

  /** @param name of a database that is there and has its tables */
  constructor(private readonly server: PostgresServer, readonly name: string) {}

  /** As a deployment does. */
  async migrate(roles: readonly Role[] = []): Promise<void> {
    await this.server.asMaster(this.name, async (client) => migrate(new PgConnection(client), [{ name: 'jobworks', files: readFolder(SCHEMA) }], { roles }));
  }

  pool(options: PoolOptions = {}): Pool {
    const { host, port, user, password, caFile } = this.server;
    const pool = openPool({
      host, port, password, database: this.name, role: user, ca: readFileSync(caFile, 'utf8'), maxConnections: 4, connectTimeoutMs: 20_000, ...options,
    });
    this.pools.push(pool);
    return pool;
  }

  /** Such as a user's function may have, which knows nothing of ours. */
  plainPool(options: PoolConfig = {}): Pool {
    const { host, port, user, password, caFile } = this.server;
    const pool = new Pool({ host, port, user, password, database: this.name, ssl: { ca: readFileSync(caFile, 'utf8') }, ...options });
    pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
    this.pools.push(pool);
    return pool;
  }

  /** A pipeline's store. A machine that tests keep busy answers late, so it has time. */
  store(pipeline = 'drawings', pool = this.pool()): PostgresStore {
    return storeOn(pool, pipeline, { connectMs: 20_000, answerMs: 20_000, repeatWithinMs: 30_000 });
  }

  /** Rows as the master sees them. */
  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.server.asMaster(this.name, async (client) => client.query<Row>(text, values))).rows;
  }

  /** Before the server is stopped, which ends whatever a test that failed has left open. */
  close(): void {
    this.pools.splice(0).forEach((pool) => void pool.end().catch(() => {}));
  }
}
