import type { ClientConfig } from 'pg';
import type { Credentials } from './secret-versions';
import { openConnection } from '../../migrations/open';
import { literal, name } from '../../migrations/quote';
import { scramVerifier } from '../../migrations/scram';

/** Two rotations of one database wait for each other. */
const LOCK = 0x6a6f6277; // 'jobw'
/** Of password and of authorization: what a server says to who may not come in. */
const REFUSED = new Set(['28P01', '28000']);

/** A database, seen by who may come in. */
export interface MasterLogin {
  /** Whether the server lets somebody in. Everything but a refusal is thrown. */
  accepts(credentials: Credentials): Promise<boolean>;
  /** Comes as somebody, and changes the own password. */
  change(by: Credentials, to: Credentials): Promise<void>;
}

/** A server of PostgreSQL, over TLS that is verified. */
export class PostgresLogin implements MasterLogin {
  /** @param address host, port, database and `ssl` with the certificates that are trusted */
  constructor(private readonly address: ClientConfig) {}

  async accepts(credentials: Credentials): Promise<boolean> {
    try {
      const { connection, end } = await openConnection(this.as(credentials));
      try {
        await connection.send('SELECT 1');
        return true;
      } finally {
        await end();
      }
    } catch (error) {
      if (REFUSED.has(String(Object(error).code))) return false;
      throw error;
    }
  }

  /** The server is told a verifier and not the password, so that no log of statements ever has it. */
  async change(by: Credentials, to: Credentials): Promise<void> {
    const { connection, end } = await openConnection(this.as(by));
    try {
      await connection.send('BEGIN');
      await connection.rows('SELECT pg_catalog.pg_advisory_xact_lock($1)', [LOCK]);
      await connection.send(`ALTER ROLE ${name(to.username)} PASSWORD ${literal(scramVerifier(to.password))}`);
      await connection.send('COMMIT');
    } finally {
      await end();
    }
  }

  private as({ username: user, password }: Credentials): ClientConfig {
    return { ...this.address, user, password, application_name: 'cdk-jobworks rotate', connectionTimeoutMillis: 10_000 };
  }
}
