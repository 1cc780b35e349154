import { type Connection, ConnectionLost, StatementError } from './connection';
import { FileFailed, MigrationError } from './errors';
import type { Migration } from './files';
import { HISTORY_TABLE } from './history';
import { literal } from './quote';
import { AS_BEFORE, LOCK_TIMEOUT_SECONDS, type Session } from './session';
import { offsetOf, placeOf } from './sql-text';

/** Over its time by so much, a file is given up even if the server does not say so: it judges statements, and not files. */
const GRACE_MS = 2_000;

/** A file took longer than it was given. */
export class OutOfTime extends MigrationError {
  readonly name = 'OutOfTime';

  constructor(migration: Migration, milliseconds: number) {
    super(`${migration.path} was not done within ${Math.round(milliseconds / 1_000)} s, and was ended.\n${stateAfter(migration)}`);
  }
}

/** What a file is applied with. */
export interface Applying {
  readonly connection: Connection;
  readonly session: Session;
  /** How long the file may take. */
  readonly milliseconds: number;
  /** Whether the history has it as begun and not finished. */
  readonly again: boolean;
}

/** Applies a file and remembers it. @throws FileFailed, OutOfTime */
export async function applyFile(migration: Migration, applying: Applying): Promise<void> {
  const { connection, milliseconds } = applying;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    connection.abandon();
  }, milliseconds + GRACE_MS);
  const began = Date.now();
  try {
    await (migration.transaction ? inTransaction(migration, applying) : outsideTransaction(migration, applying));
  } catch (error) {
    const isTimeout = error instanceof FileFailed && error.server.sqlstate === '57014' && Date.now() - began >= milliseconds;
    throw late || isTimeout ? new OutOfTime(migration, milliseconds) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** One message: the file and its entry are committed together, also when we are gone by then. */
async function inTransaction(migration: Migration, { connection, session, milliseconds, again }: Applying): Promise<void> {
  const before = ['BEGIN', session.limits(milliseconds, true), ...(again ? [`DELETE FROM ${HISTORY_TABLE} WHERE ${isEntryOf(migration)} AND applied_at IS NULL`] : [])];
  // an entry that is there already fails, and the file with it: a second wall behind the lock
  const after = [...AS_BEFORE,
    `INSERT INTO ${HISTORY_TABLE} (history, number, name, checksum, applied_at, seconds)
     VALUES (${valuesOf(migration)}, pg_catalog.clock_timestamp(), extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.now()))`,
    'COMMIT'];
  const head = `${before.join(';')};\n`;
  const message = `${head}${migration.text}\n;${after.join(';')}`;
  try {
    await connection.send(message);
  } catch (error) {
    if (error instanceof StatementError) {
      await connection.send('ROLLBACK');
      const { position, completed } = error.fields;
      const offset = position === undefined
        ? migration.statements[completed - before.length]?.start
        : offsetOf(message, position) - head.length;
      throw fileFailed(migration, error, offset);
    }
    throw lost(migration, error);
  }
}

/** One message for each statement. The entry is made before and completed after them. */
async function outsideTransaction(migration: Migration, { connection, session, milliseconds }: Applying): Promise<void> {
  let start: number | undefined;
  try {
    await connection.send([session.limits(milliseconds, false),
      `INSERT INTO ${HISTORY_TABLE} AS m (history, number, name, checksum) VALUES (${valuesOf(migration)})
       ON CONFLICT (history, number) DO UPDATE SET name = excluded.name, checksum = excluded.checksum WHERE m.applied_at IS NULL`].join(';'));
    const began = Date.now();
    for (const statement of migration.statements) {
      ({ start } = statement);
      await connection.send(migration.text.slice(start, statement.end));
    }
    start = undefined;
    await connection.send(AS_BEFORE.join(';'));
    await refuseInvalidIndexes(migration, connection);
    await connection.send(`UPDATE ${HISTORY_TABLE} SET applied_at = pg_catalog.clock_timestamp(), seconds = ${(Date.now() - began) / 1_000} WHERE ${isEntryOf(migration)}`);
  } catch (error) {
    if (error instanceof StatementError) {
      const { position } = error.fields;
      const offset = start === undefined || position === undefined ? start : start + offsetOf(migration.text.slice(start), position);
      throw fileFailed(migration, error, offset);
    }
    throw error instanceof FileFailed ? error : lost(migration, error);
  }
}

/** An interrupted `CREATE INDEX CONCURRENTLY` leaves an index that nobody uses, and that `IF NOT EXISTS` takes for done. */
async function refuseInvalidIndexes(migration: Migration, connection: Connection): Promise<void> {
  const invalid = await connection.rows<{ index: string }>(`
    SELECT i.indexrelid::pg_catalog.regclass::text AS index
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE NOT i.indisvalid AND c.relkind = 'i' AND pg_catalog.strpos(pg_catalog.lower($1), pg_catalog.lower(c.relname)) > 0 ORDER BY 1`, [migration.text]);
  if (invalid.length > 0) {
    const names = invalid.map(({ index }) => index).join(', ');
    throw new FileFailed(migration, {
      message: `left invalid: ${names}. A build of it was interrupted`,
      hint: 'Put DROP INDEX CONCURRENTLY IF EXISTS before CREATE INDEX CONCURRENTLY.',
    }, undefined, stateAfter(migration));
  }
}

function fileFailed(migration: Migration, error: StatementError, offset: number | undefined): FileFailed {
  const { sqlstate, detail, hint, where } = error.fields;
  const place = offset === undefined || offset < 0 || offset > migration.text.length ? undefined : placeOf(migration.text, offset);
  const message = { sqlstate, message: error.message, detail, hint: hint ?? ourHint(migration, error), where };
  return new FileFailed(migration, message, place, stateAfter(migration));
}

/** What PostgreSQL cannot know. */
function ourHint({ transaction }: Migration, { message, fields: { sqlstate } }: StatementError): string | undefined {
  if (sqlstate === '25001' && transaction) {
    return 'Put it into a file of its own, whose first line is "-- jobworks: no-transaction".';
  }
  if (sqlstate === '55P03' && transaction) {
    return `It waits ${LOCK_TIMEOUT_SECONDS} s for a lock. Run it again when the table is less busy, or begin the file with SET LOCAL lock_timeout = '60s';`;
  }
  if (sqlstate === '42P01' && message.includes('jobworks.')) {
    return 'The library\'s tables are made by a deployment, or by --job-tables of the command line.';
  }
  if (sqlstate === '42704' && /\b(app|readonly)\b/.test(message)) {
    return 'The roles app and readonly are made by a deployment, or by --app-role app and --readonly-role readonly of the command line.';
  }
  return undefined;
}

function lost(migration: Migration, error: unknown): unknown {
  return error instanceof ConnectionLost ? new FileFailed(migration, { message: `the connection was lost while it ran: ${error.message}` }, undefined, migration.transaction
    ? 'It is either applied as a whole or not at all; the next run finds out.'
    : stateAfter(migration)) : error;
}

function stateAfter({ transaction }: Migration): string {
  return transaction
    ? 'The database is as it was before this file, and the next run begins with it.'
    : 'The file is outside a transaction: what it did before stays, it is remembered as interrupted, and the next run begins with its first statement again.';
}

function valuesOf({ history, number, name, checksum }: Migration): string {
  return `${literal(history)}, ${number}, ${literal(name)}, ${literal(checksum)}`;
}

function isEntryOf({ history, number }: Migration): string {
  return `history = ${literal(history)} AND number = ${number}`;
}
