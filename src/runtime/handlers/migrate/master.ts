import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { isConnectionLost } from '../../database/lost';
import { MigrationError } from '../../migrations/errors';
import { type OpenConnection, openConnection } from '../../migrations/open';
import type { Log } from '../../telemetry/log';

/** Who made the database, and may change it. */
export interface Master {
  readonly username: string;
  readonly password: string;
}

/** Where the writer is. */
export interface Writer {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** PEM. */
  readonly ca: string;
}

export interface ConnectParts {
  readonly writer: Writer;
  /** As it is now. */
  readonly readMaster: () => Promise<Master>;
  readonly log: Log;
  /** How long a database may take to wake up or to fail over. @default 120_000 */
  readonly patienceMs?: number;
  /** How long after a refusal the password is read again. @default 3_000 */
  readonly rotationMs?: number;
}

const PATIENCE_MS = 120_000;
const ROTATION_MS = 3_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** `28000` is what `pg_hba.conf` refuses, `28P01` a password. */
const REFUSED = ['28P01', '28000'];

/** Connects as the master user, with the name and the certificate of the server verified. @throws MigrationError, which has no secret */
export async function connectAsMaster(parts: ConnectParts): Promise<OpenConnection> {
  const { writer, readMaster, log, patienceMs = PATIENCE_MS, rotationMs = ROTATION_MS } = parts;
  const until = Date.now() + patienceMs;
  let master = await readMaster();
  let readAgain = false;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await openConnection(configOf(writer, master));
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (REFUSED.includes(code) && !readAgain) {
        log.warn('the database refuses the password: it may just have been rotated, and is read again', { code });
        readAgain = true;
        await sleep(rotationMs);
        master = await readMaster();
      } else if (isConnectionLost(error) && Date.now() + pause < until) {
        log.info('the database does not answer yet', { code, reason: message });
        await sleep(pause);
      } else {
        throw new MigrationError(`cannot connect to ${writer.database} on ${writer.host}:${writer.port} as ${master.username}: ${message || code}`);
      }
    }
  }
}

function configOf({ host, port, database, ca }: Writer, { username, password }: Master): ClientConfig {
  return { host, port, database, user: username, password, ssl: { ca, rejectUnauthorized: true, minVersion: 'TLSv1.2' } };
}

/** What Secrets Manager keeps of a master user. @throws MigrationError, which does not have it */
export function masterIn(secret: string | undefined): Master {
  try {
    const { username, password } = JSON.parse(secret ?? '') as Partial<Master>;
    if (typeof username === 'string' && typeof password === 'string') {
      return { username, password };
    }
  } catch {
    // told below
  }
  throw new MigrationError('the secret of the database has no username and password');
}
