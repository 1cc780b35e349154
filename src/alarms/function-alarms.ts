import { Stats, type Alarm, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { createFunctionAlarms, ERRORS_FLOOR, functionAlarmDefaults } from './create-function-alarms';
import type { FunctionAlarmOptions } from './function-alarm-options';
import { monitorFunction } from './function-monitoring';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { checkAlarmOptions, checkJudged, monitoredAlarms } from '../internal/alarm-factory';
import { checkAlarmActions } from '../internal/arguments';
import { ALARM, PROFILE } from '../internal/common-kinds';
import { readFunction, type ExistingFunction } from '../internal/existing-function';
import { concurrentExecutions, errorRate } from '../internal/function-metrics';
import { known, PropRules, seconds } from '../internal/prop-rules';
import { warnOfUnknownProps } from '../internal/unknown-props';
import { constructKind, required, structKind, TEXT, type KindsOf } from '../internal/value-kinds';
import type { IMonitored, Monitoring } from '../monitoring/monitored';

/** What a function is alarmed on. */
export interface FunctionAlarmsProps {
  /** The function, a version or an alias of it; also an imported one, of which neither timeout nor reserved concurrency are known. */
  readonly function: IFunction;

  /**
   * Tunes or removes alarms. All of them are created otherwise.
   *
   * @default - all alarms with their own limits
   */
  readonly alarms?: FunctionAlarmOptions;

  /**
   * What the function is called in the descriptions of its alarms.
   *
   * @default - its path
   */
  readonly label?: string;

  /**
   * The environment that limits are for.
   *
   * @default - that of the construct around it, or EnvironmentProfile.prod()
   */
  readonly profile?: EnvironmentProfile;
}

/** What kind of value each alarm's tuning is. */
export const FUNCTION_ALARMS = structKind<FunctionAlarmOptions>('{ throttles: { enabled: false } }', {
  errors: ALARM, throttles: ALARM, duration: ALARM, reservedConcurrency: ALARM,
}, 'alarm by alarm');

const KINDS: KindsOf<FunctionAlarmsProps> = {
  function: required(constructKind('lambda.IFunction', 'functionArn', 'fn', 'with const fn = new lambda.Function(…)')),
  alarms: FUNCTION_ALARMS,
  label: TEXT,
  profile: PROFILE,
};

/**
 * The alarms of a function: that it fails, is throttled, comes near its timeout, or uses 90 % of the concurrency that is reserved for it. A
 * `QueuedLambdaWorker`, the worker of a `JobProcessingPipeline` and the functions of `JobSteps` have them already.
 *
 * @example
 * declare const extract: lambda.Function;
 * declare const topic: sns.Topic;
 *
 * const alarms = new FunctionAlarms(this, 'ExtractAlarms', { function: extract });
 * alarms.addAlarmAction(new cloudwatch_actions.SnsAction(topic));
 */
export class FunctionAlarms extends Construct implements IMonitored {
  /** Too many invocations fail; undefined if it was removed. */
  public readonly errors?: Alarm;
  /** Invocations are throttled; undefined if it was removed. */
  public readonly throttles?: Alarm;
  /** The slowest invocation comes near the timeout; undefined if it was removed, or the timeout is not known. */
  public readonly duration?: Alarm;
  /** Nearly all of the reserved concurrency is in use; undefined if it was removed, or fewer than 2 are reserved, or that is not known. */
  public readonly reservedConcurrency?: Alarm;

  private readonly fn: IFunction;
  private readonly label: string;

  /**
   * Creates the alarms that were not removed.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props the function, and what is tuned
   * @throws an error that lists every contradiction in the props
   */
  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const rules = new PropRules(this);
    rules.kinds(props, KINDS);
    checkFunctionAlarms(rules, props.alarms);
    rules.throwIfBroken();
    if (new.target === FunctionAlarms) {
      checkFunctionJudged(rules, props.alarms, readFunction(props.function));
      rules.throwIfBroken();
      warnOfUnknownProps(this, 'cdk-jobworks:functionAlarms.unknownProps', props, KINDS);
    }

    const { function: fn, alarms, label = fn.node.path, profile = EnvironmentProfile.of(this) } = props;
    this.fn = fn;
    this.label = label;
    const { unqualified, timeout, reservedConcurrency } = readFunction(fn);
    const created = createFunctionAlarms(this, {
      kind: 'function',
      label,
      errorRate: (options) => errorRate(fn, options, ERRORS_FLOOR),
      throttles: (options) => fn.metricThrottles(options),
      duration: (options) => fn.metricDuration({ statistic: Stats.MAXIMUM, ...options }),
      concurrentExecutions: (options) => concurrentExecutions(unqualified, options),
      errorRatePercent: profile.errorRatePercent,
      timeoutSeconds: seconds(timeout),
      reservedConcurrency: known(reservedConcurrency),
      help: { errors: 'See its log', throttles: "Raise the function's or the account's limit, or call it less often at once" },
    }, alarms);
    this.errors = created.errors;
    this.throttles = created.throttles;
    this.duration = created.duration;
    this.reservedConcurrency = created.reservedConcurrency;
  }

  /**
   * Gives every alarm something to do when it rings, such as `new SnsAction(topic)`.
   *
   * @param actions what to do
   */
  public addAlarmAction(...actions: IAlarmAction[]): void {
    checkAlarmActions(this, actions);
    for (const alarm of this.inOrder) {
      alarm?.addAlarmAction(...actions);
    }
  }

  /**
   * What there is to watch of the function, for a dashboard.
   *
   * @returns its alarms, its part of the page, its log and costs
   */
  public monitor(): Monitoring {
    return monitorFunction(this.label, this.fn, this, monitoredAlarms(this.inOrder));
  }

  private get inOrder(): (Alarm | undefined)[] {
    return [this.errors, this.throttles, this.duration, this.reservedConcurrency];
  }
}

/** Alarms that were tuned of what is not known of the function, or not there. */
export function checkFunctionJudged(
  rules: PropRules, options: FunctionAlarmOptions = {}, { timeout, reservedConcurrency }: Pick<ExistingFunction, 'timeout' | 'reservedConcurrency'>,
): void {
  checkJudged(rules, 'alarms.duration', options.duration, seconds(timeout) === undefined ? 'a timeout that is known at synthesis' : undefined);
  checkJudged(rules, 'alarms.reservedConcurrency', options.reservedConcurrency, (known(reservedConcurrency) ?? 0) < 2 ? 'reserved concurrency of 2 or more' : undefined);
}

/** The rules that tuned alarms may break. */
export function checkFunctionAlarms(rules: PropRules, options: FunctionAlarmOptions = {}): void {
  for (const [name, defaults] of Object.entries(functionAlarmDefaults())) {
    checkAlarmOptions(rules, `alarms.${name}`, options[name as keyof FunctionAlarmOptions], defaults);
  }
}
