import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AlarmChannel } from '../../src/alarm-routing/alarm-channel';
import { createAlarmTopics, topicOf, type AlarmTopicsOptions } from '../../src/alarm-routing/alarm-topics';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { AlarmSeverity } from '../../src/monitoring/monitored';
import { expectNoFindings } from '../support/findings';

const { PAGE, TICKET } = AlarmSeverity;
const PUBLISHERS = { Service: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com', 'costalerts.amazonaws.com'] };
const OF_THIS_ACCOUNT = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const EVERY_CHANNEL = [
  AlarmChannel.email('team@example.com'),
  AlarmChannel.https('https://events.pagerduty.com/integration/0123/enqueue', { severities: [PAGE] }),
  AlarmChannel.slack({ workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' }),
  AlarmChannel.teams({
    teamId: '01234567-89ab-cdef-0123-456789abcdef', tenantId: 'fedcba98-7654-3210-fedc-ba9876543210', channelId: '19:ab@thread.tacv2', severities: [TICKET, TICKET],
  }),
];

function topicsOf(options: Partial<AlarmTopicsOptions> = {}, stack = new Stack(new App(), 'Ops')) {
  const topics = createAlarmTopics(stack, { title: 'Operations', profile: EnvironmentProfile.prod(), ...options });
  return { stack, topics, template: Template.fromStack(stack) };
}

function warnings(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
}

test('there is a topic for each severity, encrypted with a key that alarms may use', () => {
  const { template, topics } = topicsOf();

  template.resourceCountIs('AWS::SNS::Topic', 2);
  template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AlarmKey'), 'Arn'] } });
  template.hasResourceProperties('AWS::SNS::Topic', { DisplayName: 'Operations: page' });
  template.hasResourceProperties('AWS::SNS::Topic', { DisplayName: 'Operations: ticket' });
  template.hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'RetainExceptOnCreate',
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: { Statement: Match.arrayWith([{ Sid: 'Alarms', Effect: 'Allow', Principal: PUBLISHERS, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*', Condition: OF_THIS_ACCOUNT }]) },
    },
  });
  expect([topicOf(topics, PAGE), topicOf(topics, TICKET)]).toEqual([topics.pageTopic, topics.ticketTopic]);
});

test('only alarms, budgets and anomalies of this account publish, and by TLS alone', () => {
  const { template } = topicsOf();
  const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy'));

  expect(policies).toHaveLength(2);
  for (const { Properties: { PolicyDocument: { Statement }, Topics } } of policies) {
    expect(Statement).toEqual([
      { Sid: 'AllowPublishThroughSSLOnly', Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: Topics[0], Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Sid: 'Alarms', Effect: 'Allow', Principal: PUBLISHERS, Action: 'sns:Publish', Resource: Topics[0], Condition: OF_THIS_ACCOUNT },
    ]);
  }
});

test('in development there is no key to pay for: none that AWS manages lets alarms publish', () => {
  const { template } = topicsOf({ profile: EnvironmentProfile.dev() });

  template.resourceCountIs('AWS::KMS::Key', 0);
  template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.absent() });
});

test('a key that is given is used, also in development, and lets alarms in', () => {
  const stack = new Stack(new App(), 'Ops');
  const { template } = topicsOf({ profile: EnvironmentProfile.dev(), encryptionKey: new Key(stack, 'Own') }, stack);

  template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Own'), 'Arn'] } });
  template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'Alarms' })]) } });
  expect(warnings(stack)).toEqual([]);
});

test('of a key that is imported it is said what it must allow', () => {
  const stack = new Stack(new App(), 'Ops');
  topicsOf({ encryptionKey: Key.fromKeyArn(stack, 'Theirs', 'arn:aws:kms:eu-west-1:111111111111:key/1') }, stack);

  expect(warnings(stack)).toEqual([expect.stringMatching(/the key Ops\/Theirs is imported, so its policy must allow kms:Decrypt and kms:GenerateDataKey to cloudwatch.amazonaws.com, .*cdk-jobworks:dashboard.mayNotPublish/)]);
});

describe('topics that are given', () => {
  test('are used as they are', () => {
    const stack = new Stack(new App(), 'Ops');
    const [pageTopic, ticketTopic] = [new Topic(stack, 'Mine'), new Topic(stack, 'Yours')];
    const { template, topics } = topicsOf({ pageTopic, ticketTopic, channels: [AlarmChannel.email('team@example.com')] }, stack);

    expect(topics).toEqual({ pageTopic, ticketTopic, encryptionKey: undefined });
    template.resourceCountIs('AWS::SNS::Topic', 2);
    template.resourceCountIs('AWS::SNS::TopicPolicy', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    expect(warnings(stack)).toEqual([]);
  });

  test('and are one tell a channel once', () => {
    const stack = new Stack(new App(), 'Ops');
    const topic = new Topic(stack, 'Mine');
    const { template } = topicsOf({ pageTopic: topic, ticketTopic: topic, channels: EVERY_CHANNEL }, stack);

    template.resourceCountIs('AWS::SNS::Subscription', 2);
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', { SnsTopicArns: [{ Ref: Match.stringLikeRegexp('^Mine') }] });
  });

  test('with one of them, the other is made', () => {
    const stack = new Stack(new App(), 'Ops');
    const { template } = topicsOf({ pageTopic: new Topic(stack, 'Mine') }, stack);
    expect(Object.keys(template.findResources('AWS::SNS::Topic')).map((id) => id.slice(0, -8))).toEqual(['Mine', 'TicketTopic']);
  });

  test.each([
    ['a policy that lets no alarm in, as one for TLS alone', (stack: Stack) => new Topic(stack, 'Mine', { enforceSSL: true }), true],
    ['a policy that lets alarms in', (stack: Stack) => {
      const topic = new Topic(stack, 'Mine', { enforceSSL: true });
      topic.addToResourcePolicy(new PolicyStatement({ principals: [new ServicePrincipal('cloudwatch.amazonaws.com')], actions: ['sns:Publish'], resources: [topic.topicArn] }));
      return topic;
    }, false],
    ['a key that lets no alarm in', (stack: Stack) => new Topic(stack, 'Mine', { masterKey: new Key(stack, 'Key') }), true],
    ['a topic that is imported', (stack: Stack) => Topic.fromTopicArn(stack, 'Mine', 'arn:aws:sns:eu-west-1:111111111111:theirs'), true],
  ])('%s: a warning says what must be allowed: %#', (_, make, warned) => {
    const stack = new Stack(new App(), 'Ops');
    topicsOf({ pageTopic: make(stack) }, stack);

    expect(warnings(stack)).toEqual(warned
      ? [expect.stringMatching(/the policy of the topic Ops\/Mine, .* must allow sns:Publish, kms:Decrypt and kms:GenerateDataKey to cloudwatch.amazonaws.com, .*cdk-jobworks:dashboard.mayNotPublish/)]
      : []);
  });
});

describe('channels', () => {
  test('mails are subscribed to what they are told of', () => {
    const { template } = topicsOf({ channels: [AlarmChannel.email('team@example.com'), AlarmChannel.email('night@example.com', { severities: [PAGE] })] });
    const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription')).map(({ Properties }) => Properties);

    expect(subscriptions).toEqual([
      { Protocol: 'email', Endpoint: 'team@example.com', TopicArn: { Ref: expect.stringMatching('^PageTopic') } },
      { Protocol: 'email', Endpoint: 'team@example.com', TopicArn: { Ref: expect.stringMatching('^TicketTopic') } },
      { Protocol: 'email', Endpoint: 'night@example.com', TopicArn: { Ref: expect.stringMatching('^PageTopic') } },
    ].sort(() => 0));
  });

  test('an on-call service that does not answer is tried again for a while, within the hour that there is', () => {
    const { template } = topicsOf({ channels: [AlarmChannel.https('https://example.com/alarms', { severities: [PAGE] })] });
    const [{ Properties }] = Object.values(template.findResources('AWS::SNS::Subscription')) as [{ Properties: { DeliveryPolicy: { healthyRetryPolicy: Record<string, number> } } }];

    expect(Properties).toMatchObject({ Protocol: 'https', Endpoint: 'https://example.com/alarms', TopicArn: { Ref: expect.stringMatching('^PageTopic') } });
    expect(Properties).not.toHaveProperty('RawMessageDelivery');
    const { numRetries, minDelayTarget, maxDelayTarget } = Properties.DeliveryPolicy.healthyRetryPolicy;
    expect(minDelayTarget).toBe(5);
    expect(numRetries! * maxDelayTarget!).toBeGreaterThanOrEqual(1_800);
    expect(numRetries! * maxDelayTarget!).toBeLessThanOrEqual(3_600);
  });

  test('one more or less leaves the others as they are', () => {
    const ids = (...channels: AlarmChannel[]) => Object.keys(topicsOf({ channels }).template.findResources('AWS::SNS::Subscription'));
    const [one, other] = [AlarmChannel.email('one@example.com'), AlarmChannel.email('other@example.com')];
    expect(ids(one, other)).toEqual(expect.arrayContaining(ids(other)));
  });

  test('an address that is known at deployment is taken', () => {
    const { template } = topicsOf({ channels: [AlarmChannel.https(Lazy.string({ produce: () => '{{resolve:ssm:/on-call}}' }))] });
    template.allResourcesProperties('AWS::SNS::Subscription', { Endpoint: '{{resolve:ssm:/on-call}}' });
  });

  test('chats may read alarms and nothing else: their role may no more, nor may it be given more', () => {
    const { template } = topicsOf({ channels: EVERY_CHANNEL });
    const policy = { Ref: Match.stringLikeRegexp('^ChatGuardrail') };

    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackWorkspaceId: 'T012ABCDEFG',
      SlackChannelId: 'C012ABCDEFG',
      IamRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ChatRole'), 'Arn'] },
      GuardrailPolicies: [policy],
      SnsTopicArns: [{ Ref: Match.stringLikeRegexp('^PageTopic') }, { Ref: Match.stringLikeRegexp('^TicketTopic') }],
    });
    template.hasResourceProperties('AWS::Chatbot::MicrosoftTeamsChannelConfiguration', {
      TeamId: '01234567-89ab-cdef-0123-456789abcdef',
      TeamsTenantId: 'fedcba98-7654-3210-fedc-ba9876543210',
      TeamsChannelId: '19%3Aab%40thread.tacv2',
      GuardrailPolicies: [policy],
      SnsTopicArns: [{ Ref: Match.stringLikeRegexp('^TicketTopic') }],
    });
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { Service: 'chatbot.amazonaws.com' }, Action: 'sts:AssumeRole', Condition: Match.absent() }],
      },
      ManagedPolicyArns: [policy],
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics'], Resource: '*' }] },
    });
  });

  test('configurations of chats have names of their own in the account', () => {
    const { template } = topicsOf({ channels: EVERY_CHANNEL });
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      ConfigurationName: { 'Fn::Join': ['', [Match.stringLikeRegexp('^Ops-Slack\\w{8}-$'), { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] },
    });
  });

  test('there is no role without a chat', () => {
    topicsOf({ channels: EVERY_CHANNEL.slice(0, 2) }).template.resourceCountIs('AWS::IAM::Role', 0);
  });

  test.each([
    ['nobody is', [AlarmChannel.email('team@example.com', { severities: [TICKET] })], true],
    ['somebody is', EVERY_CHANNEL, false],
    ['there are no channels: subscriptions come later', [], false],
  ])('a warning says that nobody is woken: %s', (_, channels, warned) => {
    const { stack } = topicsOf({ channels });
    expect(warnings(stack)).toEqual(warned ? [expect.stringContaining('nobody is woken')] : []);
  });
});

test.each([['prod', EnvironmentProfile.prod()], ['dev', EnvironmentProfile.dev()]])('%s: no finding that nobody gave a reason for', (_, profile) => {
  const app = new App();
  topicsOf({ profile, channels: EVERY_CHANNEL }, new Stack(app, 'Ops'));
  expectNoFindings(app);
});
