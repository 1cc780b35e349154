import type { Connection } from './connection';
import { HistoryError } from './errors';
import type { CheckedHistory, Migration } from './files';
import { inTransaction } from './transaction';

export const HISTORY_TABLE = 'jobworks.migrations';

/** What a database remembers of a file. */
export interface Entry {
  readonly history: string;
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  /** Null for a file outside a transaction that was begun and not finished. */
  readonly applied_at: Date | null;
  readonly seconds: number | null;
}

const TABLE = [
  'CREATE SCHEMA IF NOT EXISTS jobworks',
  `CREATE TABLE ${HISTORY_TABLE} (
    history text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz,
    seconds double precision,
    PRIMARY KEY (history, number)
  )`,
  `COMMENT ON TABLE ${HISTORY_TABLE} IS 'SQL files that cdk-jobworks has applied. One without applied_at was begun outside a transaction and not finished.'`,
];

/** What was applied; nothing where nobody ever migrated. */
export async function readHistory(connection: Connection): Promise<Entry[]> {
  return await isThere(connection)
    ? connection.rows<Entry>(`SELECT history, number, name, checksum, applied_at, seconds FROM ${HISTORY_TABLE} ORDER BY history, number`)
    : [];
}

export async function makeHistory(connection: Connection): Promise<void> {
  if (!await isThere(connection)) {
    await inTransaction(connection, TABLE);
  }
}

async function isThere(connection: Connection): Promise<boolean> {
  const [{ there }] = await connection.rows<{ there: boolean }>(`SELECT pg_catalog.to_regclass('${HISTORY_TABLE}') IS NOT NULL AS there`);
  return there;
}

/** How a file stands. */
export type FileState = 'applied' | 'pending' | 'interrupted' | 'changed' | 'newer';

/** A file of the directory, of the history or of both. */
export interface FileStatus {
  readonly history: string;
  readonly number: number;
  readonly name: string;
  readonly state: FileState;
  readonly entry?: Entry;
  readonly migration?: Migration;
  /** What is wrong with it, if something is. */
  readonly problem?: string;
}

/** Compares files with what was applied, in the order in which they are applied. */
export function compare(histories: readonly CheckedHistory[], entries: readonly Entry[]): FileStatus[] {
  return histories.flatMap(({ name, migrations }) => {
    const known = new Map(entries.filter(entry => entry.history === name).map(entry => [entry.number, entry]));
    const newer = [...known.values()].filter(({ number }) => number > migrations.length);
    return [
      ...migrations.map(migration => statusOf(migration, known.get(migration.number))),
      ...newer.map((entry): FileStatus => ({ history: name, number: entry.number, name: entry.name, state: 'newer', entry })),
    ];
  });
}

/** @throws HistoryError with every file that is not what was applied */
export function refuseChanges(statuses: readonly FileStatus[]): void {
  const problems = statuses.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) {
    throw new HistoryError(problems);
  }
}

function statusOf(migration: Migration, entry: Entry | undefined): FileStatus {
  const { history, number, name, path } = migration;
  const status = { history, number, name, migration, entry };
  if (!entry) {
    return { ...status, state: 'pending' };
  }
  if (entry.applied_at === null) {
    return { ...status, state: 'interrupted' };
  }
  if (entry.checksum !== migration.checksum) {
    const applied = entry.applied_at.toISOString();
    return {
      ...status,
      state: 'changed',
      problem: entry.name === name
        ? `${path} was changed after it was applied (${applied}): put it back as it was, and write what is new into a new file`
        : `${path} has the number of ${entry.name}, which was applied (${applied}) and is missing: put that one back as it was, and give the other the next free number`,
    };
  }
  return entry.name === name
    ? { ...status, state: 'applied' }
    : { ...status, state: 'changed', problem: `${path} was applied as ${entry.name}: give it its name back` };
}
