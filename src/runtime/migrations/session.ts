import { type Connection, StatementError } from './connection';
import { MigrationError } from './errors';

/** A statement that waits longer for a lock fails: whoever comes after it waits for it, too. */
export const LOCK_TIMEOUT_SECONDS = 10;

/**
 * A server looks so often whether whoever sent a statement is still there; it would otherwise work to the end for nobody, with all its locks.
 * Servers before 14 and some systems do not know how.
 */
const CLIENT_CHECK = { client_connection_check_interval: '5s' } as const;

/** Seconds after which it asks a silent network, and gives up: a function that is ended says no goodbye. */
const KEEP_ALIVE = { tcp_keepalives_idle: '30', tcp_keepalives_interval: '10', tcp_keepalives_count: '3' } as const;

type Settings = Readonly<Record<string, string>>;

/** What is set for every file, and known of the server. */
export class Session {
  /** @throws MigrationError if the server takes no changes */
  static async open(connection: Connection): Promise<Session> {
    const [{ recovering }] = await connection.rows<{ recovering: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS recovering');
    if (recovering) {
      throw new MigrationError('this server is a reader, which takes no changes: migrate on the writer');
    }
    return new Session(await canCheckClient(connection));
  }

  private constructor(private readonly checksClient: boolean) {}

  /**
   * The statement that sets the limits of a file.
   * @param local whether it ends with the transaction
   */
  limits(milliseconds: number, local: boolean): string {
    const settings: Settings = {
      statement_timeout: `${Math.max(1, Math.ceil(milliseconds))}ms`,
      // outside a transaction statements wait for others to end without standing in anybody's way, as CREATE INDEX CONCURRENTLY does
      lock_timeout: local ? `${LOCK_TIMEOUT_SECONDS}s` : '0',
      standard_conforming_strings: 'on', // as the reader of statements takes it
      ...KEEP_ALIVE,
      ...(this.checksClient && CLIENT_CHECK),
    };
    const set = Object.entries(settings).map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', ${local})`);
    return `SELECT ${set.join(', ')}`;
  }
}

/** A file may have become another role, and may have set what it likes: nothing of that is left to the next. */
export const AS_BEFORE: readonly string[] = ['RESET SESSION AUTHORIZATION', 'RESET ROLE', 'RESET ALL'];

async function canCheckClient(connection: Connection): Promise<boolean> {
  try {
    await connection.send(Object.entries(CLIENT_CHECK).map(([name, value]) => `SET ${name} = '${value}'`).join(';'));
    return true;
  } catch (error) {
    if (error instanceof StatementError) {
      return false;
    }
    throw error;
  }
}
