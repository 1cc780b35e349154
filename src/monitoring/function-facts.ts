import { Token } from 'aws-cdk-lib';
import { Architecture, Function as LambdaFunction, type CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { readFunction } from '../internal/existing-function';
import { known, seconds } from '../internal/prop-rules';

/** What is known of a function before deployment, as far as it is shown or paid for. */
export interface FunctionFacts {
  /** The function itself, where a version or an alias was given: it has the numbers of all of them. */
  readonly unqualified: IFunction;
  readonly timeoutMillis?: number;
  readonly reservedConcurrency?: number;
  /** None where it is imported. */
  readonly memoryMebibytes?: number;
  readonly x86: boolean;
  /** None unless one was declared: to ask the CDK for another would make a resource. */
  readonly logGroup?: ILogGroup;
  /** Whether Lambda's own lines of its log are JSON. */
  readonly logsJson: boolean;
}

/** Lambda's default, in MiB. */
const DEFAULT_MEMORY = 128;

/** Reads a function, through its version or alias. */
export function factsOf(fn: IFunction): FunctionFacts {
  const { unqualified, timeout, reservedConcurrency } = readFunction(fn);
  const timeoutSeconds = seconds(timeout);
  if (!(unqualified instanceof LambdaFunction)) {
    return { unqualified, x86: true, logsJson: false };
  }
  const { memorySize, architectures, loggingConfig } = unqualified.node.defaultChild as CfnFunction;
  const logging = Token.isUnresolved(loggingConfig) ? undefined : loggingConfig as CfnFunction.LoggingConfigProperty | undefined;
  return {
    unqualified,
    timeoutMillis: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
    reservedConcurrency: known(reservedConcurrency),
    memoryMebibytes: known(memorySize ?? DEFAULT_MEMORY),
    x86: architectures?.[0] !== Architecture.ARM_64.name,
    logGroup: logging?.logGroup === undefined ? undefined : unqualified.logGroup,
    logsJson: logging?.logFormat === 'JSON',
  };
}
