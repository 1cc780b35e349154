import { type Connection, StatementError } from './connection';
import { ExtensionError } from './errors';
import type { Report } from './events';
import { name } from './quote';

/** Those of the extensions that the database does not have yet. @throws ExtensionError if the engine lacks one */
export async function missingExtensions(connection: Connection, wanted: readonly string[]): Promise<string[]> {
  if (wanted.length === 0) {
    return [];
  }
  const known = await connection.rows<{ name: string; installed: boolean }>(
    'SELECT name, installed_version IS NOT NULL AS installed FROM pg_catalog.pg_available_extensions ORDER BY name');
  const installed = new Map(known.map(extension => [extension.name, extension.installed]));
  const lacking = wanted.filter(extension => !installed.has(extension));
  if (lacking.length > 0) {
    throw new ExtensionError(`the engine lacks ${lacking.join(', ')}, and nothing was applied. It has: ${known.map(extension => extension.name).join(', ') || 'none'}. `
      + 'Names are those of CREATE EXTENSION: pgvector is "vector"');
  }
  return [...new Set(wanted)].filter(extension => !installed.get(extension));
}

/** With those that they need themselves. */
export async function createExtensions(connection: Connection, missing: readonly string[], report: Report): Promise<void> {
  for (const extension of missing) {
    try {
      await connection.send(`CREATE EXTENSION IF NOT EXISTS ${name(extension)} CASCADE`);
    } catch (error) {
      if (error instanceof StatementError) {
        const { sqlstate, detail, hint } = error.fields;
        throw new ExtensionError([`extension ${extension}: ${error.message} (SQLSTATE ${sqlstate})`, detail, hint].filter(part => part).join('\n'));
      }
      throw error;
    }
    report({ kind: 'extension', name: extension });
  }
}
