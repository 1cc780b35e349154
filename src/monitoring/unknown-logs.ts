import { Annotations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { factsOf } from './function-facts';

/**
 * Says that a page is without the log of the function that does the work. Lambda makes one for a function that declares none, but only when it is
 * first called, and queries, counts and rules of CloudWatch are refused until it is there.
 */
export function warnOfUnknownLogs(watched: IConstruct, fn: IFunction): void {
  if (factsOf(fn).logGroup === undefined) {
    Annotations.of(watched).addWarningV2('cdk-jobworks:dashboard.unknownLogs',
      `The log of ${fn.node.path} is not known, so errors, owners, memory and slow jobs of ${watched.node.path} are missing on its page. Fix: give the function `
      + 'logGroup: new logs.LogGroup(…), or acknowledge this if it cannot have one.');
  }
}
