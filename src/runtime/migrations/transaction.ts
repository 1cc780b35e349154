import { type Connection, StatementError } from './connection';
import { MigrationError } from './errors';

/** All statements or none, in one message. */
export async function inTransaction(connection: Connection, statements: readonly string[]): Promise<void> {
  try {
    await connection.send(['BEGIN', ...statements, 'COMMIT'].join(';\n'));
  } catch (error) {
    if (error instanceof StatementError) {
      await connection.send('ROLLBACK');
    }
    throw error;
  }
}

/** What the server refuses of our own statements is told with what we were about. */
export async function during<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StatementError)) {
      throw error;
    }
    const { sqlstate, detail, hint } = error.fields;
    throw new MigrationError([`${what}: ${error.message} (SQLSTATE ${sqlstate})`, detail, hint].filter(part => part).join('\n'));
  }
}
