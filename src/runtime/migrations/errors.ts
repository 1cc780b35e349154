import type { Migration } from './files';
import type { Place } from './sql-text';

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
    readonly migration: Pick<Migration, 'path'>,
    readonly server: ServerMessage,
    readonly place: Place | undefined,
    /** What is left of it, and what the next run does. */
    readonly state: string,
  ) {
    super(toldOf(migration.path, place, server, state));
  }

  /** The message, with each of the server's texts cut to so many characters. */
  told(longest: number): string {
    const short = (text: string | undefined) => text && (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
    const { sqlstate, message, detail, hint, where } = this.server;
    const server = { sqlstate, message: short(message)!, detail: short(detail), hint: short(hint), where: short(where) };
    return toldOf(this.migration.path, this.place, server, this.state);
  }
}

function toldOf(path: string, place: Place | undefined, { message, sqlstate, detail, hint, where }: ServerMessage, state: string): string {
  return [
    `${path}${place ? `, line ${place.line}, column ${place.column}` : ''}: ${message}${sqlstate === undefined ? '' : ` (SQLSTATE ${sqlstate})`}`,
    detail && `Detail: ${detail}`,
    hint && `Hint: ${hint}`,
    where && `Where: ${where}`,
    state,
  ].filter(line => line).join('\n');
}
