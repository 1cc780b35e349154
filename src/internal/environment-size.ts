import { Stack } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** What Lambda allows for all variables of a function together, names and values. */
export const ENVIRONMENT_LIMIT_BYTES = 4_096;

/** What a value takes that is only known at deployment: names, URLs and ARNs of resources. */
const UNKNOWN_VALUE_BYTES = 96;

/**
 * How much of its 4 KB of environment a function uses: what is known of it exactly, the rest as resources are usually named.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function environmentBytes(fn: LambdaFunction): number {
  const { environment } = fn.node.defaultChild as CfnFunction;
  const { variables = {} } = (Stack.of(fn).resolve(environment) ?? {}) as { readonly variables?: Record<string, unknown> };
  return Object.entries(variables).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return Buffer.byteLength(String(value));
  }
  const parts: unknown = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1];
  return Array.isArray(parts) ? parts.reduce<number>((sum, part) => sum + valueBytes(part), 0) : UNKNOWN_VALUE_BYTES;
}

/** Looks at synthesis, when everybody has said which variables a function gets, whether they fit. */
export function checkEnvironmentSize(fn: LambdaFunction, fix: string): void {
  fn.node.addValidation({
    validate: () => {
      const bytes = environmentBytes(fn);
      return bytes <= ENVIRONMENT_LIMIT_BYTES ? [] : [
        `the environment of the function must take at most ${ENVIRONMENT_LIMIT_BYTES} bytes, those included that the pipeline adds. Given: ${bytes}. Fix: ${fix}.`,
      ];
    },
  });
}
