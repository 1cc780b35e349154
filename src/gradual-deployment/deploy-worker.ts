import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Deployment } from './deployment';
import { beforeTrafficHook, type HookScope } from './deployment-hooks';
import type { GradualDeployment } from './gradual-deployment';
import { seconds } from '../internal/prop-rules';

/** To call it again where a permission is seconds old, and to answer CodeDeploy. */
const AROUND_SECONDS = 90;
const LONGEST_SECONDS = 900;

/** Has CodeDeploy move the traffic of a worker that has no pipeline. */
export function deployWorker(scope: Construct, given: GradualDeployment, hooks: HookScope, alias: lambda.Alias, percent: number): Deployment {
  const deployment = new Deployment(scope, 'Deployment', given);
  const call = given._options.smokeTest?._call;
  const timeout = seconds((alias.lambda as lambda.Function).timeout) ?? LONGEST_SECONDS;
  const before = call && beforeTrafficHook(
    deployment,
    hooks,
    [{ name: 'worker', function: alias.version.functionArn, event: call.event, answer: call.expectedAnswer }],
    Duration.seconds(Math.min(timeout + AROUND_SECONDS, LONGEST_SECONDS)),
  );
  deployment.deploy([{ name: 'Worker', label: hooks.name, alias, percent, isWorker: true }], { before });
  return deployment;
}
