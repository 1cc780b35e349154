import { Annotations, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import type { AlarmChannel } from './alarm-channel';
import { subscribe } from './subscribe-channels';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { ALARM_PUBLISHERS, allowAlarmTopics, createEncryptionKey } from '../internal/encryption';
import { AlarmSeverity } from '../monitoring/monitored';

/** What topics are made from. */
export interface AlarmTopicsOptions {
  /** What notifications come from, as their readers see it: such as the dashboard's name. */
  readonly title: string;
  readonly profile: EnvironmentProfile;
  readonly channels?: readonly AlarmChannel[];
  /** The user's own, used as they are. */
  readonly pageTopic?: ITopic;
  readonly ticketTopic?: ITopic;
  /** The key of topics that are made here; the profile decides whether there is one if not given. */
  readonly encryptionKey?: IKey;
}

/** Where the alarms of each severity go. */
export interface AlarmTopics {
  readonly pageTopic: ITopic;
  readonly ticketTopic: ITopic;
  /** Of the topics that were made; none where the profile has none. */
  readonly encryptionKey?: IKey;
}

/**
 * A topic for each severity, with what is told by it.
 *
 * Without a customer-managed key a topic is not encrypted beyond the disks of Amazon SNS: alarms cannot publish to one with the key `alias/aws/sns`,
 * whose policy nobody can change.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function createAlarmTopics(scope: Construct, options: AlarmTopicsOptions): AlarmTopics {
  const { pageTopic, ticketTopic, profile, channels = [] } = options;
  const encryptionKey = pageTopic && ticketTopic ? undefined : options.encryptionKey ?? ownKey(scope, profile);
  if (encryptionKey && !allowAlarmTopics(scope, encryptionKey)) {
    warnOfPolicy(scope, `the key ${encryptionKey.node.path} is imported, so its policy must allow kms:Decrypt and kms:GenerateDataKey to`);
  }
  for (const topic of new Set([pageTopic, ticketTopic])) {
    if (topic && !mayBePublishedTo(topic)) {
      warnOfPolicy(scope, `the policy of the topic ${topic.node.path}, and that of its key if it has one, must allow sns:Publish, kms:Decrypt and kms:GenerateDataKey to`);
    }
  }
  const topics = {
    pageTopic: pageTopic ?? createTopic(scope, 'PageTopic', `${options.title}: page`, encryptionKey),
    ticketTopic: ticketTopic ?? createTopic(scope, 'TicketTopic', `${options.title}: ticket`, encryptionKey),
    encryptionKey,
  };
  subscribe(scope, channels, topics);
  if (channels.length > 0 && !pageTopic && !channels.some((channel) => tells(channel, AlarmSeverity.PAGE))) {
    Annotations.of(scope).addWarningV2('cdk-jobworks:dashboard.nobodyPaged',
      'No channel of notify is told of alarms with AlarmSeverity.PAGE: nobody is woken. Give one of them that severity, or acknowledge this where '
      + 'something else subscribes to pageTopic.');
  }
  return topics;
}

/** The topic of a severity. */
export function topicOf(topics: AlarmTopics, severity: AlarmSeverity): ITopic {
  return severity === AlarmSeverity.PAGE ? topics.pageTopic : topics.ticketTopic;
}

/** Whether a channel is told of alarms of a severity. */
export function tells({ _options: { severities } }: AlarmChannel, severity: AlarmSeverity): boolean {
  return severities?.includes(severity) ?? true;
}

function ownKey(scope: Construct, profile: EnvironmentProfile): IKey | undefined {
  return profile.customerManagedKeys
    ? createEncryptionKey(scope, 'AlarmKey', { description: `Alarms of ${scope.node.path}`, removalPolicy: profile.removalPolicy })
    : undefined;
}

function createTopic(scope: Construct, id: string, displayName: string, masterKey?: IKey): Topic {
  const topic = new Topic(scope, id, { displayName: displayName.slice(0, 100), masterKey, enforceSSL: true });
  topic.addToResourcePolicy(new PolicyStatement({
    sid: 'Alarms',
    principals: ALARM_PUBLISHERS.map((service) => new ServicePrincipal(service)),
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  }));
  return topic;
}

/** Without a policy of its own a topic may be published to by all services in the name of its account; one with a policy says itself who may. */
function mayBePublishedTo(topic: ITopic): boolean {
  if (!(topic instanceof Topic)) {
    return false;
  }
  const allows = (construct: IConstruct | undefined) => JSON.stringify(Stack.of(topic).resolve(policyOf(construct)) ?? '').includes(ALARM_PUBLISHERS[0]);
  const policy = topic.node.tryFindChild('Policy');
  return (!policy || allows(policy)) && (!topic.masterKey || allows(topic.masterKey));
}

/** Of a topic's policy, or of a key. */
function policyOf(construct: IConstruct | undefined): unknown {
  const resource = construct?.node.defaultChild as { readonly policyDocument?: unknown; readonly keyPolicy?: unknown } | undefined;
  return resource?.policyDocument ?? resource?.keyPolicy;
}

function warnOfPolicy(scope: Construct, what: string): void {
  Annotations.of(scope).addWarningV2('cdk-jobworks:dashboard.mayNotPublish',
    `Whether alarms reach their topic cannot be seen here: ${what} ${ALARM_PUBLISHERS.join(', ')}, on condition that aws:SourceAccount is this account. `
    + 'Acknowledge this when it does.');
}
