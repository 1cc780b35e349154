import type { Construct } from 'constructs';
import type { ObservabilityDashboardProps } from './observability-dashboard-props';
import { QUOTAS } from './quotas';
import type { Watched } from './watched';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createContributorRules, type OwnerMetrics } from '../log-insights/contributor-rules';
import { createErrorFilters, type ErrorLines } from '../log-insights/error-filters';
import { logGroupsOf } from '../log-insights/log-groups';
import { createSavedQueries } from '../log-insights/saved-queries';
import { LogKind } from '../monitoring/monitored';

/** What the page shows of what was made of the logs. */
export interface Insights {
  readonly errorLines: readonly ErrorLines[];
  readonly owners?: OwnerMetrics;
  /** What was not made, in words. */
  readonly leftOut: readonly string[];
}

export const NO_INSIGHTS: Insights = { errorLines: [], leftOut: [] };

/** Saves queries, counts lines of errors and tells owners apart, as far as it is wanted, and as there is room for it. */
export function createInsights(scope: Construct, title: string, watched: readonly Watched[], props: ObservabilityDashboardProps): Insights {
  const things = watched.map(({ monitoring }) => monitoring);
  const groups = logGroupsOf(scope, things, [LogKind.JOBS]).length;
  const counts = props.errorLines ?? true;
  const owners = props.owners ?? EnvironmentProfile.of(scope).name !== EnvironmentProfile.dev().name;

  if (props.savedQueries ?? true) {
    createSavedQueries(scope, title, things);
  }
  return {
    errorLines: counts && groups <= QUOTAS.logGroupsCounted ? createErrorFilters(scope, things) : [],
    owners: owners && groups <= QUOTAS.logGroupsOfOwners ? createContributorRules(scope, things) : undefined,
    leftOut: [
      ...(counts && groups > QUOTAS.logGroupsCounted ? [`Lines of errors are not counted: of ${QUOTAS.logGroupsCounted} log groups at most, and there are ${groups}.`] : []),
      ...(owners && groups > QUOTAS.logGroupsOfOwners ? [`Owners are not told apart: in ${QUOTAS.logGroupsOfOwners} log groups at most, and there are ${groups}.`] : []),
    ],
  };
}
