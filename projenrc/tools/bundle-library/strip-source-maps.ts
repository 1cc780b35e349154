import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const INLINE_MAP = /^\/\/# sourceMappingURL=data:.*\n?/m;

/**
 * Takes out of compiled files the source maps that jsii writes into them: half of each file, and as base64 they hardly pack.
 * What is left reads as its source does, types apart.
 */
export function stripSourceMaps(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js')).map(name => join(folder, name));
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    if (INLINE_MAP.test(text)) writeFileSync(file, text.replace(INLINE_MAP, ''));
  }
}
