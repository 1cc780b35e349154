import { Annotations, Duration } from 'aws-cdk-lib';
import { Function as LambdaFunction, QualifiedFunctionBase, type CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** What can be read from a function that already exists. */
export interface ExistingFunction {
  /** The function itself, where a version or an alias was given. */
  readonly unqualified: IFunction;
  /** Whether it is defined in this app, so that its settings can be read. */
  readonly defined: boolean;
  readonly timeout?: Duration;
  /** Whether nobody said how long it may take, so that Lambda's 3 seconds hold. */
  readonly timeoutIsDefault: boolean;
  readonly reservedConcurrency?: number;
}

/** Lambda's default. */
const DEFAULT_FUNCTION_TIMEOUT_SECONDS = 3;

/** Reads the settings of a function, through its version or alias. They come from the resource, so that overrides are seen too. */
export function readFunction(given: IFunction): ExistingFunction {
  const unqualified = given instanceof QualifiedFunctionBase ? given.lambda : given;
  if (!(unqualified instanceof LambdaFunction)) {
    return { unqualified, defined: false, timeoutIsDefault: false };
  }
  const resource = unqualified.node.defaultChild as CfnFunction;
  return {
    unqualified,
    defined: true,
    timeoutIsDefault: resource.timeout === undefined,
    timeout: Duration.seconds(resource.timeout ?? DEFAULT_FUNCTION_TIMEOUT_SECONDS),
    reservedConcurrency: resource.reservedConcurrentExecutions,
  };
}

/** A function of a worker or a pipeline whose timeout nobody chose: nearly always an oversight, so it can be acknowledged but is not silent. */
export function warnOfDefaultTimeout(scope: Construct, id: string, { timeoutIsDefault }: ExistingFunction): void {
  if (timeoutIsDefault) {
    Annotations.of(scope).addWarningV2(id,
      `The function has no timeout, so Lambda stops it after its default of ${DEFAULT_FUNCTION_TIMEOUT_SECONDS} seconds, and its work is tried again. `
      + `Set timeout on the function to what the work may take (Duration.seconds(${DEFAULT_FUNCTION_TIMEOUT_SECONDS}) if that is meant).`);
  }
}
