import { type Client, DatabaseError, Query } from 'pg';
import { type Connection, ConnectionLost, StatementError } from './connection';

/** A connected client of `pg`, which is from now on used for nothing else. */
export class PgConnection implements Connection {
  /** Statements of the present message that the server has done. */
  private completed = 0;

  constructor(private readonly client: Client) {
    client.on('error', () => {}); // whatever runs is told, and nothing runs without us
    client.connection.on('commandComplete', () => { this.completed++; });
  }

  async send(text: string): Promise<void> {
    this.completed = 0;
    return new Promise((resolve, reject) => {
      const query = new Query(text);
      query.on('row', () => {}); // rows that nobody wants are not kept
      query.on('end', () => resolve());
      query.on('error', error => reject(this.told(error)));
      this.client.query(query);
    });
  }

  async rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    this.completed = 0;
    try {
      const { rows } = await this.client.query<Row>(text, values as unknown[] | undefined);
      return rows;
    } catch (error) {
      throw this.told(error);
    }
  }

  abandon(): void {
    this.client.connection.stream.destroy();
  }

  private told(error: unknown): Error {
    if (!(error instanceof DatabaseError) || error.code === undefined || error.severity === 'FATAL' || error.severity === 'PANIC') {
      return new ConnectionLost((error as Error).message);
    }
    const { message, code, detail, hint, where, position } = error;
    return new StatementError(message, {
      sqlstate: code, detail, hint, where, position: position === undefined ? undefined : Number(position), completed: this.completed,
    });
  }
}
