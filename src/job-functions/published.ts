import * as lambda from 'aws-cdk-lib/aws-lambda';

/** Name of the alias that stands ready. */
const ALIAS = 'live';

/**
 * What callers of a function invoke: the function itself, or an alias of its newest version where invocations of it stand ready. A change
 * of code or environment makes a new version, which takes the place of the last when it is ready.
 *
 * @param fn the function
 * @param provisionedConcurrency how many invocations stand ready; none if not given
 */
export function published(fn: lambda.Function, provisionedConcurrency: number | undefined): lambda.IFunction {
  return provisionedConcurrency === undefined ? fn : new lambda.Alias(fn, 'Live', {
    aliasName: ALIAS,
    version: fn.currentVersion,
    provisionedConcurrentExecutions: provisionedConcurrency,
  });
}
