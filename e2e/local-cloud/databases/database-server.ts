import { Client } from 'pg';
import type { Certificate } from '../../../test/support/postgres/certificate';
import { PostgresServer } from '../../../test/support/postgres/server';
import type { TrustingServer } from '../database-proxy/server-connection';

/** What a template says of a new server. */
export interface ServerRequest {
  readonly user: string;
  readonly password: string;
  /** None is made without a name. */
  readonly database?: string;
}

/** A real server as RDS hands it over: a master user that is no superuser, `rds_iam`, and the database of the template. */
export class DatabaseServer {
  static async start(request: ServerRequest, certificate: Certificate, maxConnections: number): Promise<DatabaseServer> {
    const server = await PostgresServer.start({ certificate, maxConnections });
    try {
      await server.asMaster('postgres', async client => handOver(client, request));
    } catch (error) {
      await server.stop();
      throw error;
    }
    return new DatabaseServer(server, request, maxConnections);
  }

  private readonly iamUsers = new Set<string>();

  private constructor(readonly server: PostgresServer, readonly request: ServerRequest, readonly maxConnections: number) {}

  /** Where those come in who were judged elsewhere. */
  get trusting(): TrustingServer {
    return { socketFolder: this.server.socketFolder, port: this.server.port };
  }

  /** What a template changes later: the password, which a rotation may have changed as well. */
  async setPassword(password: string): Promise<void> {
    await this.server.asMaster('postgres', async client => client.query(
      `ALTER ROLE ${client.escapeIdentifier(this.request.user)} PASSWORD ${client.escapeLiteral(password)}`));
  }

  /** Whoever is a member of `rds_iam` comes by a token, and by nothing else. The master is none, though it may make others one. */
  async isIamUser(user: string): Promise<boolean> {
    if (this.iamUsers.has(user)) return true;
    const { rows } = await this.server.asMaster('postgres', async client => client.query<{ found: boolean }>(`
      SELECT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
        WHERE g.rolname = 'rds_iam' AND u.rolname = $1 AND u.rolname <> 'rds_superuser') AS found`, [user]));
    if (rows[0].found) this.iamUsers.add(user);
    return rows[0].found;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.rds_superuser.html */
async function handOver(client: Client, { user, password, database }: ServerRequest): Promise<void> {
  const master = client.escapeIdentifier(user);
  await client.query(`
    CREATE ROLE rds_iam;
    CREATE ROLE rds_superuser ROLE postgres;
    CREATE ROLE ${master} LOGIN CREATEROLE CREATEDB PASSWORD ${client.escapeLiteral(password)} IN ROLE rds_superuser;
    GRANT rds_iam TO rds_superuser WITH ADMIN OPTION`);
  if (database) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} OWNER ${master}`);
}
