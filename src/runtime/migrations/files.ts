import { createHash } from 'node:crypto';
import { FilesError } from './errors';
import { placeOf, readSql, type SqlText, type Statement } from './sql-text';

/** A file as it was found. */
export interface MigrationFile {
  readonly name: string;
  readonly text: string;
  /** Why its text could not be read; told with whatever else is wrong. */
  readonly problem?: string;
}

/** Files that are numbered together and remembered under one name. */
export interface History {
  /** Small letters. The library's own is `jobworks`, the user's is `app`. */
  readonly name: string;
  readonly files: readonly MigrationFile[];
}

/** A file that may be applied. */
export interface Migration {
  readonly history: string;
  readonly number: number;
  readonly name: string;
  /** How it is called in messages: with its history, unless that is the user's. */
  readonly path: string;
  /** Without byte order mark, and with `\n` at the end of each line: what is applied is what the checksum is of. */
  readonly text: string;
  readonly checksum: string;
  readonly statements: readonly Statement[];
  /** Whether it is applied in one transaction. */
  readonly transaction: boolean;
}

/** A history whose files are in order. */
export interface CheckedHistory {
  readonly name: string;
  /** By number, from 1 without a gap. */
  readonly migrations: readonly Migration[];
}

/** The history of the user's own files. */
export const USERS_HISTORY = 'app';
/** The history of the library's own tables, which comes first. */
export const LIBRARYS_HISTORY = 'jobworks';

/** First line of a file that is not to be in a transaction. */
export const NO_TRANSACTION = '-- jobworks: no-transaction';

const NAME = /^(\d{4})_[A-Za-z0-9][\w.-]*\.sql$/;
/** As a statement begins that takes no transaction. Of others the server says so. */
const CONCURRENTLY = ['create index concurrently', 'create unique index concurrently', 'drop index concurrently'];
const DIRECTIVE = /^--\s*jobworks\s*:\s*(.*?)\s*$/;

/** Checks the files of all histories. @throws FilesError with everything that is wrong */
export function checkedHistories(histories: readonly History[]): CheckedHistory[] {
  const problems: string[] = [];
  const checked = histories.map(({ name, files }) => ({ name, migrations: checkedFiles(name, files, problems) }));
  if (problems.length > 0) {
    throw new FilesError(problems);
  }
  return checked;
}

function checkedFiles(history: string, files: readonly MigrationFile[], problems: string[]): Migration[] {
  const numbered = files.flatMap(file => {
    const number = NAME.exec(file.name)?.[1];
    if (number === undefined) {
      problems.push(`${pathOf(history, file.name)} has no name like 0001_create_invoices.sql: four digits, "_", then letters, digits, "_", "-" or "."`);
    }
    return number === undefined ? [] : [{ file, number: Number(number) }];
  }).sort((a, b) => a.number - b.number || (a.file.name < b.file.name ? -1 : 1));

  problems.push(...numberProblems(history, numbered.map(({ file, number }) => ({ name: file.name, number }))));
  return numbered.map(({ file, number }) => migrationOf(history, number, file, problems));
}

function numberProblems(history: string, files: readonly { readonly name: string; readonly number: number }[]): string[] {
  return files.flatMap(({ name, number }, index) => {
    const before = files[index - 1];
    if (number === (before?.number ?? 0)) {
      return [before
        ? `${pathOf(history, before.name)} and ${name} have the same number: give the one that was not applied yet the next that is free`
        : `${pathOf(history, name)}: numbers begin at 0001`];
    }
    const missing = (before?.number ?? 0) + 1;
    return number === missing ? [] : [`${pathOf(history, name)} follows ${before ? before.name : 'nothing'}: ${numbers(missing, number - 1)} missing. `
      + 'Put back what was applied once, as it was; number what is new without a gap'];
  });
}

function numbers(first: number, last: number): string {
  const digits = (number: number) => String(number).padStart(4, '0');
  return first === last ? `${digits(first)} is` : `${digits(first)} to ${digits(last)} are`;
}

function migrationOf(history: string, number: number, file: MigrationFile, problems: string[]): Migration {
  const path = pathOf(history, file.name);
  const text = file.text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const sql = readSql(text);
  const transaction = !isOptOut(text);
  problems.push(...(file.problem === undefined ? textProblems(text, sql, transaction) : [file.problem]).map(problem => `${path} ${problem}`));
  return { history, number, name: file.name, path, text, checksum: checksumOf(text), statements: sql.statements, transaction };
}

function textProblems(text: string, { statements: all, open, backslash = Infinity }: SqlText, transaction: boolean): string[] {
  const problems: string[] = [];
  const at = (offset: number) => `line ${placeOf(text, offset).line}`;
  const rows = all.find(({ fromStdin }) => fromStdin);
  const isSql = (offset: number) => offset <= (rows?.start ?? Infinity); // what comes after rows is told when they are gone
  const statements = all.filter(({ start }) => isSql(start));
  if (text.includes('\u0000')) {
    problems.push(`has a character U+0000 (${at(text.indexOf('\u0000'))}), which PostgreSQL cannot read`);
  }
  if (open && isSql(open.at)) {
    problems.push(`does not close ${open.what} that begins in ${at(open.at)}`);
  }
  if (statements.length === 0 && !open) {
    problems.push('is empty: it has no statement');
  }
  for (const { start } of statements.filter(controlsTransaction)) {
    problems.push(`begins or ends a transaction (${at(start)}): each file is one already, or none if its first line is "${NO_TRANSACTION}"`);
  }
  for (const { start, words } of transaction ? statements : []) {
    const concurrently = CONCURRENTLY.find(command => words.join(' ').startsWith(command));
    if (concurrently !== undefined) {
      problems.push(`has ${concurrently.toUpperCase()} (${at(start)}), which cannot be in a transaction. Fix: begin the file with "${NO_TRANSACTION}"`);
    }
  }
  if (backslash !== Infinity && isSql(backslash)) {
    problems.push(`has a command of psql, which begins with a backslash (${at(backslash)}). Fix: leave it out, or write it as SQL`);
  }
  if (rows) {
    problems.push(`has COPY … FROM stdin (${at(rows.start)}), whose rows only psql sends. Fix: write them as INSERT`);
  }
  text.slice(0, statements[0]?.start ?? text.length).split('\n').forEach((line, index) => {
    const directive = DIRECTIVE.exec(line)?.[1];
    if (directive !== undefined && (index > 0 || directive !== 'no-transaction')) {
      problems.push(`has "${line.trim()}" in line ${index + 1}: all that may stand there is "${NO_TRANSACTION}", and in the first line`);
    }
  });
  return problems;
}

function isOptOut(text: string): boolean {
  return DIRECTIVE.exec(text.split('\n', 1)[0])?.[1] === 'no-transaction';
}

/** `SAVEPOINT`, `RELEASE` and `ROLLBACK TO` stay within the transaction. */
function controlsTransaction({ words: [first, second, third] }: Statement): boolean {
  switch (first) {
    case 'begin': case 'commit': case 'abort': case 'end': return true;
    case 'start': case 'prepare': return second === 'transaction';
    case 'rollback': return second !== 'to' && third !== 'to';
    default: return false;
  }
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** How a file is called in messages: with its history, unless that is the user's. */
export function pathOf(history: string, name: string): string {
  return history === USERS_HISTORY ? name : `${history}/${name}`;
}
