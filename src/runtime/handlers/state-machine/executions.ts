/** An execution as it stands. */
export type Execution = RunningExecution | EndedExecution;

export interface RunningExecution {
  readonly status: 'RUNNING';
}

/** How an execution ended. */
export interface EndedExecution {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** JSON text; of one that succeeded. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Why an execution was not started. */
export type Refusal =
  /** Too much is asked of Step Functions at the moment. */
  | 'busy'
  /** It is there already, under way or ended. */
  | 'exists'
  /** The next attempt would be refused as well. */
  | 'input'
  /** The state machine is not there, or may not be started. */
  | 'state_machine'
  /** It was started, and nobody will ever know how it ends. */
  | 'express';

/** Step Functions has answered that it did not start the execution, or not as one that a job can be. */
export class StartRefused extends Error {
  readonly name = 'StartRefused';

  constructor(readonly refusal: Refusal, message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** The executions of one state machine, by their names. */
export interface Executions {
  /**
   * Under one name and input an execution is started once, however often this is called.
   * @throws StartRefused, or what leaves open whether it was started
   */
  start(name: string, input: string): Promise<void>;

  /** Undefined where there is none. */
  describe(name: string): Promise<Execution | undefined>;

  /** One that has ended, or was never started, is left as it is. */
  stop(name: string, error: string, cause: string): Promise<void>;
}
