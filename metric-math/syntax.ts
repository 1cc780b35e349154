/** What an expression of metric math is made of. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** The id of a metric or of another expression. */
  | { readonly kind: 'id'; readonly name: string }
  /** A bare word in capitals: `REPEAT`, `LINEAR`, `ASC`, the `AVG` of SORT. */
  | { readonly kind: 'word'; readonly name: string }
  | { readonly kind: 'negative'; readonly operand: Expression }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] };

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '^';
export type ComparisonOperator = '==' | '!=' | '<=' | '>=' | '<' | '>';
export type LogicalOperator = 'AND' | 'OR';
export type Operator = ArithmeticOperator | ComparisonOperator | LogicalOperator;

/** An expression that cannot be read, or that says something which is not known here. */
export class MetricMathError extends Error {
  public readonly name = 'MetricMathError';
}
