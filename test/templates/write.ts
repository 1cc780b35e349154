/**
 * Writes the template of every kind of pipeline, network and database, and of all that watches, into a folder, for tools that judge templates:
 * `tsx test/templates/write.ts FOLDER [BEGINNING …]`, of all kinds or of those whose file names begin so.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { databaseOf, DATABASES } from './databases';
import { KINDS, pipelineOf } from './kinds';
import { NETWORKS, networkOf } from './networks';
import { OPERATIONS, operationsOf } from './operations';

const [folder, ...beginnings] = process.argv.slice(2);
if (!folder) throw new Error('usage: tsx test/templates/write.ts FOLDER [BEGINNING …]');
mkdirSync(folder, { recursive: true });
const all: [string, () => Stack][] = [
  ...KINDS.map((kind): [string, () => Stack] => [kind, () => pipelineOf(kind).stack]),
  ...NETWORKS.map((kind): [string, () => Stack] => [kind, () => networkOf(kind).stack]),
  ...DATABASES.map((kind): [string, () => Stack] => [kind, () => databaseOf(kind).stack]),
  ...OPERATIONS.map((kind): [string, () => Stack] => [kind, () => operationsOf(kind).stack]),
];
for (const [kind, stack] of all) {
  const name = kind.replace(/[^a-z]+/gi, '-').toLowerCase();
  if (beginnings.length === 0 || beginnings.some((beginning) => name.startsWith(beginning))) {
    writeFileSync(join(folder, `${name}.template.json`), JSON.stringify(Template.fromStack(stack()).toJSON(), null, 1));
  }
}
