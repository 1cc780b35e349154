import { Duration, Token, type Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { connectExecutions, connectStarter, type ExecutionSettings } from './connect-executions';
import { readStateMachine } from './definition';
import type { BrokenRule } from '../../internal/prop-rules';
import { known, seconds } from '../../internal/prop-rules';
import { constructKind, described } from '../../internal/value-kinds';
import { handlerOf, handlersCode, jobFunction } from '../../job-functions/job-function';
import { allowOwnQueue } from '../../job-functions/runner-function';
import { LEAST_CONCURRENCY } from '../../queued-lambda-worker/worker-settings';
import type { ConnectedFunctions, EndsOfAttempts, ProcessorConnection, ProcessorKind, ProcessorScope } from '../processor-kind';

/** To claim a job, to start its execution, and to say so. It does not wait for the end. */
const STARTER_SECONDS = 30;

/** A start takes a moment: more at once than there may be executions are of no use, and few are enough for hundreds a second. */
const MOST_STARTS_AT_ONCE = 10;

/** Executions of standard state machines end after a year at most. */
const LONGEST_DAYS = 365;

/** Each has a name of up to 60 bytes in an item, which is written for each start and each end. */
const MOST_EXECUTIONS = 1_000;

const ENTRY = 'start-execution';
const PROP = 'processor: JobProcessor.runStateMachine()';

const STATE_MACHINE = constructKind(
  'sfn.IStateMachine', 'stateMachineArn', 'JobProcessor.runStateMachine(stateMachine, { maxConcurrency: 10 })',
  'with const stateMachine = new sfn.StateMachine(…) or sfn.StateMachine.fromStateMachineArn(…)',
);

/** What has a state machine, and is none. */
const STEPS = constructKind('JobSteps', 'stateMachine', 'JobProcessor.runStateMachine(steps.stateMachine, { maxConcurrency: 10 })');

/** Has a state machine run each job, as one execution an attempt. */
export class StateMachineRun implements ProcessorKind {
  readonly attemptNote = 'to start an execution';
  readonly attemptTimeout: Duration;
  readonly slowAfter: Duration;

  constructor(
    private readonly stateMachine: sfn.IStateMachine, private readonly maxConcurrency: number, private readonly given: Duration | undefined,
  ) {
    this.attemptTimeout = Duration.seconds(STARTER_SECONDS);
    this.slowAfter = Duration.seconds(STARTER_SECONDS * 0.8);
  }

  misuse(): BrokenRule[] {
    return STATE_MACHINE.is(this.stateMachine) ? [] : [{
      rule: `${PROP} must be given a sfn.IStateMachine`, value: described(this.stateMachine), fix: STEPS.is(this.stateMachine) ? `write ${STEPS.write}` : `write ${STATE_MACHINE.write}, ${STATE_MACHINE.note}`,
    }];
  }

  problems(stack: Stack): BrokenRule[] {
    const { defined, express, timeout: own } = readStateMachine(this.stateMachine);
    const { path } = this.stateMachine.node;
    const timeout = this.given && seconds(this.given);
    const most = known(this.maxConcurrency);
    return [
      ...(express ? [{
        rule: `${PROP}: the state machine must be a Standard one, as nobody is told how the execution of an Express one ends`,
        value: path,
        fix: 'set stateMachineType: sfn.StateMachineType.STANDARD on it, which replaces it',
      }] : []),
      ...(own === undefined && this.given === undefined ? [{
        rule: `${PROP}: timeout is required where the state machine ${defined ? 'has none that is known at synthesis' : 'is imported'}`,
        value: path,
        fix: defined
          ? 'set timeout on the state machine, or state here how long an execution may take'
          : 'state the timeout that it has: JobProcessor.runStateMachine(stateMachine, { maxConcurrency, timeout })',
      }] : []),
      ...(own !== undefined && this.given !== undefined ? [{
        rule: `${PROP}: timeout cannot be given for a state machine of this app that has one (${own.toHumanString()})`,
        value: this.given,
        fix: 'set it on the state machine, or remove it here',
      }] : []),
      ...(timeout !== undefined && !(Number.isInteger(timeout) && timeout >= 1 && timeout <= LONGEST_DAYS * 86_400) ? [{
        rule: `${PROP}: timeout must be from 1 second to ${LONGEST_DAYS} days, in whole seconds`,
        value: this.given,
        fix: timeout > LONGEST_DAYS * 86_400 ? 'give 365 days or less: Step Functions ends an execution after a year' : 'give whole seconds, one or more',
      }] : []),
      ...(this.given?.isUnresolved() ? [{
        rule: `${PROP}: timeout must be known at synthesis`, value: path, fix: 'give it as a plain duration',
      }] : []),
      ...(most === undefined || !(Number.isInteger(most) && most >= 1 && most <= MOST_EXECUTIONS) ? [{
        rule: `${PROP}: maxConcurrency must be a whole number from 1 to 1,000, and known at synthesis`,
        value: most,
        fix: 'give how many executions may be under way at once, such as 10',
      }] : []),
      ...this.placeProblems(stack),
    ];
  }

  get planned() {
    return { executions: known(this.maxConcurrency), longest: readStateMachine(this.stateMachine).timeout ?? this.given };
  }

  get workerProps() {
    return { code: handlersCode(), handler: handlerOf(ENTRY), timeout: this.attemptTimeout };
  }

  get scarceConcurrency() {
    return Math.min(MOST_STARTS_AT_ONCE, Math.max(LEAST_CONCURRENCY, known(this.maxConcurrency) ?? MOST_STARTS_AT_ONCE));
  }

  get besides() {
    return { stateMachine: this.stateMachine };
  }

  get longestAttempt() {
    return this.settings.timeout;
  }

  function(scope: Construct, given: ProcessorScope): lambda.Function {
    const fn = jobFunction(scope, 'Starter', {
      entry: ENTRY,
      description: `Starts an execution for each job of ${given.pipelineName}`,
      profile: given.profile,
      encryptionKey: given.encryptionKey,
      timeout: this.attemptTimeout,
      losesNothing: 'jobs come from a queue, which has a dead-letter queue of its own',
      environment: {},
    });
    allowOwnQueue(fn);
    return fn;
  }

  connect(fn: lambda.Function, connection: ProcessorConnection): void {
    connectStarter(fn, connection, this.settings, this.maxConcurrency);
  }

  connectOthers(scope: Construct, connection: Omit<ProcessorConnection, 'atOnce'>, functions: ConnectedFunctions): EndsOfAttempts {
    return connectExecutions(scope, connection, this.settings, functions);
  }

  private get settings(): ExecutionSettings {
    return { stateMachine: this.stateMachine, timeout: (readStateMachine(this.stateMachine).timeout ?? this.given)! };
  }

  /** Events of its executions come to its own account and region alone; versions and aliases have executions of other names. */
  private placeProblems(stack: Stack): BrokenRule[] {
    const { stateMachineArn: arn, env } = this.stateMachine;
    const elsewhere = (['region', 'account'] as const)
      .filter((what) => !Token.isUnresolved(env[what]) && !Token.isUnresolved(stack[what]) && env[what] !== stack[what]);
    return [
      ...elsewhere.map((what) => ({
        rule: `${PROP}: the state machine must be in the ${what} of the pipeline (${stack[what]}): only there are the ends of its executions told`,
        value: env[what],
        fix: 'deploy it there too, or put the pipeline where the state machine is',
      })),
      ...(Token.isUnresolved(arn) || /:stateMachine:[^:]+$/.test(arn) ? [] : [{
        rule: `${PROP} must be given a state machine and no version or alias of one`,
        value: arn,
        fix: 'pass the state machine itself',
      }]),
    ];
  }
}
