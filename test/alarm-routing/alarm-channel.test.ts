import { Lazy } from 'aws-cdk-lib';
import { AlarmChannel } from '../../src/alarm-routing/alarm-channel';
import { checkChannels } from '../../src/alarm-routing/channel-rules';
import { PropRules } from '../../src/internal/prop-rules';
import { AlarmSeverity } from '../../src/monitoring/monitored';

const TEAM = { teamId: '01234567-89ab-cdef-0123-456789abcdef', tenantId: 'fedcba98-7654-3210-fedc-ba9876543210', channelId: '19:ab_1-2@thread.tacv2' };
const SLACK = { workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' };

function broken(...channels: AlarmChannel[]): string[] {
  const lines: string[] = [];
  checkChannels(new PropRules({ node: { path: 'Ops' } }, lines), 'notify', channels);
  return lines;
}

test('what is right is taken', () => {
  const later = Lazy.string({ produce: () => '' });
  expect(broken(
    AlarmChannel.email('on-call+jobs@mail.example.co.uk', { severities: [AlarmSeverity.PAGE] }),
    AlarmChannel.https('https://events.pagerduty.com/integration/0123/enqueue'),
    AlarmChannel.https('https://user:password@127.0.0.1:8443/alarms'),
    AlarmChannel.slack(SLACK),
    AlarmChannel.slack({ ...SLACK, channelId: 'G012ABCDEFG' }),
    AlarmChannel.teams(TEAM),
    AlarmChannel.teams({ ...TEAM, channelId: '19%3aother%40thread.tacv2' }),
    AlarmChannel.email(later),
    AlarmChannel.https(Lazy.string({ produce: () => '' })),
    AlarmChannel.slack({ workspaceId: later, channelId: later }),
  )).toEqual([]);
});

test.each([
  ['nothing', ''],
  ['no domain', 'team'],
  ['no end of the domain', 'team@example'],
  ['a name around it', 'Team <team@example.com>'],
  ['two', 'a@example.com,b@example.com'],
  ['a space', 'on call@example.com'],
  ['a dot at its end', 'team@example.com.'],
  ['too long', `${'a'.repeat(250)}@b.de`],
])('fails for an address: %s', (_, address) => {
  expect(broken(AlarmChannel.email(address))).toEqual([
    `Ops: notify[0] must be an e-mail address. Given: ${address || "''"}. `
    + "Fix: write AlarmChannel.email('team@example.com'), one address and nothing around it, of 254 characters at most.",
  ]);
});

test('fails for plain HTTP, and keeps the key of an integration out of the error', () => {
  expect(broken(AlarmChannel.https('http://events.pagerduty.com/integration/s3cret/enqueue?key=s3cret'))).toEqual([
    'Ops: notify[0] must be an address with https://. Given: http://events.pagerduty.com/…. '
    + 'Fix: write https: over plain HTTP anybody on the way can read an alarm, or make one.',
  ]);
});

test.each(['events.pagerduty.com/integration/s3cret', 'ftp://example.com/s3cret', 'https://', 'https:example.com', 'https://exa mple.com/s3cret'])('fails for what is no URL: %s', (url) => {
  const [line, ...others] = broken(AlarmChannel.https(url));
  expect(line).toMatch(/^Ops: notify\[0\] must be an address with https:\/\/\. .*Fix: write AlarmChannel\.https\('https:\/\/…'\) with the whole address/);
  expect(line).not.toContain('s3cret');
  expect(others).toEqual([]);
});

test.each([
  ['workspaceId', 'my-workspace', 'a workspace of Slack, such as T012ABCDEFG'],
  ['workspaceId', 'C012ABCDEFG', 'a workspace of Slack, such as T012ABCDEFG'],
  ['channelId', '#alerts', 'a channel of Slack, such as C012ABCDEFG'],
  ['channelId', 'T012ABCDEFG', 'a channel of Slack, such as C012ABCDEFG'],
])('fails for Slack: %s %s', (name, value, must) => {
  expect(broken(AlarmChannel.slack({ ...SLACK, [name]: value }))).toEqual([expect.stringContaining(`notify[0].${name} must be ${must}. Given: ${value}. Fix: `)]);
});

test.each([
  ['teamId', 'engineering', 'the id of a team'],
  ['tenantId', '01234567-89ab-cdef-0123-456789abcde', 'the id of a tenant'],
  ['channelId', 'General', 'the id of a channel of Teams'],
  ['channelId', '19:ab@thread.tacv2/General', undefined],
  ['channelId', 'https://teams.microsoft.com/l/channel/19%3aab%40thread.tacv2', 'the id of a channel of Teams'],
])('Teams: %s %s', (name, value, must) => {
  expect(broken(AlarmChannel.teams({ ...TEAM, [name]: value }))).toEqual(must === undefined ? [] : [expect.stringContaining(`notify[0].${name} must be ${must}`)]);
});

test('fails for a channel that is given twice, however it is written', () => {
  expect(broken(
    AlarmChannel.email('team@example.com', { severities: [AlarmSeverity.PAGE] }),
    AlarmChannel.teams(TEAM),
    AlarmChannel.email('Team@Example.com', { severities: [AlarmSeverity.TICKET] }),
    AlarmChannel.teams({ ...TEAM, channelId: '19%3Aab_1-2%40thread.tacv2' }),
  )).toEqual([
    'Ops: notify[2] must not be the same as notify[0]. Given: team@example.com. Fix: give a channel once, with all of its severities: what comes twice is soon read by nobody.',
    expect.stringContaining('notify[3] must not be the same as notify[1]'),
  ]);
});

test('an address that is given twice is not shown where it has a key', () => {
  const url = 'https://events.pagerduty.com/integration/s3cret/enqueue';
  expect(broken(AlarmChannel.https(url), AlarmChannel.https(url))[0]).not.toContain('s3cret');
});

test.each([
  ['https://hooks.slack.com/services/T0/B0/s3cret', 'AlarmChannel.slack({ workspaceId, channelId })'],
  ['https://contoso.webhook.office.com/webhookb2/s3cret', 'AlarmChannel.teams({ teamId, tenantId, channelId })'],
  ['https://discord.com/api/webhooks/1/s3cret', 'subscribe a function that writes there'],
])('fails for a webhook of a chat, which confirms no subscription: %s', (url, instead) => {
  const [line, ...others] = broken(AlarmChannel.https(url));
  expect(line).toMatch(/^Ops: notify\[0\] must be an endpoint that confirms a subscription of Amazon SNS/);
  expect(line).toContain(instead);
  expect(line).not.toContain('s3cret');
  expect(others).toEqual([]);
});

test('fails for a channel that is told of nothing', () => {
  expect(broken(AlarmChannel.email('team@example.com', { severities: [] }))).toEqual([
    'Ops: notify[0].severities must not be empty. Fix: name a severity, such as AlarmSeverity.PAGE, or leave severities out for all of them.',
  ]);
});

test.each([
  ['email', () => AlarmChannel.email(undefined as unknown as string), "AlarmChannel.email() takes a text. Given: nothing. Fix: write AlarmChannel.email('team@example.com')"],
  ['https', () => AlarmChannel.https({} as unknown as string), "AlarmChannel.https() takes a text. Given: an empty object. Fix: write AlarmChannel.https('https://…')"],
  ['slack', () => AlarmChannel.slack({ workspaceId: 'T1' } as unknown as typeof SLACK), 'AlarmChannel.slack(): channelId must be a text'],
  ['teams', () => AlarmChannel.teams({ ...TEAM, teamId: 5 } as unknown as typeof TEAM), 'AlarmChannel.teams(): teamId must be a text'],
  ['severities', () => AlarmChannel.email('a@b.de', { severities: ['page'] as unknown as AlarmSeverity[] }), 'severities[0] must be one of AlarmSeverity'],
])('what is of another kind is said at once: %s', (_, make, said) => {
  expect(make).toThrow(said);
});
