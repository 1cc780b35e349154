import { MetricMathError, type Expression, type Operator } from './syntax';
import { tokenise, type Token } from './tokens';

/** From what binds least to what binds most; those of a row bind alike, from left to right. */
const PRECEDENCE: readonly Readonly<Record<string, Operator>>[] = [
  { 'OR': 'OR', '||': 'OR' },
  { 'AND': 'AND', '&&': 'AND' },
  { '==': '==', '!=': '!=', '<=': '<=', '>=': '>=', '<': '<', '>': '>' },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/' },
];

/**
 * Reads an expression of CloudWatch's metric math.
 *
 * @throws MetricMathError where it is none
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax
 */
export function parse(expression: string): Expression {
  return new Parser(expression).whole();
}

/** The ids that an expression refers to, each once. */
export function idsOf(expression: Expression): string[] {
  return [...new Set(everyPart(expression).flatMap(part => part.kind === 'id' ? [part.name] : []))];
}

/** Whether an expression calls a function. */
export function calls(expression: Expression, name: string): boolean {
  return everyPart(expression).some(part => part.kind === 'call' && part.name === name);
}

function everyPart(expression: Expression): Expression[] {
  return [expression, ...children(expression).flatMap(everyPart)];
}

function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'negative': return [expression.operand];
    case 'operation': return [expression.left, expression.right];
    case 'call': return expression.args;
    case 'list': return expression.items;
    default: return [];
  }
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(private readonly expression: string) {
    this.tokens = tokenise(expression);
  }

  public whole(): Expression {
    const expression = this.level(0);
    if (this.position < this.tokens.length) this.refuse('the end');
    return expression;
  }

  private level(row: number): Expression {
    if (row === PRECEDENCE.length) return this.signed();
    let left = this.level(row + 1);
    for (let operator = this.operatorOf(row); operator; operator = this.operatorOf(row)) {
      left = { kind: 'operation', operator, left, right: this.level(row + 1) };
    }
    return left;
  }

  private operatorOf(row: number): Operator | undefined {
    const token = this.tokens[this.position];
    const operator = token && Object.hasOwn(PRECEDENCE[row], token.text) ? PRECEDENCE[row][token.text] : undefined;
    if (operator) this.position++;
    return operator;
  }

  /** A minus binds less than a power: -m1^2 is -(m1^2). */
  private signed(): Expression {
    return this.take('-') ? { kind: 'negative', operand: this.signed() } : this.power();
  }

  private power(): Expression {
    const base = this.primary();
    return this.take('^') ? { kind: 'operation', operator: '^', left: base, right: this.signed() } : base;
  }

  private primary(): Expression {
    const token = this.tokens[this.position++];
    switch (token?.kind) {
      case 'number': return { kind: 'number', value: Number(token.text) };
      case 'text': return { kind: 'text', value: token.text.slice(1, -1).replace(/\\(.)/g, '$1') };
      case 'id': return { kind: 'id', name: token.text };
      case 'word': return this.take('(') ? { kind: 'call', name: token.text, args: this.until(')') } : { kind: 'word', name: token.text };
    }
    if (token?.text === '[') return { kind: 'list', items: this.until(']') };
    if (token?.text !== '(') {
      this.position--;
      return this.refuse('a value');
    }
    const inside = this.level(0);
    if (!this.take(')')) this.refuse("')'");
    return inside;
  }

  private until(end: string): Expression[] {
    if (this.take(end)) return [];
    const items = [this.level(0)];
    while (this.take(',')) items.push(this.level(0));
    if (!this.take(end)) this.refuse(`',' or '${end}'`);
    return items;
  }

  private take(sign: string): boolean {
    const token = this.tokens[this.position];
    const found = token?.kind === 'sign' && token.text === sign;
    if (found) this.position++;
    return found;
  }

  private refuse(expected: string): never {
    const token = this.tokens[this.position];
    const found = token ? `'${token.text}' (character ${token.at + 1})` : 'the end';
    throw new MetricMathError(`'${this.expression}' is not metric math: ${expected} should stand where ${found} is.`);
  }
}
