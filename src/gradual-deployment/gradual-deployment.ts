import { Duration } from 'aws-cdk-lib';
import { ALL_AT_ONCE_KINDS, SHIFT_KINDS } from './deployment-kinds';
import type { CanaryDeploymentOptions, GradualDeploymentOptions, LinearDeploymentOptions, TrafficShift } from './deployment-options';
import { checkOptions } from '../internal/prop-rules';
import { structKind, type GivenOptions } from '../internal/value-kinds';

/**
 * How new versions of functions take over: a part of the traffic first, the rest when that went well, and back at once when it did not.
 *
 * AWS CodeDeploy does it whenever a deployment of the app changes the code, the layers or the settings of a function. The first deployment has
 * nothing to move from. `cdk deploy` waits for the end, and what was rolled back fails it.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
 *
 * @example
 * declare const analyse: lambda.Function;
 *
 * new JobProcessingPipeline(this, 'Jobs', {
 *   processor: JobProcessor.inFunction(analyse),
 *   deployment: GradualDeployment.canary({
 *     smokeTest: SmokeTest.job({ payload: { url: 'https://example.com/sample.pdf' } }),
 *   }),
 * });
 */
export class GradualDeployment {
  /**
   * A part of the traffic first, and after a while the rest.
   *
   * @param options how much and how long, and what is looked at
   * @returns the way to deploy
   */
  public static canary(options: CanaryDeploymentOptions = {}): GradualDeployment {
    checkOptions('GradualDeployment.canary()', options, SHIFT_KINDS);
    const { percent = 10, interval = Duration.minutes(10) } = options;
    return new GradualDeployment({ kind: 'canary', percent, interval }, options, [': canary()', options, structKind('GradualDeployment.canary()', SHIFT_KINDS)]);
  }

  /**
   * The same part of the traffic more with each step, until it is all.
   *
   * @param options how much and how long, and what is looked at
   * @returns the way to deploy
   */
  public static linear(options: LinearDeploymentOptions = {}): GradualDeployment {
    checkOptions('GradualDeployment.linear()', options, SHIFT_KINDS);
    const { percent = 10, interval = Duration.minutes(2) } = options;
    return new GradualDeployment({ kind: 'linear', percent, interval }, options, [': linear()', options, structKind('GradualDeployment.linear()', SHIFT_KINDS)]);
  }

  /**
   * All traffic at once, after the check of the new version and before the smoke test: for an environment where nobody waits. Alarms hardly
   * have the time to ring.
   *
   * @param options what is looked at
   * @returns the way to deploy
   */
  public static allAtOnce(options: GradualDeploymentOptions = {}): GradualDeployment {
    checkOptions('GradualDeployment.allAtOnce()', options, ALL_AT_ONCE_KINDS);
    const given: GivenOptions = [': allAtOnce()', options, structKind('GradualDeployment.allAtOnce()', ALL_AT_ONCE_KINDS)];
    return new GradualDeployment({ kind: 'all-at-once', percent: 100, interval: Duration.minutes(0) }, options, given);
  }

  private constructor(
    /** @internal */
    public readonly _shift: TrafficShift,
    /** @internal */
    public readonly _options: GradualDeploymentOptions,
    /** @internal */
    public readonly _given: GivenOptions,
  ) {}
}
