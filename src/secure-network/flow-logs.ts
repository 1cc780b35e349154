import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnFlowLog, type FlowLogTrafficType, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { createLogGroup, type LogGroupOptions } from '../internal/log-group';

/** What flow logs are made of. */
export interface FlowLogOptions extends LogGroupOptions {
  readonly traffic: FlowLogTrafficType;
}

/**
 * Tells of the connections in a VPC, who had them, and whether they were let through.
 *
 * Not by the VPC's own method: its role could be assumed for the flow logs of another account.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
export function createFlowLogs(scope: Construct, id: string, vpc: IVpc, options: FlowLogOptions): LogGroup {
  const inside = new Construct(scope, id);
  const logs = createLogGroup(inside, 'Logs', options);
  new CfnFlowLog(inside, 'Resource', {
    resourceId: vpc.vpcId,
    resourceType: 'VPC',
    trafficType: options.traffic,
    logDestinationType: 'cloud-watch-logs',
    logGroupName: logs.logGroupName,
    deliverLogsPermissionArn: createRole(inside, logs).roleArn,
  });
  return logs;
}

function createRole(scope: Construct, logs: LogGroup): Role {
  const stack = Stack.of(scope);
  return new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: {
          'aws:SourceArn': stack.formatArn({
            service: 'ec2', resource: 'vpc-flow-log', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
          }),
        },
      },
    }),
    inlinePolicies: {
      Logs: new PolicyDocument({
        statements: [new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          resources: [logs.logGroupArn],
        })],
      }),
    },
  });
}
