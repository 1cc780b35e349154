/** Writes the template of every kind of pipeline and network into a folder, for tools that judge templates: `tsx test/templates/write.ts FOLDER`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { KINDS, pipelineOf } from './kinds';
import { NETWORKS, networkOf } from './networks';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: tsx test/templates/write.ts FOLDER');
mkdirSync(folder, { recursive: true });
const stacks = [...KINDS.map((kind) => ({ kind, ...pipelineOf(kind) })), ...NETWORKS.map((kind) => ({ kind, ...networkOf(kind) }))];
for (const { kind, stack } of stacks) {
  writeFileSync(join(folder, `${kind.replace(/[^a-z]+/gi, '-').toLowerCase()}.template.json`), JSON.stringify(Template.fromStack(stack).toJSON(), null, 1));
}
