import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { COLORS } from './colors';
import { factsOf } from './function-facts';
import { graph, logs, percentiles, type Line, type Part } from './widgets';

/** What is shown of one function beside what is known of it. */
export interface FunctionWidgetOptions {
  /** How many invocations somebody lets run at once, where that is not what is reserved. */
  readonly concurrencyLimit?: number;
  /** Values from which alarms ring. */
  readonly lines?: { readonly duration?: Line; readonly throttles?: Line; readonly concurrency?: Line };
}

/** A function from what it was asked to how long it took. */
export function functionParts(title: string, fn: IFunction, { concurrencyLimit, lines = {} }: FunctionWidgetOptions = {}): Part[] {
  const { unqualified, timeoutMillis, reservedConcurrency } = factsOf(fn);
  return [
    graph(`${title}: invocations`, {
      left: [
        fn.metricInvocations({ label: 'invocations', color: COLORS.arrived }),
        fn.metricErrors({ label: 'failed', color: COLORS.failed }),
        fn.metricThrottles({ label: 'throttled', color: COLORS.throttled }),
      ],
      lines: there(lines.throttles),
    }),
    graph(`${title}: running at once`, {
      left: [unqualified.metric('ConcurrentExecutions', { statistic: Stats.MAXIMUM, label: 'at once' })],
      lines: [{ label: 'limit', value: concurrencyLimit }, { label: 'reserved', value: reservedConcurrency }, ...there(lines.concurrency)],
    }),
    graph(`${title}: time of an invocation`, {
      left: percentiles((options) => fn.metricDuration(options)),
      unit: 'ms',
      lines: [{ label: 'timeout', value: timeoutMillis }, ...there(lines.duration)],
    }),
  ];
}

/** Memory and cold starts, of which CloudWatch has no metric: Lambda writes them into the log. None without a log group that is known. */
export function reportParts(title: string, functions: readonly IFunction[]): Part[] {
  const facts = functions.map(factsOf).filter(({ logGroup }) => logGroup !== undefined);
  const json = facts.filter(({ logsJson }) => logsJson);
  const lines = facts.filter(({ logsJson }) => !logsJson);
  return [{ of: lines, fields: TEXT_FIELDS }, { of: json, fields: JSON_FIELDS }].flatMap(({ of, fields }) => (of.length === 0 ? [] : [
    logs(`${title}: memory, MB`, of.map(({ logGroup }) => logGroup!), [
      fields.only, `stats max(${fields.used}) as used, max(${fields.size}) as limit by bin(5m)`,
    ], 'LINE'),
    logs(`${title}: cold starts`, of.map(({ logGroup }) => logGroup!), [
      `${fields.only} and ispresent(${fields.init})`, `stats count(*) as starts, max(${fields.init}) as longest_ms by bin(1h) as hour_utc`, 'sort hour_utc desc',
    ]),
  ]));
}

/** Several functions in a graph each of what may go wrong with them. */
export function functionsParts(title: string, functions: readonly (readonly [name: string, fn: IFunction])[]): Part[] {
  return [
    graph(`${title}: failed`, { left: functions.map(([label, fn]) => fn.metricErrors({ label })) }),
    graph(`${title}: throttled`, { left: functions.map(([label, fn]) => fn.metricThrottles({ label })) }),
    graph(`${title}: longest invocation`, { left: functions.map(([label, fn]) => fn.metricDuration({ statistic: Stats.MAXIMUM, label })), unit: 'ms' }),
  ];
}

/** Lambda's report of an invocation: as a line of text, whose fields CloudWatch Logs finds by itself, in bytes, or as JSON. */
const TEXT_FIELDS = { only: 'filter @type = "REPORT"', used: '@maxMemoryUsed / 1000000', size: '@memorySize / 1000000', init: '@initDuration' } as const;
const JSON_FIELDS = {
  only: 'filter type = "platform.report"', used: 'record.metrics.maxMemoryUsedMB', size: 'record.metrics.memorySizeMB', init: 'record.metrics.initDurationMs',
} as const;

function there(line: Line | undefined): Line[] {
  return line ? [line] : [];
}
