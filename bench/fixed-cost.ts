import { readTemplates } from './templates';
import { PRICES } from '../src/pricing/prices';

const MONTH_SECONDS = 30 * 86_400;
const SWEEPER = { everySeconds: 300, queries: 16, seconds: 0.1, gigabytes: 0.5 };
/** Lambda keeps five connections waiting for each queue, each for up to 20 seconds. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const POLLING = { connections: 5, seconds: 20 };
/** Those of a pipeline in which nothing goes wrong; each that has counted something in a month is billed. */
const METRICS = ['JobsSubmitted', 'JobsSucceeded', 'JobDuration', 'QueueWait'];

/** What a pipeline costs in a month, whatever the number of its jobs: in dollars, by what it is for. */
export interface FixedCost {
  readonly sweeper: number;
  readonly queues: number;
  readonly watching: number;
  readonly firewall: number;
}

/** What is counted of alarms and firewalls. */
interface Billed {
  readonly Metrics?: readonly { readonly MetricStat?: unknown }[];
  readonly Rules?: readonly unknown[];
}

/** Counts what is billed by the month in the templates of a cloud assembly. */
export function fixedCost(assembly: string): FixedCost {
  const resources = [...readTemplates(assembly).values()].flatMap(({ Resources }) => Object.values(Resources));
  const all = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => (Properties ?? {}) as Billed);
  const judged = all('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsIn(alarm), 0);
  const rules = all('AWS::WAFv2::WebACL').map(({ Rules = [] }) => Rules.length);
  return {
    sweeper: MONTH_SECONDS / SWEEPER.everySeconds
      * (PRICES.lambdaRequest + SWEEPER.seconds * SWEEPER.gigabytes * PRICES.lambdaGbSecond + SWEEPER.queries * 0.5 * PRICES.dynamoDbRead),
    queues: all('AWS::Lambda::EventSourceMapping').length * POLLING.connections * MONTH_SECONDS / POLLING.seconds * PRICES.sqsRequest,
    watching: judged * PRICES.alarmMetric + METRICS.length * PRICES.metric + all('AWS::KMS::Key').length * PRICES.key,
    firewall: rules.reduce((sum, count) => sum + PRICES.webAcl + count * PRICES.webAclRule, 0),
  };
}

/** An alarm on one metric, or on an expression over several. */
function metricsIn({ Metrics = [] }: Billed): number {
  return Math.max(1, Metrics.filter(({ MetricStat }) => MetricStat).length);
}
