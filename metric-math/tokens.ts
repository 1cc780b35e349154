import { MetricMathError } from './syntax';

export interface Token {
  readonly kind: 'number' | 'text' | 'id' | 'word' | 'sign';
  readonly text: string;
  /** Where it begins in the expression, from 0. */
  readonly at: number;
}

const SPACE = /\s*/y;
const KINDS: readonly [Token['kind'], RegExp][] = [
  ['number', /\d+(\.\d+)?([eE][+-]?\d+)?|\.\d+/y],
  ['text', /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y],
  ['id', /[a-z][A-Za-z0-9_]*/y],
  ['word', /[A-Z][A-Z0-9_]*/y], // functions are written in capitals
  ['sign', /==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]/y],
];

/** The tokens of an expression, in their order. */
export function tokenise(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(expression, 0);
  while (at < expression.length) {
    const token = tokenAt(expression, at);
    tokens.push(token);
    at = skipSpace(expression, at + token.text.length);
  }
  return tokens;
}

function tokenAt(expression: string, at: number): Token {
  for (const [kind, pattern] of KINDS) {
    pattern.lastIndex = at;
    const text = pattern.exec(expression)?.[0];
    if (text !== undefined) return { kind, text, at };
  }
  throw new MetricMathError(`'${expression}' is not metric math: nothing begins with '${expression[at]}' (character ${at + 1}).`);
}

function skipSpace(expression: string, at: number): number {
  SPACE.lastIndex = at;
  return at + SPACE.exec(expression)![0].length;
}
