import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** An app with a stack and a function such as a user brings. */
export interface Fixture {
  readonly app: App;
  readonly stack: Stack;
  readonly handler: lambda.Function;
}

export function fixture(): Fixture {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  return { app, stack, handler: userFunction(stack, 'Analyse') };
}

/** A function without a finding of its own, so that what is found belongs to the pipeline. */
export function userFunction(scope: Construct, id: string, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  const logGroup = new logs.LogGroup(scope, `${id}Logs`, { retention: logs.RetentionDays.ONE_MONTH });
  const fn = new lambda.Function(scope, id, {
    code: lambda.Code.fromInline('exports.handler = async () => "done";'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    timeout: Duration.seconds(60),
    memorySize: 512,
    logGroup,
    role: roleOf(scope, id),
    ...props,
  });
  (fn.node.defaultChild as lambda.CfnFunction).tracingConfig = { mode: 'Active' };
  return fn;
}

/** A role that traces, with the reason for its wildcard. */
function roleOf(scope: Construct, id: string): iam.Role {
  const tracing = new iam.PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] });
  const role = new iam.Role(scope, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { Tracing: new iam.PolicyDocument({ statements: [tracing] }) },
  });
  Validations.of(role).acknowledge(
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray knows no resources' },
    { id: 'Serverless-LambdaStarPermissions', reason: 'X-Ray knows no resources' },
  );
  return role;
}
