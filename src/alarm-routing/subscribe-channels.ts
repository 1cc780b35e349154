import { createHash } from 'node:crypto';
import { Duration, Token } from 'aws-cdk-lib';
import { BackoffFunction, Subscription, SubscriptionProtocol, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AlarmChannel, ChannelTarget } from './alarm-channel';
import { nameOf } from './channel-rules';
import { ChatChannels } from './chat-channels';
import { acknowledge } from '../internal/acknowledge';
import { AlarmSeverity } from '../monitoring/monitored';

/** The topics, by what is told on them. */
type Topics = Readonly<Record<'pageTopic' | 'ticketTopic', ITopic>>;

/** An on-call service that does not answer is tried again for up to 45 minutes. SNS's own three tries end after a minute. */
const TRIES = 15;
const LONGEST_PAUSE_SECONDS = 180;

/** Connects channels to the topics of their severities. A topic for both tells each channel once. */
export function subscribe(scope: Construct, channels: readonly AlarmChannel[], topics: Topics): void {
  const chat = new ChatChannels(scope);
  channels.forEach(({ _target: target, _options: { severities = Object.values(AlarmSeverity) } }, index) => {
    const told = [...new Set(severities.map((severity) => (severity === AlarmSeverity.PAGE ? topics.pageTopic : topics.ticketTopic)))];
    const id = idOf(target, index);
    if (target.kind === 'slack' || target.kind === 'teams') {
      chat.add(id, target, told);
      return;
    }
    told.forEach((topic) => createSubscription(scope, `${topic === topics.pageTopic ? 'Page' : 'Ticket'}${id}`, target, topic));
  });
}

/** By what it is and not by its place, so that a channel more or less leaves the others as they are. */
function idOf(target: ChannelTarget, index: number): string {
  const name = nameOf(target);
  const kind = target.kind[0]!.toUpperCase() + target.kind.slice(1);
  return `${kind}${Token.isUnresolved(name) ? index : createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

function createSubscription(scope: Construct, id: string, target: Extract<ChannelTarget, { kind: 'email' | 'https' }>, topic: ITopic): void {
  const subscription = new Subscription(scope, id, {
    topic,
    ...(target.kind === 'email'
      ? { protocol: SubscriptionProtocol.EMAIL, endpoint: target.address }
      : { protocol: SubscriptionProtocol.HTTPS, endpoint: target.url, deliveryPolicy: { healthyRetryPolicy: patiently() } }),
  });
  acknowledge(subscription, {
    id: 'Serverless-SNSRedrivePolicy',
    reason: 'A notification that is read hours later wakes nobody. What cannot be delivered is counted (NumberOfNotificationsFailed), and the alarm stays as it is.',
  });
}

function patiently() {
  return {
    minDelayTarget: Duration.seconds(5),
    maxDelayTarget: Duration.seconds(LONGEST_PAUSE_SECONDS),
    numRetries: TRIES,
    backoffFunction: BackoffFunction.EXPONENTIAL,
  };
}
