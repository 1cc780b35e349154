import { Aws, Fn, Names } from 'aws-cdk-lib';
import { CfnMicrosoftTeamsChannelConfiguration, CfnSlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ChannelTarget } from './alarm-channel';
import { teamsChannelId } from './channel-rules';
import { acknowledge } from '../internal/acknowledge';

/** A channel of a chat. */
type ChatTarget = Extract<ChannelTarget, { kind: 'slack' | 'teams' }>;

/** What a message about an alarm is drawn from. None of these knows resources (composite alarms are described only to who may describe all). */
const READING = ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics'];

/**
 * Channels of chats. What may be done from them is what their role may and no more, whatever is added to it: the same policy is their guardrail,
 * which would allow everything if it were left out.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html
 */
export class ChatChannels {
  private allowed?: { readonly role: Role; readonly policy: ManagedPolicy };

  constructor(private readonly scope: Construct) {}

  /** A channel, and the topics that it is told of. */
  public add(id: string, target: ChatTarget, topics: readonly ITopic[]): void {
    const { role, policy } = this.allowed ??= createRole(this.scope);
    const common = {
      configurationName: configurationName(this.scope, id),
      iamRoleArn: role.roleArn,
      guardrailPolicies: [policy.managedPolicyArn],
      snsTopicArns: topics.map(({ topicArn }) => topicArn),
    };
    if (target.kind === 'slack') {
      new CfnSlackChannelConfiguration(this.scope, id, { ...common, slackWorkspaceId: target.workspaceId, slackChannelId: target.channelId });
    } else {
      new CfnMicrosoftTeamsChannelConfiguration(this.scope, id, {
        ...common, teamId: target.teamId, teamsTenantId: target.tenantId, teamsChannelId: teamsChannelId(target.channelId),
      });
    }
  }
}

function createRole(scope: Construct): { role: Role; policy: ManagedPolicy } {
  const policy = new ManagedPolicy(scope, 'ChatGuardrail', {
    description: 'What may be read from a chat about an alarm',
    statements: [new PolicyStatement({ actions: READING, resources: ['*'] })],
  });
  const reason = 'Metrics have no resources, and composite alarms are described only to who may describe all alarms. Nothing can be changed by these actions.';
  acknowledge(policy, { id: 'AwsSolutions-IAM5[Resource::*]', reason });
  // without a condition: AWS documents none for this service, and one on a key that it does not send would let nobody in
  const role = new Role(scope, 'ChatRole', { assumedBy: new ServicePrincipal('chatbot.amazonaws.com'), managedPolicies: [policy] });
  return { role, policy };
}

/** A configuration is known by its name in the whole account, so the name has the unique part of the stack's id in it. */
function configurationName(scope: Construct, id: string): string {
  const name = Names.uniqueResourceName(scope, { maxLength: 70, separator: '-', allowedSpecialCharacters: '-' });
  return `${name}-${id}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
}
