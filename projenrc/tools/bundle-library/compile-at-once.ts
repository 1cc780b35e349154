import * as ts from 'typescript';

/**
 * Puts the modules of a bundle into brackets, `"lib/index.js":(function(exports){…})`. All of them run while the bundle is loaded: V8 compiles what
 * stands in brackets when it comes to it, and otherwise reads it once to find its end and once more to compile it.
 * @see https://v8.dev/blog/preparser#pife
 * @throws when the bundle is not as esbuild writes CommonJS modules
 */
export function compileAtOnce(fileName: string, text: string): string {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);
  const modules: ts.MethodDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isMethodDeclaration(node) && ts.isStringLiteral(node.name) && isModule(node)) {
      modules.push(node);
    } else if (!ts.isFunctionLike(node)) {
      node.forEachChild(visit);
    }
  };
  visit(file);
  if (modules.length === 0) {
    throw new Error(`${fileName} has no modules that esbuild has wrapped`);
  }
  return modules.reduceRight(
    (result, { name, end }) => `${result.slice(0, name.end)}:(function${result.slice(name.end, end)})${result.slice(end)}`, text,
  );
}

/** `__commonJS({"lib/index.js"(exports){…}})` */
function isModule({ parent }: ts.MethodDeclaration): boolean {
  const { parent: call } = parent;
  return ts.isCallExpression(call) && call.expression.getText() === '__commonJS';
}
