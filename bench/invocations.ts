import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { LocalCloud } from '../e2e/local-cloud/local-cloud';

/** What an invocation of a function left in its log. */
export interface Invocation {
  /** Of the lines that the function itself wrote. */
  readonly bytes: number;
  /** As reported by whoever ran it. */
  readonly ms: number;
}

const START = /^START RequestId: /;
const END = /^END RequestId: /;
const REPORT = /^REPORT RequestId: .*\tDuration: ([\d.]+) ms/;

/** The invocations that a log tells of, in their order. */
export function invocationsOf(lines: readonly string[]): Invocation[] {
  const invocations: Invocation[] = [];
  let bytes = 0;
  for (const line of lines) {
    const report = REPORT.exec(line);
    if (report) {
      invocations.push({ bytes, ms: Number(report[1]) });
      bytes = 0;
    } else if (!START.test(line) && !END.test(line)) {
      bytes += Buffer.byteLength(line);
    }
  }
  return invocations;
}

export async function loggedInvocations(cloud: LocalCloud, logGroupName: string): Promise<Invocation[]> {
  const lines: string[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client: new CloudWatchLogsClient(cloud.clientConfig) }, { logGroupName })) {
    lines.push(...events.map(({ message = '' }) => message));
  }
  return invocationsOf(lines);
}
