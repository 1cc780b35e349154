import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripSourceMaps } from '../../projenrc/tools/bundle-library/strip-source-maps';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'maps-')); });
afterEach(() => rmSync(folder, { recursive: true }));

test('takes out the map of every compiled file, and nothing else', () => {
  mkdirSync(join(folder, 'deeper'));
  writeFileSync(join(folder, 'deeper', 'mapped.js'), 'exports.a = 1;\n//# sourceMappingURL=data:application/json;base64,eyJ2\n');
  writeFileSync(join(folder, 'without.js'), 'exports.text = "//# sourceMappingURL=data:";\n');
  writeFileSync(join(folder, 'types.d.ts'), '//# sourceMappingURL=data:x\n');

  stripSourceMaps(folder);

  expect(readFileSync(join(folder, 'deeper', 'mapped.js'), 'utf8')).toBe('exports.a = 1;\n');
  expect(readFileSync(join(folder, 'without.js'), 'utf8')).toBe('exports.text = "//# sourceMappingURL=data:";\n');
  expect(readFileSync(join(folder, 'types.d.ts'), 'utf8')).toBe('//# sourceMappingURL=data:x\n');
});
