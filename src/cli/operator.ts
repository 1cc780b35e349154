import type { Aws } from './aws';
import { Failure, Refusal } from './io';
import { whichThereAre } from './nearest';
import { OPERATORS_PARAMETER } from '../runtime/wire/operators';

/** What the operate function says when it refuses; the codes are those of the HTTP API. */
const REFUSALS: readonly string[] = ['BadRequest', 'NotFound', 'Conflict', 'ServiceUnavailable'];

/** How a function refuses a field that it does not know. It has to be a newer command line that sends one. */
const UNKNOWN_FIELD = /is nothing that "\w+" takes/;

/** A job as the operate function shows it. */
export interface JobView {
  readonly job_id: string;
  readonly status: string;
  readonly owner: string;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly updated_at: string;
  readonly error?: { readonly type: string; readonly message: string; readonly attempt: number };
  readonly [name: string]: unknown;
}

/** What a pipeline has functions for: to operate it, and to look after its API keys. Each is another permission. */
const FUNCTIONS = {
  operate: { field: 'operate_function', grant: 'grantOperate', all: 'all that operators need' },
  keys: { field: 'keys_function', grant: 'grantManageKeys', all: 'all that it takes to look after keys' },
} as const;

/** A deployed pipeline, which is asked by its name through a function that it has for operators. */
export class PipelineOperator {
  private functionName?: Promise<string>;

  constructor(readonly pipeline: string, private readonly aws: Aws, private readonly purpose: keyof typeof FUNCTIONS = 'operate') {}

  /** @throws Failure, whatever went wrong: its message says what to do */
  async ask<Answer>(event: { readonly action: string; readonly [name: string]: unknown }): Promise<Answer> {
    const functionName = await (this.functionName ??= this.find());
    let invoked;
    try {
      invoked = await this.aws.invoke(functionName, event);
    } catch (error) {
      throw await this.explained(error, 'lambda:InvokeFunction', functionName);
    }
    if (invoked.failed) {
      throw refusal(invoked.answer, functionName);
    }
    return invoked.answer as Answer;
  }

  private async find(): Promise<string> {
    const name = `${OPERATORS_PARAMETER}${this.pipeline}`;
    let value: string | undefined;
    try {
      value = await this.aws.parameter(name);
    } catch (error) {
      throw await this.explained(error, 'ssm:GetParameter', name);
    }
    if (value === undefined) {
      throw new Refusal('UnknownPipeline', [
        `there is no pipeline "${this.pipeline}" in ${await this.place()} (no parameter ${name}).`,
        ...await this.others(),
        'Give its name as the construct has it (pipelineName), and choose the place by --region and --profile.',
      ].join('\n'));
    }
    return this.functionIn(value, name);
  }

  /** What could have been meant, if the caller may know. */
  private async others(): Promise<string[]> {
    try {
      return whichThereAre(this.pipeline, (await this.aws.parameters(OPERATORS_PARAMETER)).map((name) => name.slice(OPERATORS_PARAMETER.length)));
    } catch {
      return ['Who may ssm:GetParametersByPath on /cdk-jobworks/ is told here which there are.'];
    }
  }

  /** Where we looked. */
  private async place(): Promise<string> {
    const region = await this.aws.region();
    try {
      const { account, arn } = await this.aws.caller();
      return `${region} of account ${account}, asked as ${arn}`;
    } catch {
      return region;
    }
  }

  private async explained(error: unknown, action: string, what: string): Promise<Failure> {
    const { name, message } = error as Error;
    const isUnequipped = /^(Credentials|TokenProvider)/.test(name) || /region is missing/i.test(message);
    const profile = isUnequipped ? this.aws.unknownProfile() : undefined;
    if (profile !== undefined) {
      return new Failure(`there is no profile "${profile}" in the AWS configuration (~/.aws/config, ~/.aws/credentials).\n`
        + 'Give another --profile or AWS_PROFILE: "aws configure list-profiles" lists them.');
    }
    if (/^(Credentials|TokenProvider)/.test(name)) {
      return new Failure(`there are no AWS credentials: ${message}.\n`
        + 'Set AWS_PROFILE or give --profile (and log in: aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
    }
    if (/^(ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|IncompleteSignature)/.test(name)) {
      return new Failure(`AWS does not accept the credentials (${name}): ${message}.\nLog in again, or give another --profile.`);
    }
    if (/region is missing/i.test(message)) {
      return new Failure('no region is set: give --region, or set AWS_REGION or the region of the profile.');
    }
    if (/^AccessDenied/.test(name)) {
      return new Failure(`not allowed: ${action} on ${what}. AWS says: ${message}.\n`
        + `pipeline.${FUNCTIONS[this.purpose].grant}(…) gives a role ${FUNCTIONS[this.purpose].all}, for that pipeline and no other: compare the name, too.`);
    }
    if (name === 'ResourceNotFoundException') {
      return new Failure(`the parameter of "${this.pipeline}" names the function ${what}, which is not in ${await this.place()}: `
        + 'it is being deployed or was deleted.');
    }
    return new Failure(`AWS did not do ${action} on ${what}: ${name}: ${message}`);
  }

  private functionIn(value: string, parameter: string): string {
    const functions = functionsIn(value);
    const name = functions[FUNCTIONS[this.purpose].field];
    if (name !== undefined) {
      return name;
    }
    if (this.purpose === 'keys' && functions[FUNCTIONS.operate.field] !== undefined) {
      throw new Failure(`"${this.pipeline}" issues no API keys: only an HTTP API does, JobApi.http({ authentication: ApiAuthentication.apiKeys() }). `
        + 'Keys of a REST API are made by pipeline.addCustomer().');
    }
    throw new Failure(`the parameter ${parameter} does not name the function for operators: something other than the pipeline has written it.`);
  }
}

/** Names of functions; what is none is left out. */
function functionsIn(value: string): Readonly<Record<string, string | undefined>> {
  try {
    const fields = JSON.parse(value) as Readonly<Record<string, unknown>> | null;
    return Object.fromEntries(Object.entries(fields ?? {}).filter((field): field is [string, string] => typeof field[1] === 'string' && field[1] !== ''));
  } catch {
    return {};
  }
}

function refusal(answer: unknown, functionName: string): Failure {
  const { errorType = 'Error', errorMessage = 'no more is known' } = (answer ?? {}) as { readonly errorType?: string; readonly errorMessage?: string };
  if (errorType === 'BadRequest' && UNKNOWN_FIELD.test(errorMessage)) {
    return new Refusal(errorType, `the pipeline was deployed with an older version of cdk-jobworks than this command line, and does not know this: ${errorMessage}.\n`
      + 'Nothing was done. Deploy its app with the version of this command line (cdk-jobworks --version), or leave the option out.');
  }
  return REFUSALS.includes(errorType)
    ? new Refusal(errorType, errorMessage)
    : new Failure(`the function ${functionName} failed: ${errorType}: ${errorMessage}. Its log in CloudWatch has more.`);
}
