import { Duration } from 'aws-cdk-lib';
import type { Policy, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { acknowledge } from '../internal/acknowledge';
import { acknowledgeWildcards } from '../internal/acknowledge-wildcards';
import { createFunctionRole, traceActively } from '../internal/function-role';
import { createLogGroup } from '../internal/log-group';

/** What CloudFormation gives a custom resource. */
const IN_ALL_HOURS = 1;
/** A call that has more to do has worked for 14 minutes: so long a pause is none. */
const PAUSE_SECONDS = 30;

/** Of each of the provider's functions: they call and wait. */
const MEMORY_MEBIBYTES = 256;

/** What the provider is made with. */
export interface MigrationProviderOptions {
  /** Begins, and is then asked until it is complete. */
  readonly fn: LambdaFunction;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: IKey;
}

/**
 * The CDK's provider of custom resources, which answers CloudFormation: three functions that call ours, and a state machine that calls again until
 * it is complete. They are in no network: they come to no database.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
 */
export function createMigrationProvider(scope: Construct, id: string, { fn, profile, encryptionKey }: MigrationProviderOptions): Provider {
  const logGroup = createLogGroup(scope, `${id}Logs`, { retention: profile.logRetention, removalPolicy: profile.removalPolicy, encryptionKey });
  const roles = [createFunctionRole(scope, `${id}BeginRole`), createFunctionRole(scope, `${id}CompleteRole`)] as const;
  for (const role of roles) {
    logGroup.grantWrite(role);
    encryptionKey?.grant(role, 'kms:Decrypt'); // its environment
  }
  const provider = new Provider(scope, id, {
    onEventHandler: fn,
    isCompleteHandler: fn,
    queryInterval: Duration.seconds(PAUSE_SECONDS),
    totalTimeout: Duration.hours(IN_ALL_HOURS),
    logGroup,
    frameworkOnEventRole: roles[0],
    frameworkCompleteAndTimeoutRole: roles[1],
    providerFunctionEnvEncryption: encryptionKey,
    disableWaiterStateMachineLogging: true,
  });
  for (const name of ['onEvent', 'isComplete', 'onTimeout']) {
    finishFunction(provider.node.findChild(`framework-${name}`) as LambdaFunction);
  }
  acknowledgeProvider(provider, roles);
  return provider;
}

/** What the provider has no props for. */
function finishFunction(framework: LambdaFunction): void {
  (framework.node.defaultChild as CfnFunction).memorySize = MEMORY_MEBIBYTES;
  traceActively(framework);
  const reason = 'CloudFormation waits for an answer, and the deployment fails without one: there is no event to lose';
  acknowledge(framework, { id: 'Serverless-LambdaDLQ', reason }, { id: 'Serverless-LambdaAsyncFailureDestination', reason });
}

function acknowledgeProvider(provider: Provider, roles: readonly Role[]): void {
  const waiter = provider.node.findChild('waiter-state-machine');
  const traced = 'it does nothing but call again until it is complete, and what it calls is traced';
  acknowledge(
    waiter,
    { id: 'AwsSolutions-SF1', reason: 'what it is given has the signed address for the answer to CloudFormation, which no log should have; what is done is in the log of the function' },
    { id: 'AwsSolutions-SF2', reason: traced },
    { id: 'Serverless-StepFunctionStateMachineXray', reason: traced },
  );
  for (const role of [...roles, waiter.node.findChild('Role')]) {
    const policy = role.node.tryFindChild('DefaultPolicy') as Policy | undefined;
    if (policy) acknowledgeWildcards(policy, 'the provider may call any version of the one function that it is for');
  }
}
