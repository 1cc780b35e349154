import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CalledFunction } from './called-function';
import { InFunction } from './in-function';
import type { ProcessorKind } from './processor-kind';
import { StateMachineRun } from './state-machine/state-machine-run';
import { checkOptions } from '../internal/prop-rules';
import { DURATION, numberKind, required, structKind, type GivenOptions, type KindsOf } from '../internal/value-kinds';

/** How a function is called. */
export interface CallFunctionOptions {
  /**
   * The timeout that an imported function has, 1 second to 14 minutes. That of a function of this app is read from it.
   *
   * @default - the timeout of the function, which must then be defined in this app
   */
  readonly timeout?: Duration;
}

/** How a state machine runs jobs. */
export interface RunStateMachineOptions {
  /**
   * How many executions may be under way at once: 1 to 1,000. Jobs beyond it stay queued, and are charged no attempt.
   */
  readonly maxConcurrency: number;

  /**
   * How long an execution may take, 1 second to 365 days. That of a state machine of this app is read from its definition; this is for one that
   * is imported, or whose definition says nothing. It is not enforced: an execution that takes longer is left to itself, and the log says so.
   *
   * @default - the timeout in the definition of the state machine, which must then be known at synthesis
   */
  readonly timeout?: Duration;
}

const CALL_KINDS: KindsOf<CallFunctionOptions> = { timeout: DURATION };
const RUN_KINDS: KindsOf<RunStateMachineOptions> = { maxConcurrency: required(numberKind(10)), timeout: DURATION };

/** What runs a pipeline's jobs. */
export class JobProcessor {
  /**
   * Runs each job inside a function of yours. The pipeline adds a layer and points the function's handler at it, so that your handler
   * is a plain `async (job, context) => result` that has nothing to import. Events that are not from the pipeline's queue
   * reach your handler unchanged.
   *
   * Its timeout is that of one attempt. Where it has none, Lambda's default of 3 seconds holds, and there is a warning
   * (`cdk-jobworks:worker.defaultTimeout`).
   *
   * @param handler a Node.js function, defined in this app
   * @returns the processor
   * @throws when the pipeline is created, if the function is a container image, runs on something else than Node.js, has an unresolved
   *   handler or five layers already, is in another stack, or processes another pipeline's jobs
   */
  public static inFunction(handler: lambda.Function): JobProcessor {
    return new JobProcessor(new InFunction(handler));
  }

  /**
   * Calls any function for each job: one in Java or Go, a container image, a version or an alias, one of another stack, or an imported one.
   * A small function of the pipeline takes jobs from the queue, calls yours with `{job_id, payload, attempt, checkpoint}` and takes what it
   * returns for the result; what it throws is a failed attempt.
   *
   * The function may take 14 minutes at most; where it has no timeout, Lambda's default of 3 seconds holds, and there is a warning
   * (`cdk-jobworks:pipeline.defaultTimeout`). It is not asked to stop near its timeout, and a job that is cancelled while it runs ends after
   * that attempt. What is reserved of the account's concurrency for it limits how many jobs run at once. A function of another account must
   * allow the role of the pipeline's `worker.function` to call it.
   *
   * @param fn the function, a version or an alias
   * @param options the timeout of an imported function
   * @returns the processor
   * @throws when the pipeline is created, if the timeout is not known or over 14 minutes, or the function is in another region
   */
  public static callFunction(fn: lambda.IFunction, options: CallFunctionOptions = {}): JobProcessor {
    checkOptions('JobProcessor.callFunction()', options, CALL_KINDS);
    return new JobProcessor(new CalledFunction(fn, options.timeout), [': callFunction()', options, structKind('{ timeout: Duration.minutes(5) }', CALL_KINDS)]);
  }

  /**
   * Runs each job as an execution of a state machine, which may take up to a year. A small function of the pipeline takes jobs from the queue and
   * starts one execution for each attempt, with `{job_id, payload, attempt, checkpoint, correlation_id, …}` as its input; its output is the job's
   * result. Its end is told by an event; where that is lost, the sweeper asks for it.
   *
   * An execution that fails or times out is a failed attempt, and the next one follows as `retryPolicy` has it; one that failed with the error
   * `JobFailed`, or was stopped by hand, fails the job. A job that is cancelled has its execution stopped.
   *
   * @param stateMachine a Standard state machine, in the account and region of the pipeline. Of an imported one it is not known whether it is
   *   Express: its jobs fail at once then, with the error `ExpressStateMachine`
   * @param options how many executions at once, and the timeout of an imported state machine
   * @returns the processor
   * @throws when the pipeline is created, if the state machine is Express, a version or an alias, elsewhere, or its timeout is not known
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
   */
  public static runStateMachine(stateMachine: sfn.IStateMachine, options: RunStateMachineOptions): JobProcessor {
    checkOptions('JobProcessor.runStateMachine()', options, RUN_KINDS);
    return new JobProcessor(
      new StateMachineRun(stateMachine, options.maxConcurrency, options.timeout),
      [': runStateMachine()', options, structKind('{ maxConcurrency: 10 }', RUN_KINDS)],
    );
  }

  private constructor(
    /** @internal */
    public readonly _kind: ProcessorKind,
    /** @internal */
    public readonly _given?: GivenOptions,
  ) {}
}
