import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Of each client: all that it can send and receive, and all errors of its service. */
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
const DEFINITION = /^((?:export )?var [\w$]+ = )(\[[^]*?\]);$/gm;
const REGISTRATION = /^\w+_registry\.registerError\(\w+\$, (\w+)\);\n/gm;

/**
 * Lets go of what no function of ours asks a service for. esbuild keeps the schemas of every operation that has a computed property, as it cannot
 * know that to make one does nothing else; and every error, since each is registered where it is defined. An error that is not known comes as the
 * service's base class, with the same name and the same message.
 */
export function leanSdk(): Plugin {
  const ours = sourcesIn('src').join('\n');
  return {
    name: 'lean-sdk',
    setup: build => build.onLoad({ filter: SCHEMAS }, ({ path }) => {
      const [schemas, errors, settings] = ['schemas/schemas_0.js', 'models/errors.js', 'runtimeConfig.shared.js']
        .map(file => readFileSync(join(path, '../..', file), 'utf8'));
      // such a service says in its answers what an error was called by an older protocol, and only the schema tells what it is called now
      const withNames = settings.includes('awsQueryCompatible') ? schemas : withErrorsOf(schemas, errors, ours);
      return { contents: withPureSchemas(withNames) };
    }),
  };
}

/** The schemas, so that those which nobody uses can be left out. */
export function withPureSchemas(schemas: string): string {
  return schemas.replace(DEFINITION, (whole, name: string, value: string) => (value.includes('{ [') ? `${name}/* @__PURE__ */ (() => ${value})();` : whole));
}

/** The schemas, with those errors alone by which somebody goes: named in our sources, or sent again by the SDK because their class says so. */
export function withErrorsOf(schemas: string, errors: string, ours: string): string {
  return schemas.replace(REGISTRATION, (whole: string, name: string) => {
    const ofClass = new RegExp(`^export class ${name} [^]*?^}`, 'm').exec(errors)?.[0];
    // the base class is defined elsewhere, and what comes instead of the others
    const isNeeded = ofClass === undefined || ofClass.includes('$retryable') || new RegExp(`\\b${name}\\b`).test(ours);
    return isNeeded ? whole : '';
  });
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => /\.m?ts$/.test(file)).map(file => readFileSync(join(folder, file), 'utf8'));
}
