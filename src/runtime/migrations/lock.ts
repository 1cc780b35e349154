import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection';
import { LockError } from './errors';
import type { Report } from './events';

/** Two numbers, whose locks nobody else takes by chance: "jobw", and 1 for migrations. One lock for a database, whatever its histories. */
const CLASS = 0x6a6f6277;
const OBJECT = 1;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const REPORT_EVERY_MS = 5_000;

/**
 * Takes the lock of this session, which holds it until it gives it back or ends, however long that takes.
 * Waits by asking again: who waited in a statement would have a snapshot, and `CREATE INDEX CONCURRENTLY` of the other would wait for that.
 * @returns whether it was free at once
 * @throws LockError
 */
export async function takeLock(connection: Connection, waitSeconds: number, report: Report): Promise<boolean> {
  const began = Date.now();
  let reported = -Infinity;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const [{ taken }] = await connection.rows<{ taken: boolean }>(`SELECT pg_catalog.pg_try_advisory_lock(${CLASS}, ${OBJECT}) AS taken`);
    const waited = Date.now() - began;
    if (taken) {
      return pause === FIRST_PAUSE_MS;
    }
    if (waited >= waitSeconds * 1_000) {
      throw new LockError(`somebody else is migrating this database, and was not done within ${waitSeconds} s: ${await holderOf(connection)}. `
        + 'Nothing was applied. Run it again when that one is done; if it hangs, end it with SELECT pg_terminate_backend(process)');
    }
    if (waited - reported >= REPORT_EVERY_MS) {
      reported = waited;
      report({ kind: 'waiting', seconds: Math.round(waited / 1_000), holder: await holderOf(connection) });
    }
    await sleep(Math.min(pause, waitSeconds * 1_000 - waited));
  }
}

export async function giveLockBack(connection: Connection): Promise<void> {
  await connection.rows(`SELECT pg_catalog.pg_advisory_unlock(${CLASS}, ${OBJECT})`);
}

async function holderOf(connection: Connection): Promise<string> {
  const [holder] = await connection.rows<{ pid: number; usename: string | null; application_name: string | null; client: string | null; since: Date | null }>(`
    SELECT l.pid, a.usename, a.application_name, host(a.client_addr) AS client, a.backend_start AS since
    FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ${CLASS} AND l.objid = ${OBJECT} AND l.objsubid = 2
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`);
  if (!holder) {
    return 'it has just gone';
  }
  const { pid, usename, application_name: application, client, since } = holder;
  return [`process ${pid}`, usename && `of ${usename}`, application && `(${application})`, client && `from ${client}`, since && `connected since ${since.toISOString()}`]
    .filter(part => part).join(' ');
}
