import type { Migration } from './files';
import { type Place } from './sql-text';

/** Why migrations were not applied. The message is for the reader, and says what to do. */
export class MigrationError extends Error {
  readonly name: string = 'MigrationError';
}

/** Rules that are broken, all of them. Nothing was applied. */
export class RulesBroken extends MigrationError {
  readonly name: string = 'RulesBroken';

  constructor(what: string, readonly problems: readonly string[]) {
    super(problems.length === 1 ? `${what}: ${problems[0]}` : `${what}:\n${problems.map(problem => `- ${problem}`).join('\n')}`);
  }
}

/** The files of a directory are not in order. */
export class FilesError extends RulesBroken {
  readonly name = 'FilesError';

  constructor(problems: readonly string[]) {
    super('the migrations are not in order, and nothing was applied', problems);
  }
}

/** The files are not those that were applied. */
export class HistoryError extends RulesBroken {
  readonly name = 'HistoryError';

  constructor(problems: readonly string[]) {
    super('the migrations are not those that this database knows, and nothing was applied', problems);
  }
}

/** The engine lacks an extension, or does not let us create it. */
export class ExtensionError extends MigrationError {
  readonly name = 'ExtensionError';
}

/** A role cannot be what it should. */
export class RoleError extends RulesBroken {
  readonly name = 'RoleError';

  constructor(problems: readonly string[]) {
    super('the roles cannot be made', problems);
  }
}

/** Somebody else has been migrating for longer than we wait. */
export class LockError extends MigrationError {
  readonly name = 'LockError';
}

/** What PostgreSQL said of a statement. */
export interface ServerMessage {
  readonly sqlstate?: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
}

/** A file failed. */
export class FileFailed extends MigrationError {
  readonly name = 'FileFailed';

  constructor(
    readonly migration: Pick<Migration, 'path' | 'transaction'>,
    readonly server: ServerMessage,
    readonly place: Place | undefined,
    state: string,
  ) {
    super(lines(
      headOf(migration.path, place, server),
      server.detail && `Detail: ${server.detail}`,
      server.hint && `Hint: ${server.hint}`,
      server.where && `Where: ${server.where}`,
      state,
    ));
  }

  /** File, line, SQLSTATE and message: what must not be cut. */
  get head(): string {
    return headOf(this.migration.path, this.place, this.server);
  }
}

function headOf(path: string, place: Place | undefined, { message, sqlstate }: ServerMessage): string {
  const where = place ? `, line ${place.line}, column ${place.column}` : '';
  return `${path}${where}: ${message}${sqlstate === undefined ? '' : ` (SQLSTATE ${sqlstate})`}`;
}

function lines(...texts: readonly (string | undefined)[]): string {
  return texts.filter(text => text).join('\n');
}
