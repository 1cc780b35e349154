import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import type { SqlMigrations } from './sql-migrations';
import { checkedHistories, type History, LIBRARYS_HISTORY, USERS_HISTORY } from '../runtime/migrations/files';
import { readFolder } from '../runtime/migrations/folder';
import { MIGRATIONS_FOLDER } from '../runtime/wire/migrations';

const ASSETS = join(__dirname, '../../assets');
const HANDLER = 'migrate.js';

/** What is applied, and in which order: the library's own tables come first. */
export function historiesOf({ _files: files }: SqlMigrations): History[] {
  return [
    { name: LIBRARYS_HISTORY, files: readFolder(join(ASSETS, MIGRATIONS_FOLDER, LIBRARYS_HISTORY)) },
    { name: USERS_HISTORY, files },
  ];
}

/** Changes with the name and the text of any file, and with nothing else: neither with the ends of lines nor with where the files lie. */
export function hashOf(histories: readonly History[]): string {
  const hash = createHash('sha256');
  for (const { path, checksum } of checkedHistories(histories).flatMap(({ migrations }) => migrations)) {
    hash.update(`${path} ${checksum}\n`);
  }
  return hash.digest('hex');
}

/**
 * The code of the function that migrates, with the files beside it: one asset, so that a deployment has exactly the files it was synthesised with.
 *
 * @param make makes the function, by which the code is copied to where the app is synthesised to
 */
export function withMigrationCode<T>(scope: Construct, histories: readonly History[], make: (code: Code) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'jobworks-migrations-'));
  try {
    copyFileSync(join(ASSETS, 'handlers', HANDLER), join(folder, HANDLER));
    for (const { name, files } of histories.filter((history) => history.files.length > 0)) {
      mkdirSync(join(folder, MIGRATIONS_FOLDER, name), { recursive: true });
      files.forEach((file) => writeFileSync(join(folder, MIGRATIONS_FOLDER, name, file.name), file.text));
    }
    return make(Code.fromAsset(folder));
  } finally {
    if (!scope.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) { // with which it is taken from here later
      rmSync(folder, { recursive: true });
    }
  }
}
