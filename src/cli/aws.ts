import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { unknownProfile } from './profile';

type Sender<Client extends { send: unknown }> = Pick<Client, 'send'>;

/** What is asked of AWS, with the caller's credentials. Errors are thrown as they come. */
export interface Aws {
  /** @returns undefined if there is no such parameter */
  parameter(name: string): Promise<string | undefined>;
  /** Names of the parameters under a path. */
  parameters(path: string): Promise<string[]>;
  invoke(functionName: string, event: object): Promise<Invoked>;
  /** Account and ARN of the caller. */
  caller(): Promise<{ readonly account: string; readonly arn: string }>;
  region(): Promise<string>;

  /** The profile that was asked for, if there is none of that name. */
  unknownProfile(): string | undefined;
}

/** What a function answered; `failed` when it threw. */
export interface Invoked {
  readonly failed: boolean;
  readonly answer: unknown;
}

export interface AwsClients {
  readonly ssm: Sender<SSMClient>;
  readonly lambda: Sender<LambdaClient>;
  readonly sts: Sender<STSClient>;
  readonly region: () => Promise<string>;
  readonly unknownProfile: () => string | undefined;
}

/** More are of no help to who looks for one. */
const MOST_PARAMETERS = 500;

export class SdkAws implements Aws {
  /** Region and credentials are found where the AWS command line finds them, too. */
  static from({ region, profile }: { readonly region?: string; readonly profile?: string }, environment: NodeJS.ProcessEnv): SdkAws {
    environment.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'; // no news for who operates a pipeline
    const settings = { region: region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION, profile };
    const lambda = new LambdaClient(settings);
    return new SdkAws({
      ssm: new SSMClient(settings),
      lambda,
      sts: new STSClient(settings),
      region: async () => lambda.config.region(),
      unknownProfile: () => unknownProfile(profile, environment),
    });
  }

  constructor(private readonly clients: AwsClients) {}

  async parameter(name: string): Promise<string | undefined> {
    try {
      const { Parameter } = await this.clients.ssm.send(new GetParameterCommand({ Name: name }));
      return Parameter?.Value;
    } catch (error) {
      if ((error as Error).name === 'ParameterNotFound') {
        return undefined;
      }
      throw error;
    }
  }

  async parameters(path: string): Promise<string[]> {
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.clients.ssm.send(new GetParametersByPathCommand({ Path: path, NextToken }));
      names.push(...(page.Parameters ?? []).flatMap(({ Name }) => Name ?? []));
      ({ NextToken } = page);
    } while (NextToken !== undefined && names.length < MOST_PARAMETERS);
    return names;
  }

  async invoke(functionName: string, event: object): Promise<Invoked> {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) });
    const { FunctionError, Payload } = await this.clients.lambda.send(command);
    return { failed: FunctionError !== undefined, answer: JSON.parse(Buffer.from(Payload ?? []).toString() || 'null') as unknown };
  }

  async caller(): Promise<{ readonly account: string; readonly arn: string }> {
    const { Account, Arn } = await this.clients.sts.send(new GetCallerIdentityCommand({}));
    return { account: Account ?? 'unknown', arn: Arn ?? 'unknown' };
  }

  async region(): Promise<string> {
    return this.clients.region();
  }

  unknownProfile(): string | undefined {
    return this.clients.unknownProfile();
  }
}
