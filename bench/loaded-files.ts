import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `import{a}from"./b.mjs"` and `import"./b.mjs"`, as esbuild writes them; not `import("./b.mjs")`, which is loaded on demand. */
const STATIC_IMPORT = /(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{][^"'()]*?from\s*)?["'](\.\/[^"']+)["']/g;

/** `require("./b.js")`, by which a script loads its neighbour. */
const STATIC_REQUIRE = /\brequire\(["'](\.\/[^"']+)["']\)/g;

/** A bundle, and the files that are loaded with it whenever it is. */
export function loadedFiles(file: string, seen: Set<string> = new Set()): string[] {
  if (!seen.has(file)) {
    seen.add(file);
    for (const [, imported] of readFileSync(file, 'utf8').matchAll(file.endsWith('.js') ? STATIC_REQUIRE : STATIC_IMPORT)) {
      loadedFiles(join(dirname(file), imported), seen);
    }
  }
  return [...seen];
}
