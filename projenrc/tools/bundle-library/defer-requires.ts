import * as ts from 'typescript';

/** What an app loads only if it uses it: each submodule of aws-cdk-lib takes half a millisecond or more, and the library knows sixteen. */
const DEFERRED = /^(?:aws-cdk-lib\/|node:zlib$)/;

/** A piece of the text, and what is to stand in its place. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * In a file that TypeScript has compiled, makes `const lambda = require('aws-cdk-lib/aws-lambda')` a function that requires it when it is
 * called for the first time, and calls it wherever the module is used.
 * @throws when the module is used in a way that is not understood here
 */
export function deferRequires(fileName: string, text: string): string {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);
  const declared = new Map(file.statements.flatMap(requireIn).map(found => [found.name.text, found]));
  if (declared.size === 0) {
    return text;
  }
  const edits: Edit[] = [...declared.values()].map(({ name, value, statement }) => ({
    start: statement.getStart(), end: statement.end, text: `let ${name.text}_loaded; const ${name.text} = () => ${name.text}_loaded ??= ${value.getText()};`,
  }));
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && declared.has(node.text) && isReference(node, declared.get(node.text)!.name)) {
      edits.push({ start: node.getStart(), end: node.end, text: `(${node.text}())` }); // in brackets for the sake of `new`
    }
    node.forEachChild(visit);
  };
  visit(file);
  return edited(text, edits);
}

interface Require {
  readonly statement: ts.Statement;
  readonly name: ts.Identifier;
  readonly value: ts.Expression;
}

/** `const x = require('…');` or `const x = __importStar(require('…'));` */
function requireIn(statement: ts.Statement): Require[] {
  const [declaration, ...others] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
  if (!declaration || others.length > 0 || !ts.isIdentifier(declaration.name) || !declaration.initializer) {
    return [];
  }
  const { name, initializer: value } = declaration;
  const inner = ts.isCallExpression(value) && value.expression.getText() === '__importStar' ? value.arguments[0] : value;
  const [module] = ts.isCallExpression(inner) && inner.expression.getText() === 'require' ? inner.arguments : [];
  return module && ts.isStringLiteral(module) && DEFERRED.test(module.text) ? [{ statement, name, value }] : [];
}

/** Whether an identifier of this name means the module, and not a property of something else. */
function isReference(node: ts.Identifier, declaration: ts.Identifier): boolean {
  const { parent } = node;
  if (node === declaration || ((ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node)) {
    return false;
  }
  if (ts.isPropertyAccessExpression(parent)) {
    return true;
  }
  const { fileName } = node.getSourceFile();
  throw new Error(`${fileName}: "${node.text}" stands for a module, and is used other than as in "${node.text}.…": ${parent.getText()}`);
}

function edited(text: string, edits: readonly Edit[]): string {
  const fromTheEnd = [...edits].sort((a, b) => b.start - a.start);
  return fromTheEnd.reduce((result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end), text);
}
