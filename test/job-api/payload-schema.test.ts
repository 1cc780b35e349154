import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { PayloadSchema } from '../../src/job-api/payload-schema';
import { packed } from '../../src/job-functions/submit-function';

test('a schema comes from a text, a file or the app itself', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'schema-')), 'schema.json');
  writeFileSync(file, '{"type": "object"}');
  const schemas = [PayloadSchema.fromText('{ "type": "object" }'), PayloadSchema.fromFile(file), PayloadSchema.fromObject({ type: 'object' })];
  expect(schemas.map((schema) => schema.toJson())).toEqual(Array(3).fill('{"type":"object"}'));
});

test.each(['{', '[]', 'null', '"text"'])('fails when the text is %s', (text) => {
  expect(() => PayloadSchema.fromText(text)).toThrow(/PayloadSchema: the text given to PayloadSchema\.fromText\(\) is not .* Give it a JSON Schema/);
});

test('travels compressed and arrives whole', () => {
  const schema = PayloadSchema.fromObject({ type: 'object', description: 'x'.repeat(5_000) });
  expect(packed(schema).length).toBeLessThan(200);
  expect(inflateRawSync(Buffer.from(packed(schema), 'base64')).toString()).toBe(schema.toJson());
});

test('fails on a file that is not there, with where it was looked for', () => {
  expect(() => PayloadSchema.fromFile('nowhere.json')).toThrow(/PayloadSchema\.fromFile\(\): \/.*nowhere\.json cannot be read/);
});

test.each<[string, () => PayloadSchema, RegExp]>([
  ['a text for an object', () => PayloadSchema.fromObject('x' as never), /what was given to PayloadSchema\.fromObject\(\) is not a JSON object but 'x'\. Give it a JSON Schema/],
  ['nothing for an object', () => PayloadSchema.fromObject(undefined as never), /fromObject\(\) is not a JSON object but nothing/],
  ['an object for a text', () => PayloadSchema.fromText({ type: 'object' } as never), /PayloadSchema\.fromText\(\) is not JSON .* Give it a JSON Schema/],
  ['an object for a path', () => PayloadSchema.fromFile({ type: 'object' } as never), /PayloadSchema\.fromFile\(\): the path must be a text, not an object \{ type \}\. Give the path/],
])('fails on %s', (_what, make, message) => {
  expect(make).toThrow(message);
});
