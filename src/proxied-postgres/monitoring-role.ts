import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../internal/acknowledge-wildcards';

/** The group that RDS writes enhanced monitoring to, one for all databases of an account. */
const GROUP = 'RDSOSMetrics';

/** A role, and what it may do. */
export interface MonitoringRole {
  readonly role: Role;
  /** To be there before the role is given to RDS, which refuses one that may not write. */
  readonly policy: Policy;
}

/**
 * By which RDS writes what it measures of the operating system. Not AWS's own policy, which lets it write to every group that is called `RDS*`.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 */
export function createMonitoringRole(scope: Construct, id: string): MonitoringRole {
  const stack = Stack.of(scope);
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
  });
  const group = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: GROUP, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const policy = new Policy(scope, `${id}Policy`, {
    roles: [role],
    statements: [
      new PolicyStatement({ actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], resources: [`${group}:*`] }), // without the end it is that of tags alone
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:PutLogEvents'],
        resources: [`${group}:log-stream:*`],
      }),
    ],
  });
  acknowledgeWildcards(policy, 'RDS names the streams by what it measures');
  return { role, policy };
}
