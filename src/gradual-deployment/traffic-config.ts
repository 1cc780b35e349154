import { Stack } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import type { TrafficShift } from './deployment-options';

/** Minutes of those configurations with 10 percent that CodeDeploy has in every account. */
const PREDEFINED = { canary: [5, 10, 15, 30], linear: [1, 2, 3, 10] };

/**
 * Name of the configuration by which traffic moves: one that CodeDeploy has, else one that the stack makes. An account has room for 50 of its own,
 * so all of a stack that move alike share one.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configuration-lambda
 */
export function trafficConfig(scope: Construct, { kind, percent, interval }: TrafficShift): string {
  if (kind === 'all-at-once') {
    return 'CodeDeployDefault.LambdaAllAtOnce';
  }
  const minutes = interval.toMinutes();
  if (percent === 10 && PREDEFINED[kind].includes(minutes)) {
    return kind === 'canary'
      ? `CodeDeployDefault.LambdaCanary10Percent${minutes}Minutes`
      : `CodeDeployDefault.LambdaLinear10PercentEvery${minutes}Minute${minutes === 1 ? '' : 's'}`;
  }
  const stack = Stack.of(scope);
  const id = `JobWorks${kind === 'canary' ? 'Canary' : 'Linear'}${percent}Percent${minutes}Minutes`;
  const config = (stack.node.tryFindChild(id) as codedeploy.CfnDeploymentConfig | undefined) ?? new codedeploy.CfnDeploymentConfig(stack, id, {
    computePlatform: 'Lambda',
    trafficRoutingConfig: kind === 'canary'
      ? { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: percent, canaryInterval: minutes } }
      : { type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage: percent, linearInterval: minutes } },
  });
  return config.ref;
}
