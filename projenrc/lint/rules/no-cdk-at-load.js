'use strict';

/**
 * Nothing of aws-cdk-lib is touched while a module loads.
 *
 * `require('aws-cdk-lib')` is lazy: a namespace is read from disk when its first member is. A constant such as
 * `const LIMIT = Duration.minutes(15)` at the top of a module makes everybody who imports this library pay for it, whether it is used or not.
 * Bodies of functions and methods, and initialisers of instance fields, run later and are free to use it.
 *
 * ESLint loads rules by file name and as plain JavaScript, hence no TypeScript here.
 */

/** @param {import('estree').ImportDeclaration} declaration */
const isFromCdk = declaration => /^aws-cdk-lib(\/|$)/.test(String(declaration.source.value));

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

/** Whether `node`, a part of `parent`, runs later than the module that contains it. */
function isDeferred(node, parent) {
  if (FUNCTIONS.includes(parent.type)) return !isCalledAtOnce(parent);
  return parent.type === 'PropertyDefinition' && parent.value === node && !parent.static;
}

function isCalledAtOnce(fn) {
  return fn.parent.type === 'CallExpression' && fn.parent.callee === fn;
}

function runsAtLoad(identifier) {
  for (let node = identifier; node.parent; node = node.parent) {
    if (isDeferred(node, node.parent)) return false;
  }
  return true;
}

/** @type {import('eslint').Rule.RuleModule} */
module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'Disallow touching aws-cdk-lib while a module loads' },
    schema: [],
    messages: {
      touched: '`{{name}}` of aws-cdk-lib is touched when this module loads. Move it into the function or method that needs it.',
      extended: 'Extending `{{name}}` loads that part of aws-cdk-lib with this module. Extend `Construct` of constructs, or say why not.',
    },
  },
  create(context) {
    return {
      ImportDeclaration(declaration) {
        if (!isFromCdk(declaration)) return;
        for (const variable of context.sourceCode.getDeclaredVariables(declaration)) {
          // a reference in a type position is erased; in plain JavaScript there are only values
          const values = variable.references.filter(reference => reference.isValueReference !== false);
          for (const { identifier } of values) {
            if (!runsAtLoad(identifier)) continue;
            context.report({ node: identifier, messageId: isExtended(identifier) ? 'extended' : 'touched', data: { name: identifier.name } });
          }
        }
      },
    };
  },
};

/** `class X extends Stack` or `extends cdk.Stack` */
function isExtended(identifier) {
  const expression = identifier.parent.type === 'MemberExpression' ? identifier.parent : identifier;
  return expression.parent.superClass === expression;
}
