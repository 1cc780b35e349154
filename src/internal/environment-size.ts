import { Stack } from 'aws-cdk-lib';
import { CfnApiKey } from 'aws-cdk-lib/aws-apigateway';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** What Lambda allows for all variables of a function together, names and values. */
export const ENVIRONMENT_LIMIT_BYTES = 4_096;

/** What a value takes that is only known at deployment: names, URLs and ARNs of resources. */
const UNKNOWN_VALUE_BYTES = 96;

/** API Gateway makes ids of ten characters for keys. */
const KEY_ID_BYTES = 10;

/**
 * How much of its 4 KB of environment a function uses: what is known of it exactly, the rest as resources are usually named.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function environmentBytes(fn: LambdaFunction): number {
  return bytesOf(fn, keysOf(Stack.of(fn)));
}

/** The logical ids of all API keys. */
function keysOf(stack: Stack): Set<string> {
  return new Set(stack.node.findAll().filter((one) => one instanceof CfnApiKey).map(({ logicalId }) => stack.resolve(logicalId) as string));
}

function bytesOf(fn: LambdaFunction, keys: ReadonlySet<string>): number {
  const { environment } = fn.node.defaultChild as CfnFunction;
  const { variables = {} } = (Stack.of(fn).resolve(environment) ?? {}) as { readonly variables?: Record<string, unknown> };
  return Object.entries(variables).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value, keys), 0);
}

/** @param keys logical ids of API keys */
function valueBytes(value: unknown, keys: ReadonlySet<string>): number {
  if (typeof value !== 'object' || value === null) {
    return Buffer.byteLength(String(value));
  }
  const { 'Fn::Join': joined, 'Ref': referred } = value as { readonly 'Fn::Join'?: [string, unknown[]]; readonly 'Ref'?: string };
  if (joined) {
    return joined[1].reduce<number>((sum, part) => sum + valueBytes(part, keys), 0);
  }
  return referred !== undefined && keys.has(referred) ? KEY_ID_BYTES : UNKNOWN_VALUE_BYTES;
}

/** Looks at synthesis, when everybody has said which variables a function gets, whether they fit. */
export function checkEnvironmentSize(fn: LambdaFunction, fix: string): void {
  fn.node.addValidation({
    validate: () => {
      if (bytesOf(fn, new Set()) <= ENVIRONMENT_LIMIT_BYTES) {
        return []; // even if ids of API keys were as long as names: to look for keys is to walk through all of the stack
      }
      const bytes = environmentBytes(fn);
      return bytes <= ENVIRONMENT_LIMIT_BYTES ? [] : [
        `the environment of the function must take at most ${ENVIRONMENT_LIMIT_BYTES} bytes, those included that the pipeline adds. Given: ${bytes}. Fix: ${fix}.`,
      ];
    },
  });
}
