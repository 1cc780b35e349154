import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DONE, FAILED } from './command';
import type { MigrateEnd, MigrateTask } from './migrate';
import { type Connection, ConnectionLost } from '../../runtime/migrations/connection';
import { MigrationError } from '../../runtime/migrations/errors';
import type { MigrationEvent, Report } from '../../runtime/migrations/events';
import { checkedHistories, type History, LIBRARYS_HISTORY, pathOf, USERS_HISTORY } from '../../runtime/migrations/files';
import { readFolder } from '../../runtime/migrations/folder';
import type { FileStatus } from '../../runtime/migrations/history';
import { migrate, type Migrated, plan, type Plan, status } from '../../runtime/migrations/migrate';
import { openConnection } from '../../runtime/migrations/open';
import { LIBRARY_TABLES } from '../../runtime/wire/migrations';
import type { Io } from '../io';
import { printable, type Style, styleOf, table, widthOf } from '../text';
import { shortTime } from '../times';

/** The part of the command line that knows databases. */
export async function migrateDatabase(task: MigrateTask, io: Io): Promise<MigrateEnd> {
  try {
    if (!statSync(task.folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new MigrationError(`--dir ${task.folder} is no folder (looked in ${resolve(task.folder)})`);
    }
    const files = readFolder(task.folder);
    if (files.length === 0) {
      throw new MigrationError(`there is no SQL file in ${task.folder}`);
    }
    const librarys = task.jobTables === undefined ? [] : [{ name: LIBRARYS_HISTORY, files: readFolder(task.jobTables) }];
    const histories = [...librarys, { name: USERS_HISTORY, files }];
    checkedHistories(histories); // before anybody is asked for anything
    const { connection, end } = await connected(task);
    try {
      return { exit: await done(task, io, connection, histories) };
    } finally {
      await end();
    }
  } catch (error) {
    if (error instanceof MigrationError || error instanceof ConnectionLost || error instanceof NotConnected) {
      return { failed: { code: error.name, message: error.message } };
    }
    throw error;
  }
}

class NotConnected extends Error {
  readonly name = 'NotConnected';
}

async function done(task: MigrateTask, io: Io, connection: Connection, histories: readonly History[]): Promise<number> {
  const { extensions } = task;
  const roles = task.roles.map(role => ({ ...role, ...(task.jobTables !== undefined && role.access === 'write' && { libraryTables: LIBRARY_TABLES }) }));
  switch (task.action) {
    case 'status': {
      const files = await status(connection, histories);
      print(task, io, { files: files.map(viewOf) }, style => statusText(files, style, widthOf(io.stdout)));
      return files.some(({ problem }) => problem !== undefined) ? FAILED : DONE;
    }
    case 'plan': {
      const planned = await plan(connection, histories, { extensions, roles });
      print(task, io, { extensions: planned.extensions, files: planned.files.filter(isDue).map(viewOf) }, () => planText(planned));
      return DONE;
    }
    case 'migrate': {
      const progress = new Progress(io);
      try {
        const migrated = await migrate(connection, histories, { extensions, roles, report: event => progress.report(event) });
        progress.end();
        print(task, io, migrated, style => migratedText(migrated, style));
      } finally {
        progress.end();
      }
      return DONE;
    }
  }
}

function print({ json }: MigrateTask, io: Io, document: unknown, text: (style: Style) => string): void {
  io.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${text(styleOf(io.stdout, io.environment))}\n`);
}

function viewOf({ history, number, name, state, entry, problem }: FileStatus): object {
  return {
    history,
    number,
    name,
    state,
    ...(entry?.applied_at && { applied_at: entry.applied_at.toISOString(), seconds: entry.seconds }),
    ...(problem !== undefined && { problem }),
  };
}

function isDue({ state }: FileStatus): boolean {
  return state === 'pending' || state === 'interrupted';
}

function statusText(files: readonly FileStatus[], style: Style, width: number): string {
  const { green, yellow, red } = style;
  const paints: Readonly<Record<string, (text: string) => string>> = { applied: green, pending: yellow, interrupted: red, changed: red };
  const columns = [
    { heading: 'file', text: ({ history, name }: FileStatus) => pathOf(history, name) },
    { heading: 'state', text: ({ state }: FileStatus) => state, paint: (state: string) => (paints[state] ?? (text => text))(state) },
    { heading: 'applied', text: ({ entry }: FileStatus) => shortTime(entry?.applied_at?.toISOString()) },
    { heading: 'what is wrong', text: ({ problem }: FileStatus) => problem ?? '' },
  ];
  return files.length === 0 ? 'no files' : table(files, columns, width, style);
}

function planText({ extensions, files }: Plan): string {
  const due = files.filter(isDue);
  return [
    ...extensions.map(name => `would create extension ${name}`),
    ...due.map(({ history, name, state }) => `would apply ${pathOf(history, name)}${state === 'interrupted' ? ' again, which was interrupted' : ''}`),
    ...(due.length + extensions.length === 0 ? ['nothing to apply'] : ['no SQL was run: whether it succeeds, only a database that may be changed can tell']),
  ].join('\n');
}

function migratedText({ applied, before, newer }: Migrated, { green, yellow }: Style): string {
  return [
    ...applied.map(({ path, seconds }) => `${green('applied')} ${path} in ${seconds.toFixed(2)} s`),
    ...(newer.length > 0 ? [`${yellow('newer')} than the folder, and left as they are: ${printable(newer.join(', '))}`] : []),
    `${count(applied.length)} applied, ${before} before`,
  ].join('\n');
}

function count(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

/** A line that is written over, where somebody looks; waiting for another is told everywhere. */
class Progress {
  private shown = false;

  constructor(private readonly io: Io) {}

  readonly report: Report = event => {
    const { stderr } = this.io;
    const text = textOf(event);
    if (text === undefined) {
      return;
    }
    if (stderr.isTTY) {
      this.shown = true;
      stderr.write(`\r\u001b[K${printable(text).slice(0, Math.max(20, widthOf(stderr) - 1))}`);
    } else if (event.kind === 'waiting') {
      stderr.write(`${printable(text)}\n`);
    }
  };

  end(): void {
    if (this.shown) {
      this.io.stderr.write('\r\u001b[K');
      this.shown = false;
    }
  }
}

function textOf(event: MigrationEvent): string | undefined {
  switch (event.kind) {
    case 'waiting': return `waiting since ${event.seconds} s for another who migrates: ${event.holder}`;
    case 'extension': return `created extension ${event.name}`;
    case 'role': return `made role ${event.name}`;
    case 'file': return `${event.index}/${event.of} ${event.path}${event.again ? ' (again)' : ''} …`;
    default: return undefined;
  }
}

async function connected({ target }: MigrateTask) {
  const { host, port, user, database, password, ssl } = target;
  try {
    return await openConnection({ host, port, user, database, password, ssl });
  } catch (error) {
    const { message, hint } = explained(error as Error, target);
    throw new NotConnected(`cannot connect to ${database} on ${host}:${port} as ${user}: ${message}${hint && `.\n${hint}`}`);
  }
}

/** What it most likely is. */
function explained(error: Error, { password, ssl }: MigrateTask['target']): { readonly message: string; readonly hint: string } {
  const { code = '', errors } = error as { code?: string; errors?: readonly Error[] };
  const message = error.message || errors?.map(each => each.message).join(', ') || code;
  if (/client password must be a string/.test(message)) {
    return { message: 'the server asks for a password, and there is none', hint: 'Set PGPASSWORD, or put it into the address' };
  }
  if (/CERT|UNABLE_TO_/.test(code)) {
    return {
      message,
      hint: 'The certificate is not trusted or is another host\'s: name the one to trust by ?sslrootcert=FILE, '
      + 'for RDS its bundle (https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem)',
    };
  }
  if (!ssl && /no encryption/.test(message)) {
    return { message, hint: 'The server wants TLS: ?sslmode=verify-full&sslrootcert=FILE' };
  }
  if (code === '28P01') {
    return { message, hint: password === undefined ? '' : 'The password is that of the address, or else PGPASSWORD' };
  }
  return { message, hint: '' };
}
