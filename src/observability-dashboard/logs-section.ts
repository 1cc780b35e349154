import { Stack, Token } from 'aws-cdk-lib';
import { GraphWidget, LogQueryWidget, MathExpression, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { NO_INSIGHTS, type Insights } from './insights';
import { QUOTAS } from './quotas';
import type { Watched } from './watched';
import { withOwnIds } from '../internal/metric-ids';
import { LOG_QUERIES } from '../log-insights/log-queries';
import { COLORS } from '../monitoring/colors';
import { LogKind } from '../monitoring/monitored';

interface Question {
  readonly title: string;
  readonly query: string;
  readonly width: number;
}

/** What the lines of pipelines and workers answer at a glance; more is asked by the saved queries. */
const FIRST: Question = { ...LOG_QUERIES.latestErrors, width: 24 };
const OTHERS: readonly Question[] = [
  { ...LOG_QUERIES.failuresByType, width: 12 },
  { ...LOG_QUERIES.slowestJobs, width: 12 },
];

/**
 * What the logs of pipelines and workers say. Each query is paid for by what it reads, whenever the page is opened: where there are more log groups
 * than one query takes, the latest errors alone are asked for.
 */
export function logRows(scope: IConstruct, things: readonly Watched[], insights: Insights = NO_INSIGHTS): IWidget[][] {
  const groups = things.flatMap(({ monitoring: { logs } }) => logs ?? []).filter(({ kind }) => kind === LogKind.JOBS).map(({ logGroup }) => logGroup);
  const places = byPlace(scope, [...new Set(groups)]);
  const single = places.length === 1 && places[0]!.groups.length <= QUOTAS.logGroupsOfQuery;
  const parts = places.flatMap(({ groups: all, ...place }) => Array.from(
    { length: Math.ceil(all.length / QUOTAS.logGroupsOfQuery) },
    (_, part) => ({ ...place, groups: all.slice(part * QUOTAS.logGroupsOfQuery, (part + 1) * QUOTAS.logGroupsOfQuery) }),
  ));
  return [
    ...countRow(insights),
    ...parts.map((part, index) => [widgetOf(FIRST, part, parts.length > 1 ? ` (${index + 1} of ${parts.length})` : '')]),
    ...(single ? [OTHERS.map((question) => widgetOf(question, parts[0]!))] : []),
  ];
}

/** Since when there are errors, and whose work it is. */
function countRow({ errorLines, owners }: Insights): IWidget[][] {
  const graph = (title: string, left: IMetric[], right: IMetric[] = []) => (width: number) => new GraphWidget({
    title, left, right, leftYAxis: { min: 0, showUnits: false }, rightYAxis: { min: 0, max: 100, showUnits: false }, width, height: 6,
  });
  const graphs = [
    ...(errorLines.length > 0 ? [graph('Lines of errors', errorLines.map(({ metric }) => metric))] : []),
    ...(owners ? [
      graph('Owners', [owners.owners, withOwnIds(owners.failingOwners, 'failing', { color: COLORS.failed })], [new MathExpression({
        expression: '100 * largest / work', usingMetrics: { largest: owners.largestWork, work: owners.work }, label: 'the largest has of all work, %',
      })]),
    ] : []),
  ];
  return graphs.length > 0 ? [graphs.map((widget) => widget(QUOTAS.width / graphs.length))] : [];
}

/** Where logs are, if not where the page is. */
interface Place {
  readonly account?: string;
  readonly region?: string;
  readonly groups: readonly ILogGroup[];
}

/** A query is asked in one region of one account. */
function byPlace(scope: IConstruct, groups: readonly ILogGroup[]): Place[] {
  const { account, region } = Stack.of(scope);
  const places = new Map<string, { account?: string; region?: string; groups: ILogGroup[] }>();
  for (const logGroup of groups) {
    const place = { account: elsewhere(logGroup.env.account, account), region: elsewhere(logGroup.env.region, region) };
    const key = JSON.stringify(place);
    places.set(key, { ...place, groups: [...places.get(key)?.groups ?? [], logGroup] });
  }
  return [...places.values()];
}

/** A name that is known to be another one. */
function elsewhere(given: string, own: string): string | undefined {
  return Token.isUnresolved(given) || Token.isUnresolved(own) || given === own ? undefined : given;
}

function widgetOf({ title, query, width }: Question, { account, region, groups }: Place, part = ''): IWidget {
  return new LogQueryWidget({
    title: `${title}${part}`,
    logGroupNames: groups.map(({ logGroupName }) => logGroupName),
    queryString: query,
    accountId: account,
    region,
    width,
    height: 7,
  });
}
