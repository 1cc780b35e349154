import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

/** A role for a function that may nothing but trace and (in a VPC) connect, until it is granted more. */
export function createFunctionRole(scope: Construct, id: string, inVpc = false): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Tracing: allowTracing(),
      ...(inVpc && { Network: allowNetworkInterfaces() }),
    },
  });
  const reason = 'X-Ray knows no resources, and Lambda requires to manage network interfaces that do not exist yet.';
  acknowledge(
    role.node.defaultChild ?? role,
    { id: 'AwsSolutions-IAM5[Resource::*]', reason },
    { id: 'Serverless-LambdaStarPermissions', reason },
  );
  return role;
}

/** Traces every invocation. Not by the `tracing` prop, which would put its wildcard into the policy that grants add to. */
export function traceActively(fn: LambdaFunction): void {
  (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
}

/** What tracing takes. In a policy of its own, so that the wildcard covers nothing that grants add. */
export function allowTracing(): PolicyDocument {
  return allowEverywhere('xray:PutTraceSegments', 'xray:PutTelemetryRecords');
}

/** What Lambda does in the name of a function that is in a network. */
export function allowNetworkInterfaces(): PolicyDocument {
  return allowEverywhere(
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  );
}

function allowEverywhere(...actions: string[]): PolicyDocument {
  return new PolicyDocument({ statements: [new PolicyStatement({ actions, resources: ['*'] })] });
}
