import { dirname, join, relative } from 'node:path';
import * as ts from 'typescript';

/**
 * The sources whose declarations a user's compiler reads: those of the entries, and whatever these import. Found in the declarations as the
 * compiler writes them, which leave out what only an implementation imports. Types of other packages are not looked at: it takes long, and
 * a declaration names its imports without.
 *
 * @param entries paths of sources, from the folder of the project
 * @returns paths of sources, sorted
 */
export function declaredSources(entries: readonly string[]): string[] {
  const texts = declarations(entries);
  const found = new Set<string>();
  const follow = (source: string) => {
    if (found.has(source)) return;
    found.add(source);
    const text = texts.get(source);
    if (text === undefined) throw new Error(`no declarations come of ${source}`);
    relativeImports(text).forEach(path => follow(`${join(dirname(source), path)}.ts`));
  };
  entries.forEach(follow);
  return [...found].sort();
}

/** What a text imports of its own package, in whatever form. */
export function relativeImports(text: string): string[] {
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName).filter(path => path.startsWith('.'));
}

/** What is declared, by source: all that the entries import, for their implementation too. */
export function declarations(entries: readonly string[]): Map<string, string> {
  const { compilerOptions } = (ts.readConfigFile('tsconfig.json', ts.sys.readFile).config ?? {}) as { compilerOptions: object };
  const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, types: [], inlineSourceMap: undefined, inlineSources: undefined }, '.');
  const settings: ts.CompilerOptions = { ...options, declaration: true, emitDeclarationOnly: true, noEmitOnError: false, noCheck: true };
  const host = ts.createCompilerHost(settings);
  const ownModules: ts.CompilerHost = {
    ...host,
    resolveModuleNameLiterals: (literals, containing) => literals.map(({ text }) => text.startsWith('.')
      ? ts.resolveModuleName(text, containing, settings, host)
      : { resolvedModule: undefined }),
  };
  const texts = new Map<string, string>();
  ts.createProgram([...entries], settings, ownModules).emit(undefined, (_, text, __, ___, sources) => {
    sources?.forEach(({ fileName }) => texts.set(relative('.', fileName), text));
  }, undefined, true);
  return texts;
}
