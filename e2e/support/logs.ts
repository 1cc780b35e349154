import { CloudWatchLogsClient, paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { LocalCloud } from '../local-cloud/local-cloud';

export interface LogLine {
  readonly group: string;
  readonly text: string;
}

/** Every line of every log group. */
export async function allLogLines(cloud: LocalCloud): Promise<LogLine[]> {
  const client = new CloudWatchLogsClient(cloud.clientConfig);
  const lines: LogLine[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {})) {
    for (const { logGroupName: group = '' } of logGroups) {
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName: group })) {
        lines.push(...events.map(({ message = '' }) => ({ group, text: message })));
      }
    }
  }
  return lines;
}

/** Lines that hold what no line may. */
export function linesWith(lines: readonly LogLine[], secrets: readonly string[]): LogLine[] {
  return lines.filter(({ text }) => secrets.some((secret) => text.includes(secret)));
}
