import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { SmokeTest } from './smoke-test';

/** What is looked at while a new version takes over, and who is told. */
export interface GradualDeploymentOptions {
  /**
   * A job that a pipeline runs, or an event that a worker is called with: where it does not end as it should, the deployment is rolled back.
   *
   * @default - none. New versions of a pipeline's functions are checked before they get traffic all the same: each must start, read its settings
   * and reach the store
   */
  readonly smokeTest?: SmokeTest;

  /**
   * Who is told that a deployment has started, succeeded, failed, or was stopped or rolled back.
   *
   * @default - nobody
   */
  readonly notify?: sns.ITopic;

  /**
   * Further alarms of yours for which a deployment is rolled back, 9 at most. While one of them rings no deployment starts, not even one that
   * would mend it.
   *
   * @default - only those of the new version
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Whether a deployment is rolled back while it goes on when the new version fails too often. It has an alarm of its own for each function, which
   * sees the new version alone.
   *
   * @default true
   */
  readonly rollbackOnAlarms?: boolean;

  /**
   * A function of your own that is called before the new version of the worker gets any traffic, and tells CodeDeploy whether to go on. It is
   * given the permission to.
   *
   * @default - the check of a pipeline, or `SmokeTest.call()`
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
   */
  readonly beforeTraffic?: lambda.IFunction;

  /**
   * A function of your own that is called when the new version of the worker has all traffic. Instead of `SmokeTest.job()`.
   *
   * @default - `smokeTest`, if there is one
   */
  readonly afterTraffic?: lambda.IFunction;
}

/** How a part of the traffic goes ahead. */
export interface CanaryDeploymentOptions extends GradualDeploymentOptions {
  /**
   * How much of the traffic the new version gets first, 1 to 99 percent.
   *
   * @default 10
   */
  readonly percent?: number;

  /**
   * How long until it gets the rest: whole minutes, 1 minute to 2 days. Less than 5 minutes gets a warning.
   *
   * @default Duration.minutes(10)
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
   */
  readonly interval?: Duration;
}

/** How the traffic moves step by step. */
export interface LinearDeploymentOptions extends GradualDeploymentOptions {
  /**
   * How much more of the traffic the new version gets with each step, 1 to 99 percent.
   *
   * @default 10
   */
  readonly percent?: number;

  /**
   * How long a step takes: whole minutes, from 1 minute on. All steps together take 2 days at most.
   *
   * @default Duration.minutes(2)
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
   */
  readonly interval?: Duration;
}

/** How traffic moves to a new version. */
export interface TrafficShift {
  readonly kind: 'canary' | 'linear' | 'all-at-once';
  readonly percent: number;
  readonly interval: Duration;
}
