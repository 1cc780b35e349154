import { Annotations, Duration, Token, type Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { connectAttempts } from './connect-processor';
import type { ProcessorConnection, ProcessorKind, ProcessorScope } from './processor-kind';
import { readFunction, warnOfDefaultTimeout, type ExistingFunction } from '../internal/existing-function';
import { known, seconds, type BrokenRule } from '../internal/prop-rules';
import { constructKind, described } from '../internal/value-kinds';
import { handlerOf, handlersCode } from '../job-functions/job-function';
import { allowCallsAgain, RUNNER_ENTRY, runnerFunction } from '../job-functions/runner-function';
import { LEAST_CONCURRENCY } from '../queued-lambda-worker/worker-settings';
import { NetworkEndpoint } from '../secure-network/network-endpoint';

/** What the runner needs beside the call: to claim the job before it, and to write its outcome after it. */
const RUNNER_SECONDS = 30;

/** So that both fit into Lambda's 15 minutes. */
const LONGEST_CALL_SECONDS = 14 * 60;

const PROP = 'processor: JobProcessor.callFunction()';

const FUNCTION = constructKind(
  'lambda.IFunction', 'functionArn', 'JobProcessor.callFunction(fn)', 'with const fn = new lambda.Function(…) or lambda.Function.fromFunctionArn(…)',
);

/** Has a function of any kind run each job, called by a small function of the pipeline's. */
export class CalledFunction implements ProcessorKind {
  readonly attemptNote = `the timeout of the function, and ${RUNNER_SECONDS} seconds around the call`;

  constructor(private readonly fn: lambda.IFunction, private readonly given: Duration | undefined) {}

  misuse(): BrokenRule[] {
    return FUNCTION.is(this.fn) ? [] : [{ rule: `${PROP} must be given a lambda.IFunction`, value: described(this.fn), fix: `write ${FUNCTION.write}, ${FUNCTION.note}` }];
  }

  problems(stack: Stack): BrokenRule[] {
    const { defined } = this.existing;
    const timeout = this.calledTimeout && seconds(this.calledTimeout);
    return [
      ...(!defined && this.given === undefined ? [{
        rule: `${PROP}: timeout is required with an imported function, since it cannot be read from it`,
        value: this.fn.node.path,
        fix: 'state the timeout that the function has: JobProcessor.callFunction(fn, { timeout })',
      }] : []),
      ...(defined && this.given !== undefined ? [{
        rule: `${PROP}: timeout cannot be given for a function of this app`,
        value: this.given,
        fix: 'set it on the function, or remove it here',
      }] : []),
      ...(this.calledTimeout !== undefined && timeout === undefined ? [{
        rule: `${PROP}: the timeout of the function must be known at synthesis`,
        value: this.fn.node.path,
        fix: 'give it as a plain duration',
      }] : []),
      ...(timeout !== undefined && !isCallable(timeout) ? [{
        rule: `${PROP}: the timeout of the function must be from 1 second to 14 minutes, in whole seconds: what calls it has the 15 minutes of every function, `
          + 'and writes the outcome afterwards',
        value: this.calledTimeout,
        fix: timeout > LONGEST_CALL_SECONDS ? 'lower the timeout of the function, or split the job' : 'give whole seconds, one or more',
      }] : []),
      ...this.regionProblems(stack),
    ];
  }

  get attemptTimeout(): Duration {
    return Duration.seconds(this.callSeconds + RUNNER_SECONDS);
  }

  /** The function that is called is not asked to stop, so one that comes near its timeout is a reason to look. */
  get slowAfter(): Duration {
    return Duration.millis(this.callSeconds * 900);
  }

  get besides() {
    return { function: this.fn };
  }

  get planned() {
    return { function: this.fn, called: true, longest: this.calledTimeout };
  }

  /** As a new function, since the runner is none yet. What is reserved for the function that is called limits the runner as well. */
  get workerProps() {
    return {
      code: handlersCode(),
      handler: handlerOf(RUNNER_ENTRY),
      timeout: this.attemptTimeout,
      reservedConcurrency: this.existing.reservedConcurrency,
    };
  }

  function(scope: Construct, given: ProcessorScope): lambda.Function {
    allowCallsAgain(this.existing.unqualified);
    this.warn(scope);
    return runnerFunction(scope, 'Runner', {
      ...given,
      called: this.fn,
      calledTimeout: Duration.seconds(this.callSeconds),
      timeout: this.attemptTimeout,
    });
  }

  connect(fn: lambda.Function, connection: ProcessorConnection): void {
    connection.records.letOut(fn, NetworkEndpoint.LAMBDA);
    connectAttempts(fn, connection, Duration.seconds(0));
  }

  private get existing(): ExistingFunction {
    return readFunction(this.fn);
  }

  get calledTimeout(): Duration | undefined {
    return this.existing.timeout ?? this.given;
  }

  /** Whatever is not known or out of range has been said to be wrong: nothing else is to be said because of it. */
  private get callSeconds(): number {
    const timeout = this.calledTimeout && seconds(this.calledTimeout);
    return timeout !== undefined && isCallable(timeout) ? timeout : LONGEST_CALL_SECONDS;
  }

  /** The worker inside cannot say it: this is not its own function. */
  private warn(scope: Construct): void {
    warnOfDefaultTimeout(scope, 'cdk-jobworks:pipeline.defaultTimeout', this.existing);
    const reserved = known(this.existing.reservedConcurrency);
    if (reserved !== undefined && reserved < LEAST_CONCURRENCY) {
      Annotations.of(scope).addWarningV2('cdk-jobworks:pipeline.lowReservedConcurrency',
        `The reserved concurrency of the function is ${reserved}, but the queue causes 2 calls at a time, the least it can: jobs whose call is throttled wait `
        + 'and are sent again, up to 2 minutes later each time. Reserve 2 or more.');
    }
  }

  private regionProblems(stack: Stack): BrokenRule[] {
    const { region } = this.fn.env;
    return Token.isUnresolved(region) || Token.isUnresolved(stack.region) || region === stack.region ? [] : [{
      rule: `${PROP}: the function must be in the region of the pipeline (${stack.region})`,
      value: region,
      fix: 'deploy it there too, or put the pipeline where the function is',
    }];
  }
}

function isCallable(timeout: number): boolean {
  return timeout >= 1 && timeout <= LONGEST_CALL_SECONDS && Number.isInteger(timeout);
}
