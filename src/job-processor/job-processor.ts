import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { CalledFunction } from './called-function';
import { InFunction } from './in-function';
import type { ProcessorKind } from './processor-kind';
import { checkOptions } from '../internal/prop-rules';
import { DURATION } from '../internal/value-kinds';

/** How a function is called. */
export interface CallFunctionOptions {
  /**
   * The timeout that an imported function has, 1 second to 14 minutes. That of a function of this app is read from it.
   *
   * @default - the timeout of the function, which must then be defined in this app
   */
  readonly timeout?: Duration;
}

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
    checkOptions<CallFunctionOptions>('JobProcessor.callFunction()', options, { timeout: DURATION });
    return new JobProcessor(new CalledFunction(fn, options.timeout));
  }

  private constructor(
    /** @internal */
    public readonly _kind: ProcessorKind,
  ) {}
}
