import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../internal/acknowledge';

const ID = 'JobWorksApiLogging';

/**
 * The role by which API Gateway writes logs: one for an account and region, so one for a stack is enough. It outlives the stack, since
 * API Gateway goes on using it for every other API of the account.
 *
 * @returns what a stage with logs must wait for
 */
export function accountLogging(scope: Construct): Construct {
  const stack = Stack.of(scope);
  return (stack.node.tryFindChild(ID) as Construct | undefined) ?? createAccountLogging(stack);
}

function createAccountLogging(stack: Stack): Construct {
  const logging = new Construct(stack, ID);
  const role = new iam.Role(logging, 'Role', {
    assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
    inlinePolicies: {
      // What the managed policy AmazonAPIGatewayPushToCloudWatchLogs allows: API Gateway refuses a role that may do less.
      Logging: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({
          actions: [
            'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams',
            'logs:FilterLogEvents', 'logs:GetLogEvents', 'logs:PutLogEvents',
          ],
          resources: ['*'],
        })],
      }),
    },
  });
  acknowledge(role, {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'API Gateway refuses a role that may not log to every log group: it is the account\'s, not one API\'s',
  });
  const account = new apigateway.CfnAccount(logging, 'Account', { cloudWatchRoleArn: role.roleArn });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return logging;
}
