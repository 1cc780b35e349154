import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { isHere, logGroupsOf, type Logging } from './log-groups';
import { LOG_QUERIES, type KnownQuery } from './log-queries';

/**
 * A query goes through so many log groups at once.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export const MOST_LOG_GROUPS = 50;

/** Things that have folders of their own: of more, their queries would be too many for a template, and for whoever looks for one. */
const MOST_FOLDERS = 10;

/** Divides folders in the name of a query, which has 255 characters at most and two of these, and no colon or asterisk. */
const DIVIDER = '/';
const MOST_PART_LENGTH = 84;

/**
 * Saves queries, for whoever looks for a cause: those that all log groups of a kind have, and the things' own. They stand in a folder, in the console
 * under "Saved and sample queries". Where there are more log groups than one query takes, each thing has its own queries in a folder below;
 * where there are many things besides, whoever asks a query chooses its log groups.
 *
 * @param folder such as the dashboard's name
 */
export function createSavedQueries(scope: Construct, folder: string, things: readonly Logging[]): CfnQueryDefinition[] {
  const known = Object.entries<KnownQuery>(LOG_QUERIES).flatMap(([id, query]) => {
    const all = logGroupsOf(scope, things, query.kinds);
    if (all.length <= MOST_LOG_GROUPS) {
      return createQuery(scope, id, [folder, query.title], query.query, all);
    }
    if (things.length > MOST_FOLDERS) {
      return createQuery(scope, id, [folder, query.title], query.query, 'chosen later');
    }
    return things.flatMap((thing, index) => createQuery(
      scope, `${id}Of${index + 1}`, [folder, thing.title, query.title], query.query, logGroupsOf(scope, [thing], query.kinds).slice(0, MOST_LOG_GROUPS),
    ));
  });
  const own = things.flatMap(({ title, logs = [], queries = [] }, index) => queries.flatMap((query, number) => {
    const groups = (query.logGroups ?? logs.map(({ logGroup }) => logGroup)).filter((group) => isHere(scope, group));
    return createQuery(scope, `Own${index + 1}Query${number + 1}`, [folder, title, query.title], query.query, groups.slice(0, MOST_LOG_GROUPS));
  }));
  return [...known, ...own];
}

/** None where nothing is logged that it could be asked of. */
function createQuery(
  scope: Construct, id: string, path: readonly string[], queryString: string, groups: readonly ILogGroup[] | 'chosen later',
): CfnQueryDefinition[] {
  if (groups.length === 0) {
    return [];
  }
  return [new CfnQueryDefinition(scope, `${id[0]!.toUpperCase()}${id.slice(1)}`, {
    name: path.map((part) => part.replace(/[/:*]/g, '-').slice(0, MOST_PART_LENGTH)).join(DIVIDER),
    queryString,
    logGroupNames: groups === 'chosen later' ? undefined : groups.map(({ logGroupName }) => logGroupName),
  })];
}
