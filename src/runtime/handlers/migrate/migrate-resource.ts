import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsMaster, type ConnectParts } from './master';
import { MigrationsFailed } from './reason';
import { askedBy, type Begun, type Progress, type ResourceEvent } from './resource-event';
import { MigrationError } from '../../migrations/errors';
import type { MigrationEvent } from '../../migrations/events';
import { checkedHistories, type History, LIBRARYS_HISTORY, USERS_HISTORY } from '../../migrations/files';
import { readFolder } from '../../migrations/folder';
import { LOCK_WAIT_SECONDS, migrate } from '../../migrations/migrate';

export interface MigrateParts extends ConnectParts {
  /** Has a folder for each history. */
  readonly folder: string;
  /** How long this call may still take. */
  readonly remainingMs: () => number;
}

/** A call ends so long before it would be ended: time to give up a file and to answer. */
const MARGIN_MS = 60_000;
/** CloudFormation waits for an hour. What goes on after it would be in the way of its rollback. */
const IN_ALL_MS = 3_600_000 - 2 * MARGIN_MS;

/**
 * A request of CloudFormation. The first call only answers; the CDK's provider then calls until it is complete, and each call
 * applies files for as long as it has time. Deleting leaves the database as it is. An update of a rollback comes with the files
 * of before: newer ones in the database stay.
 * @throws MigrationsFailed
 */
export async function migrateResource(event: ResourceEvent, parts: MigrateParts): Promise<Begun | Progress> {
  if (!event.MigrationsBegun) {
    return { PhysicalResourceId: event.PhysicalResourceId ?? `migrations-${event.RequestId}`, MigrationsBegun: String(Date.now()) };
  }
  if (event.RequestType === 'Delete') {
    return { IsComplete: true };
  }
  try {
    return { IsComplete: await applied(event, parts, Number(event.MigrationsBegun) + IN_ALL_MS) };
  } catch (error) {
    parts.log.error('the migrations failed', error as Error);
    throw new MigrationsFailed(error);
  }
}

/**
 * @param last when no call may go on any more, epoch milliseconds
 * @returns whether nothing is left to do
 */
async function applied(event: ResourceEvent, parts: MigrateParts, last: number): Promise<boolean> {
  const { log, folder, remainingMs } = parts;
  const until = Math.min(Date.now() + remainingMs() - MARGIN_MS, last);
  const histories = historiesIn(folder);
  checkedHistories(histories); // before a database that sleeps is woken
  const { connection, end } = await connectAsMaster(parts);
  try {
    const { complete, applied: files, before, pending, newer } = await migrate(connection, histories, {
      ...askedBy(event),
      until,
      lockWaitSeconds: Math.min(LOCK_WAIT_SECONDS, Math.max(0, Math.floor((until - Date.now()) / 1_000))),
      report: told => log.info(...lineOf(told)),
    });
    if (!complete && until === last) {
      throw new MigrationError(`not all of it was done within the hour that CloudFormation gives: ${files.length + before} files are applied, and ${pending} are left. `
        + 'Deploy again: it goes on there. What takes longer than that is for the command line');
    }
    log.info(complete ? 'the migrations are done' : 'the migrations go on in the next call', { applied: files.length, before, pending, newer });
    return complete;
  } finally {
    await end();
  }
}

/** The library's own come first, for those who have them. */
function historiesIn(folder: string): History[] {
  return [LIBRARYS_HISTORY, USERS_HISTORY]
    .filter(name => existsSync(join(folder, name)))
    .map(name => ({ name, files: readFolder(join(folder, name)) }));
}

function lineOf(event: MigrationEvent): [string, Record<string, unknown>] {
  const { kind, ...fields } = event;
  switch (kind) {
    case 'waiting': return ['waiting for another who migrates', fields];
    case 'extension': return ['created an extension', { extension: event.name }];
    case 'role': return ['made a role', { role: event.name }];
    case 'file': return ['applying a file', fields];
    case 'applied': return ['applied a file', fields];
  }
}
