import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly displayName: string; readonly source: { readonly path: string; readonly packaging: string } }>>;
}

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: { Code?: unknown; Content?: unknown } }>;
}

/** A snapshot of an integration app that can be deployed, with the code of today: snapshots hold no assets. */
export function currentAssembly(app: string, stack: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  cpSync(join(ROOT, 'integ', `integ.${app}.ts.snapshot`), folder, { recursive: true, filter: source => !source.includes('/asset.') });
  const { files } = JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8')) as AssetManifest;
  for (const { displayName, source: { path, packaging } } of Object.values(files)) {
    if (packaging === 'zip') cpSync(join(ROOT, 'assets', displayName.includes('Layer') ? 'layer-node' : 'handlers'), join(folder, path), { recursive: true });
  }
  return folder;
}

/** The same app as it was deployed before. What functions run is today's: the code of then is gone. */
export function previousAssembly(app: string, stack: string): string {
  const folder = currentAssembly(app, stack);
  const file = join(folder, `${stack}.template.json`);
  const current = JSON.parse(readFileSync(file, 'utf8')) as Template;
  const previous = JSON.parse(readFileSync(join(ROOT, 'test/templates/previous', `${stack}.template.json`), 'utf8')) as Template;
  for (const [id, { Properties }] of Object.entries(previous.Resources)) {
    if (Properties?.Code) Properties.Code = current.Resources[id].Properties!.Code;
    if (Properties?.Content) Properties.Content = current.Resources[id].Properties!.Content;
  }
  writeFileSync(file, JSON.stringify(previous));
  const assets = join(folder, `${stack}.assets.json`);
  writeFileSync(assets, readFileSync(assets, 'utf8').replace(/"objectKey": "(\w+\.json)"/, '"objectKey": "previous-$1"')); // what has a key is not uploaded again
  return folder;
}
