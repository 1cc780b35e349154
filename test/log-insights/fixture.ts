import { App, Stack } from 'aws-cdk-lib';
import { LogGroup, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Logging } from '../../src/log-insights/log-groups';
import { LogKind } from '../../src/monitoring/monitored';

export function newStack(app = new App(), id = 'Ops'): Stack {
  return new Stack(app, id);
}

export function group(stack: Stack, id: string): ILogGroup {
  return new LogGroup(stack, id);
}

/** A thing with so many log groups of functions that work on jobs. */
export function logging(stack: Stack, title: string, groups: number, more: Partial<Logging> = {}): Logging {
  const logs = Array.from({ length: groups }, (_, index) => ({ logGroup: group(stack, `${title}Logs${index + 1}`), kind: LogKind.JOBS }));
  return { title, logs, ...more };
}

/** The logical ids that are referred to, without their hashes. */
export function referred(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"Ref":"(\w+?)\w{8}"/g)].map(([, id]) => id!);
}
