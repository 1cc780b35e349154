import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** What runs a pipeline's jobs. */
export class JobProcessor {
  /**
   * Runs each job inside a function of yours. The pipeline adds a layer and points the function's handler at it, so that your handler
   * is a plain `async (job, context) => result` that has nothing to import. Events that are not from the pipeline's queue
   * reach your handler unchanged.
   *
   * @param handler a Node.js function, defined in this app
   * @returns the processor
   * @throws when the pipeline is created, if the function is a container image, runs on something else than Node.js, has an unresolved
   *   handler or five layers already, or processes another pipeline's jobs
   */
  public static inFunction(handler: lambda.Function): JobProcessor {
    return new JobProcessor(handler);
  }

  private constructor(
    /** @internal */
    public readonly _function: lambda.Function,
  ) {}
}
