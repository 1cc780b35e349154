import type { PostgresServer } from '../test/support/postgres/server';

const COUNTING = 'pg_stat_statements';
/** Asks from here, so that it does not count itself. */
const ELSEWHERE = 'postgres';

/** Counts what a server executes, by the server's own extension for that: whatever arrives is counted, whoever sends it. */
export class StatementCounter {
  /** Starts the server anew, since it takes such an extension only then. */
  public static async on(server: PostgresServer): Promise<StatementCounter> {
    await server.asMaster(ELSEWHERE, async client => client.query(`ALTER SYSTEM SET shared_preload_libraries = '${COUNTING}'`));
    await server.crash();
    await server.asMaster(ELSEWHERE, async client => client.query(`CREATE EXTENSION ${COUNTING}`));
    return new StatementCounter(server);
  }

  private constructor(private readonly server: PostgresServer) {}

  public async forget(): Promise<void> {
    await this.server.asMaster(ELSEWHERE, async client => client.query(`SELECT ${COUNTING}_reset()`));
  }

  /** Statements in a database since then, by {@link statementName}. */
  public async counted(database: string): Promise<Map<string, number>> {
    const { rows } = await this.server.asMaster(ELSEWHERE, async client => client.query<{ query: string; calls: number }>(
      `SELECT query, calls::float8 AS calls FROM ${COUNTING} JOIN pg_database ON pg_database.oid = dbid WHERE datname = $1`, [database]));
    const counts = new Map<string, number>();
    for (const { query, calls } of rows) {
      const name = statementName(query);
      counts.set(name, (counts.get(name) ?? 0) + calls);
    }
    return new Map([...counts].sort(([a], [b]) => a < b ? -1 : 1));
  }
}

/** What a statement does and to which table, as `INSERT jobs`: of one that writes, what it writes first, and otherwise what it reads of ours. */
export function statementName(text: string): string {
  const [, verb, table] = /\b(INSERT INTO|UPDATE|DELETE FROM|LOCK TABLE) (?:\w+\.)?(\w+)/.exec(text)
    ?? /^(SELECT)\b[^]*?\b(?:FROM|JOIN) jobworks\.(\w+)/.exec(text) ?? [];
  return verb ? `${verb.split(' ')[0]} ${table}` : text.trim().split(/\s/)[0].toUpperCase();
}
