import { Duration, Stack } from 'aws-cdk-lib';
import { ScalableTarget, ServiceNamespace } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Role } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { deployedAlias, liveAlias } from '../internal/live-alias';

/** How many invocations of a function stand ready: none if not given, up to `max…` where many are used. */
export interface Readiness {
  readonly provisionedConcurrency?: number;
  readonly maxProvisionedConcurrency?: number;
}

/** The share of what stands ready from which more is made ready. */
const BUSY = 0.7;

/** Lambda's own role for it, which is made with the first target of an account. */
const SCALING_ROLE = 'aws-service-role/lambda.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency';

/**
 * What callers of a function invoke: the function itself, or an alias of its newest version where invocations of it stand ready, or its versions
 * are deployed. A change of code or environment makes a new version, which takes the place of the last when it is ready.
 */
export function published(
  fn: lambda.Function, { provisionedConcurrency, maxProvisionedConcurrency }: Readiness = {}, isDeployed = false,
): lambda.IFunction {
  if (provisionedConcurrency === undefined) {
    return isDeployed ? deployedAlias(fn) : fn;
  }
  const alias = liveAlias(fn, provisionedConcurrency);
  if (maxProvisionedConcurrency !== undefined) {
    scale(alias, provisionedConcurrency, maxProvisionedConcurrency);
  }
  return alias;
}

/**
 * By the most that were busy in a minute: `addAutoScaling()` of the alias goes by their average, which calls of some milliseconds that come all at
 * once hardly move.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
function scale(alias: lambda.Alias, minCapacity: number, maxCapacity: number): void {
  const target = new ScalableTarget(alias, 'Scaling', {
    serviceNamespace: ServiceNamespace.LAMBDA,
    scalableDimension: 'lambda:function:ProvisionedConcurrency',
    resourceId: `function:${alias.functionName}`,
    minCapacity,
    maxCapacity,
    role: Role.fromRoleArn(alias, 'ServiceRole', Stack.of(alias).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: SCALING_ROLE })),
  });
  target.scaleToTrackMetric('Use', {
    customMetric: alias.metric('ProvisionedConcurrencyUtilization', { statistic: Stats.MAXIMUM, period: Duration.minutes(1) }),
    targetValue: BUSY,
  });
}
