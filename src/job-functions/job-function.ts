import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { acknowledge } from '../internal/acknowledge';
import { createFunctionRole, traceActively } from '../internal/function-role';
import { createLogGroup } from '../internal/log-group';

/** Where a function is placed that comes to a database. */
export interface FunctionPlace {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

/** What a function of the library is made from. Handler and runtime are the library's own. */
export interface JobFunctionProps {
  /** The entry in the folder of bundled handlers, such as `submit`. */
  readonly entry: string;
  readonly description: string;
  /** The folder that has the entry, where it is none but the library's own with files of the user's; all bundled handlers if not given. */
  readonly code?: lambda.Code;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
  readonly environment: Record<string, string>;
  /** 10 seconds if not given. */
  readonly timeout?: Duration;
  /** Shared with the rest of the account if not given. */
  readonly reservedConcurrency?: number;
  /** Why no event is lost without a dead-letter queue of the function's own: how it is called. */
  readonly losesNothing: string;
  /** No network if not given. */
  readonly network?: FunctionPlace;
}

/** One of the library's own functions: a bundled handler with a role that may do nothing but log and trace, until it is granted more. */
export function jobFunction(scope: Construct, id: string, props: JobFunctionProps): lambda.Function {
  const logGroup = createLogGroup(scope, `${id}Logs`, {
    retention: props.profile.logRetention,
    removalPolicy: props.profile.removalPolicy,
    encryptionKey: props.encryptionKey,
  });
  const role = createFunctionRole(scope, `${id}Role`, props.network !== undefined);
  logGroup.grantWrite(role);
  const fn = new lambda.Function(scope, id, {
    description: props.description,
    code: props.code ?? handlersCode(),
    handler: handlerOf(props.entry),
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    memorySize: 512,
    timeout: props.timeout ?? Duration.seconds(10),
    reservedConcurrentExecutions: props.reservedConcurrency,
    environment: props.environment,
    environmentEncryption: props.encryptionKey,
    logGroup,
    role,
    ...props.network,
  });
  traceActively(fn);
  acknowledge(
    fn,
    { id: 'Serverless-LambdaDLQ', reason: props.losesNothing },
    { id: 'Serverless-LambdaAsyncFailureDestination', reason: props.losesNothing },
  );
  return fn;
}

/** The folder of bundled handlers: one asset for all functions of the library. */
export function handlersCode(): lambda.Code {
  return lambda.Code.fromAsset(join(__dirname, '../../assets/handlers'));
}

/** The handler string of an entry in it. */
export function handlerOf(entry: string): string {
  return `${entry}.handler`;
}
