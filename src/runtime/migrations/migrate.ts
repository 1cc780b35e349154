import { applyFile, OutOfTime } from './apply';
import { type Connection, ConnectionLost } from './connection';
import type { Report } from './events';
import { createExtensions, missingExtensions } from './extensions';
import { type CheckedHistory, checkedHistories, type History, LIBRARYS_HISTORY, type Migration } from './files';
import { compare, type FileStatus, makeHistory, readHistory, refuseChanges } from './history';
import { giveLockBack, takeLock } from './lock';
import { checkRoles, ensureRoles, grantLibraryTables, type Role } from './roles';
import { Session } from './session';
import { during } from './transaction';

export interface MigrateOptions {
  /** Created before the files, by the names that CREATE EXTENSION takes. @default - none */
  readonly extensions?: readonly string[];
  /** Made before the files, so that these may name them. @default - none */
  readonly roles?: readonly Role[];
  /** Epoch milliseconds after which no file is begun. @default - never */
  readonly until?: number;
  /** How long one file may take. @default 840 */
  readonly fileSeconds?: number;
  /** How long to wait for another who migrates. @default 600 */
  readonly lockWaitSeconds?: number;
  readonly report?: Report;
}

/** What a run has done. */
export interface Migrated {
  /** Whether nothing is left to do; if not, the next run goes on. */
  readonly complete: boolean;
  readonly applied: readonly { readonly path: string; readonly seconds: number }[];
  /** How many files were applied before. */
  readonly before: number;
  /** How many are left. */
  readonly pending: number;
  /** Applied files that the directory does not have, as after a rollback. They are left as they are. */
  readonly newer: readonly string[];
}

/** What a run would do. Whether the SQL succeeds, only a run can tell. */
export interface Plan {
  readonly extensions: readonly string[];
  readonly files: readonly FileStatus[];
}

export const FILE_SECONDS = 14 * 60;
export const LOCK_WAIT_SECONDS = 10 * 60;

/**
 * Applies the files that were not applied yet, those of the first history first.
 * Any number of callers may do so at once: one works, the others wait.
 * @throws MigrationError, whose message says what to do; ConnectionLost
 */
export async function migrate(connection: Connection, histories: readonly History[], options: MigrateOptions = {}): Promise<Migrated> {
  const checked = checkedHistories(histories);
  const { extensions = [], roles = [], report = () => {}, lockWaitSeconds = LOCK_WAIT_SECONDS } = options;
  checkRoles(roles);
  const session = await Session.open(connection);
  const free = await takeLock(connection, lockWaitSeconds, report);
  try {
    const missing = await missingExtensions(connection, extensions);
    const statuses = compare(checked, await during('the history cannot be read', async () => readHistory(connection)));
    refuseChanges(statuses);

    await during('the history cannot be made', async () => makeHistory(connection));
    await createExtensions(connection, missing, report);
    await during('the roles cannot be made', async () => ensureRoles(connection, roles, report));
    return await new Run(connection, session, statuses, free, options).through(checked);
  } finally {
    await releaseQuietly(connection);
  }
}

/** How every file stands. Changes nothing and waits for nobody. @throws MigrationError */
export async function status(connection: Connection, histories: readonly History[]): Promise<FileStatus[]> {
  return compare(checkedHistories(histories), await during('the history cannot be read', async () => readHistory(connection)));
}

/**
 * What a run would do, and refuses what it would refuse before its first file. Changes nothing and waits for nobody: to try the files
 * and take them back would hold the same locks as a run, and could not be done with files outside a transaction.
 */
export async function plan(connection: Connection, histories: readonly History[], options: MigrateOptions = {}): Promise<Plan> {
  const { extensions = [], roles = [] } = options;
  checkRoles(roles);
  const files = await status(connection, histories);
  refuseChanges(files);
  return { extensions: await missingExtensions(connection, extensions), files };
}

/** A run that has the lock. */
class Run {
  private readonly applied: { readonly path: string; readonly seconds: number }[] = [];
  private readonly pending: readonly FileStatus[];

  constructor(
    private readonly connection: Connection,
    private readonly session: Session,
    private readonly statuses: readonly FileStatus[],
    /** Whether nobody has used up our time before. */
    private readonly free: boolean,
    private readonly options: MigrateOptions,
  ) {
    this.pending = statuses.filter(({ state }) => state === 'pending' || state === 'interrupted');
  }

  async through(histories: readonly CheckedHistory[]): Promise<Migrated> {
    for (const { name } of histories) {
      for (const { migration, state } of this.pending.filter(({ history }) => history === name)) {
        if (!await this.apply(migration!, state === 'interrupted')) {
          return this.result();
        }
      }
      if (name === LIBRARYS_HISTORY) {
        const { roles = [] } = this.options;
        await during('the rights on the library\'s tables cannot be given', async () => grantLibraryTables(this.connection, roles));
      }
    }
    return this.result();
  }

  /** @returns false if there is not enough time */
  private async apply(migration: Migration, again: boolean): Promise<boolean> {
    const { until = Infinity, fileSeconds = FILE_SECONDS, report = () => {} } = this.options;
    const began = Date.now();
    const milliseconds = Math.min(fileSeconds * 1_000, until - began);
    if (milliseconds <= 0) {
      return false;
    }
    const { path } = migration;
    report({ kind: 'file', path, index: this.applied.length + 1, of: this.pending.length, again });
    try {
      await applyFile(migration, { connection: this.connection, session: this.session, milliseconds, again });
    } catch (error) {
      // it had less than a file is promised, since others came before it: the next run begins with it
      if (error instanceof OutOfTime && milliseconds < fileSeconds * 1_000 && !(this.free && this.applied.length === 0)) {
        return false;
      }
      throw error;
    }
    const seconds = (Date.now() - began) / 1_000;
    this.applied.push({ path, seconds });
    report({ kind: 'applied', path, seconds });
    return true;
  }

  private result(): Migrated {
    const pending = this.pending.length - this.applied.length;
    return {
      complete: pending === 0,
      applied: this.applied,
      before: this.statuses.filter(({ state }) => state === 'applied').length,
      pending,
      newer: this.statuses.filter(({ state }) => state === 'newer').map(({ name }) => name),
    };
  }
}

/** A session that has ended has given its lock back, and what ended it is the error to tell. */
async function releaseQuietly(connection: Connection): Promise<void> {
  try {
    await giveLockBack(connection);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) {
      throw error;
    }
  }
}
