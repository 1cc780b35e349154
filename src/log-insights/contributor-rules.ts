import { Aws, Fn, Names, Stack } from 'aws-cdk-lib';
import { CfnInsightRule, MathExpression, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { logGroupsOf, type Logging } from './log-groups';
import { chunks } from '../internal/chunks';
import { LogKind } from '../monitoring/monitored';

/** A rule goes through so many log groups. */
const MOST_LOG_GROUPS = 20;

/** What owners are told apart by, and what of them is added up. */
interface Contribution {
  readonly id: string;
  /** What is added up of the field, else how many lines there are. */
  readonly sumOf?: string;
  readonly filters: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

const WORK: Contribution = {
  id: 'OwnersWork',
  sumOf: '$.duration_ms',
  filters: [{ Match: '$.message', In: ['attempt ended'] }, { Match: '$.duration_ms', GreaterThan: 0 }],
};
const FAILURES: Contribution = {
  id: 'OwnersFailures',
  filters: [{ Match: '$.error_type', IsPresent: true }, { Match: '$.owner', IsPresent: true }],
};

/**
 * What is seen of owners: how many there are, and what the largest has of the whole. Who they are is told by Contributor Insights in the console, or
 * by the saved queries.
 */
export interface OwnerMetrics {
  /** Rules of Contributor Insights, by whose names the console shows the owners. */
  readonly rules: CfnInsightRule[];
  /** How many owners had attempts that ended. */
  readonly owners: IMetric;
  /** The time of all attempts together, in milliseconds. */
  readonly work: IMetric;
  /** That of the owner who had most of it. */
  readonly largestWork: IMetric;
  /** How many owners had attempts that failed. */
  readonly failingOwners: IMetric;
  /** The failures of the owner who had most of them. */
  readonly largestFailures: IMetric;
}

/**
 * Rules of Contributor Insights by owner: who has how much of the work, and who has the failures. Each costs $0.50 a month, and $0.02 for a million
 * lines that match.
 *
 * @returns nothing where nothing is logged of jobs
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html
 */
export function createContributorRules(scope: Construct, things: readonly Logging[]): OwnerMetrics | undefined {
  const names = logGroupsOf(scope, things, [LogKind.JOBS]).map(({ logGroupName }) => logGroupName);
  if (names.length === 0) {
    return undefined;
  }
  const parts = chunks(names, MOST_LOG_GROUPS);
  const [work, failures] = [WORK, FAILURES].map((contribution) => parts.map((part, index) => createRule(scope, contribution, part, index)));
  return {
    rules: [...work!, ...failures!],
    owners: over(work!, 'UniqueContributors', 'owners with work', largest),
    work: over(work!, 'Sum', 'all work', added),
    largestWork: over(work!, 'MaxContributorValue', 'work of the largest owner', largest),
    failingOwners: over(failures!, 'UniqueContributors', 'owners with failures', largest),
    largestFailures: over(failures!, 'MaxContributorValue', 'failures of the owner with most', largest),
  };
}

function createRule(scope: Construct, { id, sumOf, filters }: Contribution, logGroupNames: readonly string[], index: number): CfnInsightRule {
  const name = `${id}${index === 0 ? '' : index + 1}`;
  const [dashboard, stack] = [Names.uniqueResourceName(scope, { maxLength: 60, separator: '-' }), Fn.select(2, Fn.split('/', Aws.STACK_ID))];
  return new CfnInsightRule(scope, name, {
    ruleName: `${dashboard}-${name}-${stack}`, // of which there is one in account and region
    ruleState: 'ENABLED',
    ruleBody: Stack.of(scope).toJsonString({
      Schema: { Name: 'CloudWatchLogRule', Version: 1 },
      LogGroupNames: logGroupNames,
      LogFormat: 'JSON',
      Contribution: { Keys: ['$.owner'], ...(sumOf !== undefined && { ValueOf: sumOf }), Filters: filters },
      AggregateOn: sumOf === undefined ? 'Count' : 'Sum',
    }),
  });
}

/** One figure of several rules. */
function over(rules: readonly CfnInsightRule[], metric: string, label: string, together: (parts: readonly string[]) => string): IMetric {
  return new MathExpression({ expression: together(rules.map(({ ruleName }) => `INSIGHT_RULE_METRIC("${ruleName}", "${metric}")`)), usingMetrics: {}, label });
}

/** An owner may be in several rules, so that the largest part of it is all that is sure. */
function largest(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `MAX([${parts.join(', ')}])`;
}

function added(parts: readonly string[]): string {
  return parts.join(' + ');
}
