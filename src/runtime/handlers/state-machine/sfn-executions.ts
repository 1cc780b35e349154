import { executionArn } from './execution-name';
import { type Execution, type Executions, type Refusal, StartRefused } from './executions';
import type { CallLimits } from '../../store/aws-clients';

type SfnSdk = Pick<typeof import('./sfn-client'), 'sfnClient' | 'DescribeExecutionCommand' | 'StartExecutionCommand' | 'StopExecutionCommand'>;

/** A parameter of what follows, because what tests this module has no `import()`. */
const loadSfn = async (): Promise<SfnSdk> => import('./sfn-client.js');

type Client = ReturnType<SfnSdk['sfnClient']>;

const REFUSALS: Readonly<Record<string, Refusal>> = {
  ExecutionAlreadyExists: 'exists',
  ExecutionLimitExceeded: 'busy',
  ThrottlingException: 'busy',
  ServiceQuotaExceededException: 'busy',
  KmsThrottlingException: 'busy',
  InvalidExecutionInput: 'input',
  InvalidName: 'input',
};

const EXPRESS = 'the state machine is an Express one, of whose executions nobody is told how they end: give the pipeline a Standard one';

const GONE = 'ExecutionDoesNotExist';

/** Step Functions. */
export class SfnExecutions implements Executions {
  private client?: Client;

  /** @param load called when Step Functions is first asked */
  constructor(private readonly stateMachineArn: string, private readonly limits: CallLimits, private readonly load = loadSfn) {}

  async start(name: string, input: string): Promise<void> {
    const { sdk, client } = await this.ready();
    let started: { readonly executionArn?: string };
    try {
      started = await client.send(new sdk.StartExecutionCommand({ stateMachineArn: this.stateMachineArn, name, input }));
    } catch (error) {
      throw refused(error as SdkError);
    }
    if (started.executionArn?.includes(':express:')) {
      throw new StartRefused('express', EXPRESS);
    }
  }

  async describe(name: string): Promise<Execution | undefined> {
    const { sdk, client } = await this.ready();
    try {
      const command = new sdk.DescribeExecutionCommand({ executionArn: executionArn(this.stateMachineArn, name) });
      const { status, output, error, cause } = await client.send(command);
      // one that waits to be redriven has failed, and may run again: until somebody does that, it has ended
      return status === 'RUNNING' ? { status } : { status: status === 'PENDING_REDRIVE' ? 'FAILED' : status!, output, error, cause };
    } catch (error) {
      if ((error as Error).name === GONE) {
        return undefined;
      }
      throw error;
    }
  }

  async stop(name: string, error: string, cause: string): Promise<void> {
    const { sdk, client } = await this.ready();
    try {
      await client.send(new sdk.StopExecutionCommand({ executionArn: executionArn(this.stateMachineArn, name), error, cause }));
    } catch (failure) {
      if ((failure as Error).name !== GONE) {
        throw failure;
      }
    }
  }

  private async ready(): Promise<{ readonly sdk: SfnSdk; readonly client: Client }> {
    const sdk = await this.load();
    this.client ??= sdk.sfnClient(this.limits);
    return { sdk, client: this.client };
  }
}

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What Step Functions itself has answered is a refusal; after anything else the execution may be under way. */
function refused(error: SdkError): Error {
  const status = error.$metadata?.httpStatusCode;
  const refusal = REFUSALS[error.name] ?? (status !== undefined && status >= 400 && status < 500 ? 'state_machine' : undefined);
  // Its own words name accounts and roles: they are for the log, and not for the owner of the job.
  return refusal === undefined ? error : new StartRefused(refusal, `the state machine could not be started (${error.name})`, error);
}
