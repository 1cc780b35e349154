import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { METRIC, METRICS_NAMESPACE, PIPELINE_DIMENSION, VERSION_DIMENSION } from '../runtime/wire/metrics';

/** What the alarm of a new version judges. */
export interface JudgedVersion {
  /** What it is of, as its user reads it. */
  readonly label: string;
  readonly alias: lambda.Alias;
  readonly percent: number;
  /** Name of the pipeline whose metrics count what failed without an error of the function; none of a worker that has no pipeline. */
  readonly pipelineName?: string;
  /** Whether it is also called by those whom it refuses by an error, which is none of the version's. */
  readonly refuses?: boolean;
}

/** So many calls must have failed: one is no share. */
const FLOOR = 3;
const PERIOD_MINUTES = 5;

/**
 * The alarm that rings when a new version fails too often, and never for the one that it takes the place of: CodeDeploy starts no deployment while
 * an alarm of its group rings, so one that judges the old version would be in the way of what mends it. It knows the new version, and so comes
 * to nothing anew with each deployment.
 *
 * An attempt that fails is no error to Lambda, as the layer has written it down; nor is a request that is answered with a 5xx. The functions count
 * both by their version.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function versionAlarm(scope: Construct, id: string, { label, alias, percent, pipelineName, refuses }: JudgedVersion): cloudwatch.Alarm {
  const fn = alias.lambda;
  const { version } = alias.version;
  const period = Duration.minutes(PERIOD_MINUTES);
  const ofVersion = (metricName: string) => new cloudwatch.Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: fn.functionName, Resource: `${fn.functionName}:${alias.aliasName}`, ExecutedVersion: version },
    statistic: cloudwatch.Stats.SUM,
    period,
  });
  const counted: Record<string, cloudwatch.IMetric> = pipelineName === undefined ? {} : {
    failures: new cloudwatch.Metric({
      namespace: METRICS_NAMESPACE,
      metricName: METRIC.versionFailures,
      dimensionsMap: { [PIPELINE_DIMENSION]: pipelineName, [VERSION_DIMENSION]: `${fn.functionName}:${version}` },
      statistic: cloudwatch.Stats.SUM,
      period,
    }),
  };
  // half of all calls: whoever is refused now and then does not undo a deployment, and a version that cannot start fails every time
  const errors = refuses ? 'IF(2 * errors >= invocations, errors, 0)' : 'errors';
  const failed = pipelineName === undefined ? errors : `(${errors} + FILL(failures, 0))`;
  return new cloudwatch.Alarm(scope, id, {
    metric: new cloudwatch.MathExpression({
      expression: `IF(${failed} >= ${FLOOR}, 100 * ${failed} / invocations, 0)`,
      usingMetrics: { invocations: ofVersion('Invocations'), errors: ofVersion('Errors'), ...counted },
      label: 'New version: failed, %',
      period,
    }),
    threshold: percent,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: `${label}: the newest version fails too often, in percent of its calls. A deployment that is under way is rolled back. Look at the log of the function.`,
  });
}
