import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { LogKind, Monitoring } from '../monitoring/monitored';

/** What is logged by a thing. */
export type Logging = Pick<Monitoring, 'title' | 'logs' | 'queries'>;

/** The log groups of some kinds, each once. Those of another region or account are left out: nothing here can be asked of them. */
export function logGroupsOf(scope: Construct, things: readonly Logging[], kinds: readonly LogKind[]): ILogGroup[] {
  const groups = things.flatMap(({ logs = [] }) => logs).filter(({ kind }) => kinds.includes(kind)).map(({ logGroup }) => logGroup);
  return [...new Set(groups)].filter((group) => isHere(scope, group));
}

/** Whether a log group may be in the region and account of a construct. */
export function isHere(scope: Construct, { env }: ILogGroup): boolean {
  const { region, account } = Stack.of(scope);
  return ![[env.region, region], [env.account, account]].some(([one, other]) => Token.compareStrings(one!, other!) === TokenComparison.DIFFERENT);
}
