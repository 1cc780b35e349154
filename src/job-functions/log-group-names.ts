import { Lazy, Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { readFunction } from '../internal/existing-function';

/**
 * A function has 4 KB for its environment, of which names may take so much. Names that CloudFormation makes are as long as those of stack and
 * constructs; where they are very long, those that come last are left out, and operators look them up.
 */
const MOST_BYTES = 2_048;

/** What CloudFormation adds to a name, and JSON around it. */
const ADDED_BYTES = 24;

/** How the log group of the worker is called, which need not be one of the pipeline's own. */
export const WORKER_LOGS = 'Worker';

/** JSON for operators: what writes to a log group to the name of the group, when all constructs are there. */
export function logGroupsJson(scope: Construct, worker: lambda.IFunction): string {
  return Lazy.string({
    produce: () => {
      const stack = Stack.of(scope);
      return stack.toJsonString(Object.fromEntries(fitting(stack, logGroupNames(scope, worker))));
    },
  });
}

function logGroupNames(scope: Construct, given: lambda.IFunction): (readonly [string, string])[] {
  const worker = readFunction(given).unqualified;
  const own = scope.node.findAll().filter((child): child is logs.LogGroup => child instanceof logs.LogGroup)
    .map((group) => [group.node.path.slice(scope.node.path.length + 1).split('/').join(''), group.logGroupName] as const);
  return worker.node.path.startsWith(`${scope.node.path}/`) ? own : [[WORKER_LOGS, logGroupOf(worker)], ...own];
}

/** Its `logGroup` would make one. */
function logGroupOf(worker: lambda.IFunction): string {
  const loggingConfig = (worker.node.defaultChild as Partial<lambda.CfnFunction> | undefined)?.loggingConfig;
  const named = Token.isUnresolved(loggingConfig) ? undefined : (loggingConfig as lambda.CfnFunction.LoggingConfigProperty | undefined)?.logGroup;
  return named ?? `/aws/lambda/${worker.functionName}`;
}

function fitting(stack: Stack, names: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  let bytes = 0;
  return names.filter(([id, name]) => {
    bytes += id.length + ADDED_BYTES + longest(stack, name);
    return bytes <= MOST_BYTES;
  });
}

/** What a name made by CloudFormation comes to: the stack's, and the logical id. */
function longest(stack: Stack, name: string): number {
  if (!Token.isUnresolved(name)) {
    return name.length;
  }
  const text = JSON.stringify(stack.resolve(name));
  return text.length + (Token.isUnresolved(stack.stackName) ? 128 : stack.stackName.length);
}
