import { Token } from 'aws-cdk-lib';
import type { AlarmChannel, ChannelTarget } from './alarm-channel';
import { grouped, type PropRules } from '../internal/prop-rules';

/** What a value of a channel must look like, and how one finds the right one. */
type ValueRule = readonly [pattern: RegExp, must: string, fix: string];

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const ADDRESS = /^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+\.[^\s@<>()[\],;:\\".]+$/;

/** As `AWS::Chatbot` takes them, and as Slack and Teams make them. */
const SLACK: Record<string, ValueRule> = {
  workspaceId: [/^[TE][0-9A-Z]{2,254}$/, 'a workspace of Slack, such as T012ABCDEFG',
    'it is in the address of the workspace in a browser, app.slack.com/client/T012ABCDEFG'],
  channelId: [/^[CGD][0-9A-Z]{2,254}$/, 'a channel of Slack, such as C012ABCDEFG',
    'give the id and not the name: it is the end of what "Copy link" gives for the channel'],
};
const TEAMS: Record<string, ValueRule> = {
  teamId: [UUID, 'the id of a team, such as 01234567-89ab-cdef-0123-456789abcdef', 'it is the groupId in what "Get link to channel" gives'],
  tenantId: [UUID, 'the id of a tenant, such as 01234567-89ab-cdef-0123-456789abcdef', 'it is the tenantId in what "Get link to channel" gives'],
  channelId: [/^[\w+/.,=-]*(:|%3a)[\w+/.,=-]*(@|%40)[\w+/.,=-]*$/i, 'the id of a channel of Teams, such as 19:ab12@thread.tacv2',
    'it follows /channel/ in what "Get link to channel" gives'],
};

/**
 * Webhooks of chats take messages of their own format alone: they neither confirm the subscription nor show what Amazon SNS sends.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html
 */
const CHATS: readonly (readonly [host: RegExp, instead: string])[] = [
  [/^hooks\.slack(-gov)?\.com$/, 'write AlarmChannel.slack({ workspaceId, channelId })'],
  [/(^|\.)webhook\.office\.com$/, 'write AlarmChannel.teams({ teamId, tenantId, channelId })'],
  [/^(discord(app)?\.com|chat\.googleapis\.com)$/, 'subscribe a function that writes there: dashboard.pageTopic.addSubscription(…)'],
];

const MOST_ADDRESS_LENGTH = 254;

/**
 * The rules of channels: each leads somewhere, once, and tells of something.
 *
 * @param prop where they were given, such as `notify`
 */
export function checkChannels(rules: PropRules, prop: string, channels: readonly AlarmChannel[] = []): void {
  const known = new Map<string, number>();
  channels.forEach(({ _target: target, _options: { severities } }, index) => {
    const at = `${prop}[${index}]`;
    checkTarget(rules, at, target);
    rules.check(severities === undefined || severities.length > 0, {
      rule: `${at}.severities must not be empty`,
      fix: 'name a severity, such as AlarmSeverity.PAGE, or leave severities out for all of them',
    });
    const name = nameOf(target);
    const first = known.get(name);
    rules.check(first === undefined, {
      rule: `${at} must not be the same as ${prop}[${first}]`,
      value: Token.isUnresolved(name) ? undefined : target.kind === 'https' ? withoutSecrets(name) : name,
      fix: 'give a channel once, with all of its severities: what comes twice is soon read by nobody',
    });
    known.set(name, first ?? index);
  });
}

/** What makes a channel the same as another one, whoever is told what by it. */
export function nameOf(target: ChannelTarget): string {
  switch (target.kind) {
    case 'email': return Token.isUnresolved(target.address) ? target.address : target.address.toLowerCase();
    case 'https': return target.url;
    case 'slack': return `${target.workspaceId}/${target.channelId}`;
    case 'teams': return `${target.teamId}/${teamsChannelId(target.channelId)}`;
  }
}

/** As it stands in an address, which is how `AWS::Chatbot` wants it. */
export function teamsChannelId(channelId: string): string {
  return Token.isUnresolved(channelId) ? channelId : channelId.replace(/:|%3a/i, '%3A').replace(/@|%40/i, '%40');
}

function checkTarget(rules: PropRules, at: string, target: ChannelTarget): void {
  switch (target.kind) {
    case 'email': return checkAddress(rules, at, target.address);
    case 'https': return checkUrl(rules, at, target.url);
    case 'slack': return checkIds(rules, at, target, SLACK);
    case 'teams': return checkIds(rules, at, target, TEAMS);
  }
}

function checkAddress(rules: PropRules, at: string, address: string): void {
  rules.check(Token.isUnresolved(address) || (ADDRESS.test(address) && address.length <= MOST_ADDRESS_LENGTH), {
    rule: `${at} must be an e-mail address`,
    value: address,
    fix: `write AlarmChannel.email('team@example.com'), one address and nothing around it, of ${grouped(MOST_ADDRESS_LENGTH)} characters at most`,
  });
}

function checkUrl(rules: PropRules, at: string, url: string): void {
  if (Token.isUnresolved(url)) {
    return;
  }
  const plain = /^http:/i.test(url);
  rules.check(!plain, {
    rule: `${at} must be an address with https://`,
    value: withoutSecrets(url),
    fix: 'write https: over plain HTTP anybody on the way can read an alarm, or make one',
  });
  rules.check(plain || (/^https:\/\//i.test(url) && URL.canParse(url)), {
    rule: `${at} must be an address with https://`,
    value: withoutSecrets(url),
    fix: "write AlarmChannel.https('https://…') with the whole address that the on-call service shows",
  });
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const [, instead] = CHATS.find(([pattern]) => pattern.test(host)) ?? [];
  rules.check(instead === undefined, {
    rule: `${at} must be an endpoint that confirms a subscription of Amazon SNS, which a webhook of a chat does not: nothing would ever arrive`,
    value: withoutSecrets(url),
    fix: instead ?? '',
  });
}

function checkIds(rules: PropRules, at: string, target: ChannelTarget, values: Record<string, ValueRule>): void {
  for (const [name, [pattern, must, fix]] of Object.entries(values)) {
    const value = (target as unknown as Record<string, string>)[name]!;
    rules.check(Token.isUnresolved(value) || pattern.test(value), { rule: `${at}.${name} must be ${must}`, value, fix });
  }
}

/** The key of an integration is in its path, and errors are read by many. */
function withoutSecrets(url: string): string {
  return URL.canParse(url) && new URL(url).host !== '' ? `${new URL(url).origin}/…` : `${url.slice(0, 8)}…`;
}
