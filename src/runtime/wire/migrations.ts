/** Properties of the custom resource that applies migrations: what changes one of them has them applied again. */
export const MIGRATION_PROPERTIES = {
  /** List of names as CREATE EXTENSION takes them. */
  extensions: 'Extensions',
  /** List of objects, see {@link MIGRATION_ROLE}. */
  roles: 'Roles',
  /** Changes with the files; for CloudFormation, nobody reads it. */
  files: 'Files',
} as const;

/** Members of a role among {@link MIGRATION_PROPERTIES.roles}. */
export const MIGRATION_ROLE = {
  name: 'Name',
  /** `write` or `read`. */
  access: 'Access',
  /** List of tables of schema `jobworks` that it may use. */
  libraryTables: 'LibraryTables',
} as const;

/** Tables of schema `jobworks` on which a role needs its rights to run a pipeline's functions, or to end a job inside its own transaction. */
export const LIBRARY_TABLES: readonly string[] = ['jobs', 'job_results', 'counters', 'slots'];

/** Folder in the function's code with a folder of SQL files for each history, `jobworks` before `app`. */
export const MIGRATIONS_FOLDER = 'migrations';
