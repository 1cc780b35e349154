import { readFileSync } from 'node:fs';
import { Client, type ClientConfig } from 'pg';
import { type History, type MigrationFile } from '../../../src/runtime/migrations/files';
import { migrate, type Migrated, type MigrateOptions } from '../../../src/runtime/migrations/migrate';
import { PgConnection } from '../../../src/runtime/migrations/pg-connection';
import type { PostgresServer } from '../../support/postgres/server';

/** A new database of a server, and whoever connects to it as the migrating function does: with a password, over TLS. */
export class Database {
  static async on(server: PostgresServer): Promise<Database> {
    return new Database(server, await server.createDatabase());
  }

  private readonly clients: Client[] = [];

  private constructor(readonly server: PostgresServer, readonly name: string) {}

  async connect(options: ClientConfig = {}): Promise<Client> {
    const { host, port, user, password, caFile } = this.server;
    const client = new Client({ host, port, user, password, database: this.name, ssl: { ca: readFileSync(caFile, 'utf8') }, ...options });
    client.on('error', () => {});
    await client.connect();
    this.clients.push(client);
    return client;
  }

  /** Applies files as one history, `app` unless it is named, on a connection of its own. */
  async migrate(files: Readonly<Record<string, string>> | readonly History[], options?: MigrateOptions, config?: ClientConfig): Promise<Migrated> {
    const client = await this.connect(config);
    try {
      return await migrate(new PgConnection(client), Array.isArray(files) ? files : [{ name: 'app', files: filesOf(files as Record<string, string>) }], options);
    } finally {
      void client.end().catch(() => {});
    }
  }

  /** Why it fails, as it is told. */
  async failure(...args: Parameters<Database['migrate']>): Promise<Error> {
    return this.migrate(...args).then(() => { throw new Error('it did not fail'); }, (error: Error) => error);
  }

  async rows(text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
    return this.server.asMaster(this.name, async client => (await client.query<Record<string, unknown>>(text, values)).rows);
  }

  /** Names of the files that were applied. */
  async applied(): Promise<unknown[]> {
    return (await this.rows('SELECT name FROM jobworks.migrations WHERE applied_at IS NOT NULL ORDER BY history DESC, number')).map(({ name }) => name);
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map(async client => client.end().catch(() => {})));
  }
}

export function filesOf(files: Readonly<Record<string, string>>): MigrationFile[] {
  return Object.entries(files).map(([name, text]) => ({ name, text }));
}
