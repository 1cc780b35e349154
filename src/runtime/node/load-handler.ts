import { access } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isAsyncFunction } from 'node:util/types';

/** A handler of the user's, whatever it is called with. */
export type UserHandler = (...parameters: readonly unknown[]) => unknown;

/**
 * Whether it answers by its third parameter. An `async` function that only names one does not: Lambda, too, takes its promise.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function answersByCallback(handler: UserHandler): boolean {
  return handler.length >= 3 && !isAsyncFunction(handler);
}

/** `import()`; a parameter, because what bundles or tests this module must not replace it. */
export type ImportModule = (url: string) => Promise<Record<string, unknown>>;

/** The handler string names no file. */
export class HandlerModuleNotFound extends Error {
  readonly name = 'HandlerModuleNotFound';
}

/** The file exports no such function. */
export class HandlerExportNotFound extends Error {
  readonly name = 'HandlerExportNotFound';
}

/** The handler string is not one. */
export class HandlerStringInvalid extends Error {
  readonly name = 'HandlerStringInvalid';
}

/** In the order in which Lambda looks for them. */
const ENDINGS = ['.js', '.mjs', '.cjs'];

/**
 * The function that a handler string names, as Lambda reads it: `src/index.handler` is export `handler` of `src/index.js`
 * (or `.mjs`, `.cjs`); an export may be nested, `src/index.jobs.analyse`.
 * @param root where the user's code is
 */
export async function loadHandler(handler: string, root: string, importModule: ImportModule): Promise<UserHandler> {
  const [, name, exportPath] = /^([^.]*)\.(.+)$/.exec(basename(handler)) ?? [];
  if (!name || !exportPath) {
    throw new HandlerStringInvalid(`"${handler}" is no handler: it should be {file}.{export}, such as "src/index.handler"`);
  }
  const path = resolve(root, dirname(handler), name);
  const loaded = await importModule(pathToFileURL(await existing(path, handler)).href);
  // What Node cannot see of the exports of a CommonJS module is on its default export.
  const found = member(loaded, exportPath) ?? member(loaded.default, exportPath);
  if (typeof found !== 'function') {
    const exported = Object.keys({ ...loaded, ...asObject(loaded.default) }).filter((key) => key !== 'default' && key !== 'module.exports');
    throw new HandlerExportNotFound(`handler "${handler}": ${name} exports no function "${exportPath}", but ${exported.join(', ') || 'nothing'}`);
  }
  return found as UserHandler;
}

async function existing(path: string, handler: string): Promise<string> {
  for (const ending of ENDINGS) {
    const file = `${path}${ending}`;
    if (await access(file).then(() => true, () => false)) {
      return file;
    }
  }
  throw new HandlerModuleNotFound(`handler "${handler}": there is no ${path}.js, .mjs or .cjs`);
}

function member(from: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => asObject(value)[name], from);
}

function asObject(value: unknown): Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? value as Record<string, unknown> : {};
}
