import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkOptions, InvalidPropsError, PropRules } from '../internal/prop-rules';
import { listKind, required, TEXT, type KindsOf } from '../internal/value-kinds';
import { FilesError } from '../runtime/migrations/errors';
import { checkedHistories, type MigrationFile, USERS_HISTORY } from '../runtime/migrations/files';
import { readFolder } from '../runtime/migrations/folder';

/** What a database gets beside its SQL files. */
export interface SqlMigrationsOptions {
  /**
   * Extensions, made before the first file, by the names that CREATE EXTENSION takes: pgvector is `vector`.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html
   */
  readonly extensions?: string[];
}

/** What kind of value each option takes. */
export const MIGRATION_KINDS: KindsOf<SqlMigrationsOptions> = { extensions: listKind({ ...TEXT, write: "'vector'" }) };

const FROM_DIRECTORY = 'SqlMigrations.fromDirectory()';
const ONLY_EXTENSIONS = 'SqlMigrations.onlyExtensions()';

/**
 * What a database is made of: SQL files that are applied in their order, each once, and extensions.
 *
 * The files are read when the app is synthesised, and applied at deployment, before any function that connects has its new code. A file that fails
 * fails the deployment, which tells its line; the database is left as before that file, and the next deployment goes on there.
 *
 * @example
 * declare const network: SecureNetwork;
 *
 * new ProxiedPostgres(this, 'Database', {
 *   profile: EnvironmentProfile.staging(),
 *   network,
 *   migrations: SqlMigrations.onlyExtensions('vector'), // or SqlMigrations.fromDirectory('sql', { extensions: ['vector'] })
 * });
 */
export class SqlMigrations {
  /**
   * The files of a directory: `0001_create_invoices.sql`, `0002_…`, in UTF-8 and without a gap. Hidden files and `*.md` may lie beside them.
   *
   * @param path the directory, relative to the working directory
   * @param options what else the database gets
   * @returns the migrations
   * @throws an error that lists everything that is wrong with the directory and its files
   */
  public static fromDirectory(path: string, options: SqlMigrationsOptions = {}): SqlMigrations {
    const rules = new PropRules({ node: { path: FROM_DIRECTORY } });
    rules.kind('path', path, required({ ...TEXT, write: "join(__dirname, 'sql')" }));
    rules.throwIfBroken();
    checkOptions(FROM_DIRECTORY, options, MIGRATION_KINDS);
    return new SqlMigrations(options.extensions ?? [], filesOf(resolve(path)), options);
  }

  /**
   * Extensions and no files, for a database whose tables somebody else makes.
   *
   * @param extensions by the names that CREATE EXTENSION takes, such as `vector`
   * @returns the migrations
   * @throws an error if none is named
   */
  public static onlyExtensions(...extensions: string[]): SqlMigrations {
    checkOptions(ONLY_EXTENSIONS, { extensions }, MIGRATION_KINDS);
    if (extensions.length === 0) {
      throw new InvalidPropsError(ONLY_EXTENSIONS, [`${ONLY_EXTENSIONS}: an extension must be named. Fix: write SqlMigrations.onlyExtensions('vector'), or give no migrations.`]);
    }
    return new SqlMigrations(extensions, []);
  }

  /**
   * Nothing of the user's: the library's own tables and roles are there all the same.
   *
   * @internal
   */
  public static _none(): SqlMigrations {
    return new SqlMigrations([], []);
  }

  /** The extensions, each once. */
  public readonly extensions: string[];
  /** @internal */
  public readonly _files: readonly MigrationFile[];

  private constructor(
    extensions: readonly string[],
    files: readonly MigrationFile[],
    /** @internal */
    public readonly _options?: SqlMigrationsOptions,
  ) {
    this.extensions = [...new Set(extensions)];
    this._files = files;
  }
}

function filesOf(folder: string): MigrationFile[] {
  try {
    readdirSync(folder);
  } catch (error) {
    throw refused([`${folder} cannot be read (${(error as Error).message}). Fix: give the directory of your SQL files, such as join(__dirname, 'sql').`]);
  }
  const files = readFolder(folder);
  if (files.length === 0) {
    throw refused([`there is no SQL file in ${folder}. Fix: put 0001_….sql there, or give no migrations, or SqlMigrations.onlyExtensions(…).`]);
  }
  try {
    checkedHistories([{ name: USERS_HISTORY, files }]);
  } catch (error) {
    throw error instanceof FilesError ? refused(error.problems.map((problem) => `${folder}: ${problem}.`)) : error;
  }
  return files;
}

function refused(lines: readonly string[]): InvalidPropsError {
  return new InvalidPropsError(FROM_DIRECTORY, lines.map((line) => `${FROM_DIRECTORY}: ${line}`));
}
