import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { JobGateway } from './job-gateway';
import { callsPart, callTimePart } from '../monitoring/api-metrics';
import { DashboardSection, type DashboardRow } from '../monitoring/monitored';
import { graph, logs, rows, type Line } from '../monitoring/widgets';

/** What callers of a job API see: all calls, then each route; what was throttled, and every percentile of each route, from the access log. */
export function apiRows(name: string, api: JobGateway, lines: readonly Line[]): DashboardRow[] {
  const { API } = DashboardSection;
  const byRoute = (what: 'clientError' | 'serverError' | 'latency', statistic: string) =>
    api.endpoints.map(({ label, metric }) => metric(what, { label, statistic }));
  return [
    ...rows(API,
      callsPart(name, api, lines),
      callTimePart(name, api),
      logs(`${name}: throttled calls`, [api.accessLogs], ['filter status = 429', 'stats count(*) as throttled by bin(5m)'], 'LINE'),
    ),
    ...rows(API,
      graph(`${name}: 4xx by route`, { left: byRoute('clientError', Stats.SUM) }),
      graph(`${name}: 5xx by route`, { left: byRoute('serverError', Stats.SUM) }),
      graph(`${name}: time of a call by route, p90`, { left: byRoute('latency', 'p90'), unit: 'ms' }),
    ),
    ...rows(API,
      logs(`${name}: calls by route`, [api.accessLogs], [
        'stats count(*) as calls, pct(latency_ms, 50) as p50_ms, pct(latency_ms, 90) as p90_ms, pct(latency_ms, 99) as p99_ms by method, route',
        'sort calls desc',
      ]),
      logs(`${name}: what was refused or failed`, [api.accessLogs], [
        'filter status >= 400', 'stats count(*) as calls by status, error, method, route', 'sort calls desc', 'limit 20',
      ]),
    ),
  ];
}
