import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError } from './errors';
import type { MigrationFile } from './files';

/** Files that may lie beside migrations: hidden ones, and what explains them. */
const BESIDE = /^\.|\.md$/i;

/**
 * What is in a folder. A file whose text cannot be read comes with the reason, to be told with whatever else is wrong.
 * @throws MigrationError if there is no such folder
 */
export function readFolder(folder: string): MigrationFile[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new MigrationError(`the migrations cannot be read: ${(error as Error).message}`);
  }
  return entries
    .filter(({ name }) => !BESIDE.test(name))
    .map(entry => (entry.isDirectory() ? { name: entry.name, text: '', problem: 'is a folder' } : readFile(folder, entry.name)));
}

function readFile(folder: string, name: string): MigrationFile {
  const bytes = readFileSync(join(folder, name));
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return { name, text: '', problem: `is not UTF-8${wide ? ' but UTF-16' : ''}: save it as UTF-8` };
  }
}
