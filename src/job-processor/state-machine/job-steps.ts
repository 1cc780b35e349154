import { Duration, Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { monitorSteps, stepAlarmOptions } from './steps-monitoring';
import type { FunctionAlarmOptions } from '../../alarms/function-alarm-options';
import { checkFunctionAlarms, FUNCTION_ALARMS, FunctionAlarms } from '../../alarms/function-alarms';
import { EnvironmentProfile } from '../../environment-profile/environment-profile';
import { acknowledge } from '../../internal/acknowledge';
import { ENCRYPTION_KEY, PROFILE } from '../../internal/common-kinds';
import { createLogGroup, vendedLogName } from '../../internal/log-group';
import { PropRules } from '../../internal/prop-rules';
import { warnOfUnknownProps } from '../../internal/unknown-props';
import { constructKind, DURATION, listKind, numberKind, required, type KindsOf } from '../../internal/value-kinds';
import type { IMonitored, Monitoring } from '../../monitoring/monitored';

/** What a chain of functions is made from. */
export interface JobStepsProps {
  /**
   * The functions, in their order: 1 to 50. Each gets what the execution began with (`job_id`, `payload`, `attempt`, `correlation_id`, …) and, as
   * `result`, what the one before has returned; what the last one returns is the result of the job. Step Functions passes on up to 256 KiB.
   */
  readonly functions: lambda.IFunction[];

  /**
   * Called when a function has failed for good, with the same and `error` (`{Error, Cause}`) beside, for what has to be tidied up or told. The
   * execution fails afterwards with that error.
   *
   * @default - the execution fails, and nothing is called before
   */
  readonly onFailure?: lambda.IFunction;

  /**
   * How long an execution may take, 1 second to 365 days.
   *
   * @default Duration.hours(1)
   */
  readonly timeout?: Duration;

  /**
   * How often a function is called in all when it fails, 1 to 10. One that throws an error by the name of `JobFailed` is not called again.
   *
   * @default 3
   */
  readonly maxAttempts?: number;

  /**
   * The pause after a function has failed for the first time, 1 second to 1 hour; it doubles each time, and a part of it is left to chance.
   *
   * @default Duration.seconds(2)
   */
  readonly firstDelay?: Duration;

  /**
   * Tunes or removes the alarms that each function has, those of `onFailure` too. One whose number fits only one of the functions is removed here,
   * and made with `FunctionAlarms` of that function.
   *
   * @default - all alarms with their own limits
   */
  readonly alarms?: FunctionAlarmOptions;

  /**
   * The environment that defaults are for.
   *
   * @default - that of the construct around it, or EnvironmentProfile.prod()
   */
  readonly profile?: EnvironmentProfile;

  /**
   * The key that encrypts the log group.
   *
   * @default - encryption managed by CloudWatch Logs
   */
  readonly encryptionKey?: kms.IKey;
}

const FUNCTION = constructKind('lambda.IFunction', 'functionArn', 'fn', 'with const fn = new lambda.Function(…)');

const KINDS: KindsOf<JobStepsProps> = {
  functions: required(listKind(FUNCTION)),
  onFailure: FUNCTION,
  timeout: DURATION,
  maxAttempts: numberKind(3),
  firstDelay: DURATION,
  alarms: FUNCTION_ALARMS,
  profile: PROFILE,
  encryptionKey: ENCRYPTION_KEY,
};

const MOST_FUNCTIONS = 50;
const LONGEST_DELAY = 300;

/** The alarms of one step, tuned for all of them: what only some of them can judge is no mistake. */
class StepAlarms extends FunctionAlarms {}

/** Where what a function has returned, and an error, stand in what the next one gets. */
const RESULT = '$.result';
const ERROR = '$.error';

/**
 * The usual state machine of a job: some functions one after the other, each tried again with a growing pause, and a way to tell of a failure.
 * With logs of every event (and none of what was worked on), traced, and with alarms of each function. For anything else use `sfn.StateMachine`
 * itself.
 *
 * @example
 * declare const readText: lambda.Function;
 * declare const extract: lambda.Function;
 * declare const complete: lambda.Function;
 *
 * const steps = new JobSteps(this, 'Steps', { functions: [readText, extract, complete], timeout: Duration.minutes(30) });
 * new JobProcessingPipeline(this, 'Jobs', {
 *   processor: JobProcessor.runStateMachine(steps.stateMachine, { maxConcurrency: 10 }),
 * });
 */
export class JobSteps extends Construct implements IMonitored {
  /** For `JobProcessor.runStateMachine()`. */
  public readonly stateMachine: sfn.StateMachine;
  /** The alarms of each function in their order, those of `onFailure` last: once where it is several steps, none where it is of another account. */
  public readonly alarms: FunctionAlarms[];

  private readonly logGroup: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: JobStepsProps) {
    super(scope, id);
    checkSteps(this, props);
    if (new.target === JobSteps) {
      warnOfUnknownProps(this, 'cdk-jobworks:jobSteps.unknownProps', props, KINDS);
    }
    const profile = props.profile ?? EnvironmentProfile.of(this);
    const functions = [...props.functions, ...(props.onFailure ? [props.onFailure] : [])];
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') });
    this.logGroup = createLogGroup(this, 'Logs', {
      logGroupName: vendedLogName(this, 'states'),
      retention: profile.logRetention,
      removalPolicy: profile.removalPolicy,
      encryptionKey: props.encryptionKey,
    });
    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      definitionBody: sfn.DefinitionBody.fromChainable(this.chain(props)),
      stateMachineType: sfn.StateMachineType.STANDARD,
      timeout: props.timeout ?? Duration.hours(1),
      tracingEnabled: true,
      role: role.withoutPolicyUpdates(), // what the CDK adds allows every version of each function
      logs: {
        level: sfn.LogLevel.ALL,
        includeExecutionData: false,
        destination: this.logGroup,
      },
    });
    this.stateMachine.node.addDependency(this.allow(role, functions));
    this.alarms = [...new Set(functions)]
      .filter((fn) => !isElsewhere(this, fn))
      .map((fn, index) => new StepAlarms(this, `Alarms${index + 1}`, { function: fn, alarms: stepAlarmOptions(props.alarms), profile }));
  }

  /**
   * What there is to watch of the steps, for a dashboard: executions, and each function.
   *
   * @returns their alarms, their part of the page, logs and costs
   */
  public monitor(): Monitoring {
    const { stateMachine, alarms, node } = this;
    return monitorSteps(node.path, stateMachine, this.logGroup, alarms.map((each) => each.monitor()));
  }

  /**
   * Gives the alarms of every function something to do when they ring, such as `new SnsAction(topic)`.
   *
   * @param actions what to do
   */
  public addAlarmAction(...actions: cloudwatch.IAlarmAction[]): void {
    for (const alarms of this.alarms) {
      alarms.addAlarmAction(...actions);
    }
  }

  private chain({ functions, onFailure, maxAttempts = 3, firstDelay = Duration.seconds(2) }: JobStepsProps): sfn.IChainable {
    const retried = (task: tasks.LambdaInvoke) => {
      task.addRetry({ errors: ['JobFailed'], maxAttempts: 0 });
      if (maxAttempts > 1) {
        task.addRetry({
          errors: ['States.ALL'],
          maxAttempts: maxAttempts - 1,
          interval: firstDelay,
          backoffRate: 2,
          maxDelay: Duration.seconds(Math.max(LONGEST_DELAY, firstDelay.toSeconds() + 1)),
          jitterStrategy: sfn.JitterType.FULL,
        });
      }
      return task;
    };
    const task = (id: string, fn: lambda.IFunction, resultPath: string, more: Partial<tasks.LambdaInvokeProps> = {}) => retried(
      new tasks.LambdaInvoke(this, id, { lambdaFunction: fn, payloadResponseOnly: true, retryOnServiceExceptions: false, resultPath, ...more }),
    );
    const failed = onFailure && task('OnFailure', onFailure, sfn.JsonPath.DISCARD)
      .next(new sfn.Fail(this, 'Failed', { errorPath: `${ERROR}.Error`, causePath: `${ERROR}.Cause` }));
    const steps = functions.map((fn, index) => {
      const last = index === functions.length - 1;
      const step = task(`Step${index + 1}`, fn, RESULT, { stateName: `${index + 1} ${fn.node.id}`, ...(last && { outputPath: RESULT }) });
      return failed ? step.addCatch(failed, { resultPath: ERROR }) : step;
    });
    return steps.slice(1).reduce<sfn.Chain>((chain, step) => chain.next(step), sfn.Chain.start(steps[0]));
  }

  /** Functions by their exact names. Logs and traces know no resources; they have a policy of their own, whose wildcard covers nothing else. */
  private allow(role: iam.Role, functions: readonly lambda.IFunction[]): iam.Policy {
    const everywhere = new iam.Policy(this, 'Telemetry', {
      roles: [role],
      statements: [new iam.PolicyStatement({
        actions: [
          'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries',
          'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
          'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets',
        ],
        resources: ['*'],
      })],
    });
    const reason = 'what delivers logs, and X-Ray, know no resources';
    acknowledge(everywhere, { id: 'AwsSolutions-IAM5[Resource::*]', reason }, { id: 'Serverless-LambdaStarPermissions', reason });
    const calls = new iam.Policy(this, 'Calls', {
      roles: [role],
      statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...new Set(functions.map((fn) => fn.functionArn))] })],
    });
    calls.node.addDependency(everywhere);
    return calls;
  }
}

/** Whether it is known to be of another account, where its metrics are. */
function isElsewhere(scope: Construct, { env }: lambda.IFunction): boolean {
  const { account } = Stack.of(scope);
  return !Token.isUnresolved(account) && !Token.isUnresolved(env.account) && account !== env.account;
}

function checkSteps(scope: Construct, props: JobStepsProps): void {
  const rules = new PropRules(scope);
  rules.kinds(props, KINDS);
  const { length } = props.functions;
  rules.check(length >= 1 && length <= MOST_FUNCTIONS, {
    rule: `functions must be 1 to ${MOST_FUNCTIONS}`,
    value: length,
    fix: length === 0 ? 'give the functions of the job' : 'have a function do several steps, or use sfn.StateMachine',
  });
  rules.duration('timeout', props.timeout, Duration.seconds(1), Duration.days(365), 'a limit of Step Functions');
  rules.integer('maxAttempts', props.maxAttempts, 1, 10, ['the first time counts', 'a limit of cdk-jobworks: what failed so often fails again']);
  rules.duration('firstDelay', props.firstDelay, Duration.seconds(1), Duration.hours(1));
  checkFunctionAlarms(rules, props.alarms);
  rules.throwIfBroken();
}
