import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { jobFunction } from './job-function';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { ENVIRONMENT } from '../runtime/wire/environment';

/** Whom a runner calls, and how long that may take. */
export interface RunnerProps {
  readonly pipelineName: string;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
  readonly called: lambda.IFunction;
  readonly calledTimeout: Duration;
  readonly timeout: Duration;
}

/** Entry of the runner. */
export const RUNNER_ENTRY = 'runner';

/** The function that has another one run each job: it may call that one. What an attempt may do it is granted as any processor is. */
export function runnerFunction(scope: Construct, id: string, props: RunnerProps): lambda.Function {
  const fn = jobFunction(scope, id, {
    entry: RUNNER_ENTRY,
    description: `Calls a function for each job of ${props.pipelineName}`,
    profile: props.profile,
    encryptionKey: props.encryptionKey,
    timeout: props.timeout,
    losesNothing: 'jobs come from a queue, which has a dead-letter queue of its own',
    environment: {
      [ENVIRONMENT.calledFunction]: props.called.functionArn,
      [ENVIRONMENT.calledTimeoutSeconds]: String(props.calledTimeout.toSeconds()),
    },
  });
  allowOwnQueue(fn);
  // By its exact name: grantInvoke would add all versions and aliases of the function.
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [props.called.functionArn] }));
  return fn;
}

/** A job that waits is sent to its own queue again. Lambda would take that for a loop and drop the message the 17th time; deadlines end it here. */
export function allowOwnQueue(fn: lambda.Function): void {
  (fn.node.defaultChild as lambda.CfnFunction).recursiveLoop = lambda.RecursiveLoop.ALLOW;
}

/** The same for the function that is called each time such a job comes round, unless it says something itself. One that is imported must. */
export function allowCallsAgain(fn: lambda.IFunction): void {
  const resource = fn.node.defaultChild;
  if (resource instanceof lambda.CfnFunction) {
    resource.recursiveLoop ??= lambda.RecursiveLoop.ALLOW;
  }
}
