import { App, Aws, CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Dashboard, GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { dashboardOf, Everything, metric, newStack, pageOf, refusal, thing } from './support';
import { AlarmChannel } from '../../src/alarm-routing/alarm-channel';
import { AlarmSeverity, DashboardSection, type IMonitored, type Monitoring } from '../../src/monitoring/monitored';
import { ObservabilityDashboard } from '../../src/observability-dashboard/observability-dashboard';
import type { ObservabilityDashboardProps } from '../../src/observability-dashboard/observability-dashboard-props';

const BARE = () => thing({ title: 'bare' });

function refused(props: unknown, stack = newStack()): string {
  return refusal(() => new ObservabilityDashboard(stack, 'Operations', props as ObservabilityDashboardProps));
}

/** With what a thing says that says something wrong. */
function refusedToSay(monitoring: unknown): string {
  return refused({ monitored: [{ monitor: () => monitoring }] });
}

function alarmOf(stack = newStack()) {
  const alarm = new Alarm(stack, 'Alarm', { metric: metric('M', 'x'), threshold: 1, evaluationPeriods: 1 });
  return { alarm, severity: AlarmSeverity.PAGE, label: 'rings', action: 'Look.' };
}

test.each<[string, unknown, string]>([
  ['a list', [], 'props must be an object'],
  ['monitored: a thing alone', { monitored: BARE() }, 'monitored must be a list, each of it an IMonitored'],
  ['dashboardName: a number', { dashboardName: 5 }, 'dashboardName must be a text. Given: 5'],
  ['dashboardName with a space', { dashboardName: 'my page' }, "dashboardName must be 1 to 255 letters, digits, - and _. Given: my page. Fix: write dashboardName: 'my-page'"],
  ['dashboardName: too long', { dashboardName: 'x'.repeat(256) }, 'dashboardName must be 1 to 255 letters'],
  ['dashboardName: nothing', { dashboardName: '' }, "Fix: write dashboardName: 'operations'"],
  ['title: nothing', { title: ' ' }, 'title must be 1 to 100 characters on one line'],
  ['title: two lines', { title: 'a\nb' }, 'title must be 1 to 100 characters on one line'],
  ['profile: its name', { profile: 'prod' }, 'Fix: write profile: EnvironmentProfile.prod()'],
  ['notify: an address', { notify: ['team@example.com'] }, "must be an AlarmChannel. Given: 'team@example.com'. Fix: write AlarmChannel.email('team@example.com')"],
  ['notify: what is no address', { notify: [AlarmChannel.email('team')] }, 'notify[0] must be an e-mail address'],
  ['pageTopic: an ARN', { pageTopic: 'arn:aws:sns:eu-west-1:111111111111:t' }, 'pageTopic must be an sns.ITopic'],
  ['pageTopic: a FIFO topic with notify', { pageTopic: new Topic(newStack(), 'T', { fifo: true }), notify: [AlarmChannel.email('a@b.de')] }, 'pageTopic must not be a FIFO topic beside notify'],
  ['runbooks: no address', { runbooks: 'wiki/runbooks' }, 'runbooks must be an address with https://. Given: wiki/runbooks'],
  ['runbooks: not whole', { runbooks: 'https://' }, 'runbooks must be an address with https://'],
  ['runbooks with a space', { runbooks: 'https://wiki.example.com/run books' }, 'runbooks must be an address with https://'],
  ['defaultRange: hours', { defaultRange: 3 }, 'Fix: write defaultRange: Duration.hours(3)'],
  ['defaultRange: seconds', { defaultRange: Duration.seconds(90) }, 'defaultRange must be from 1 minute to 455 days, in whole minutes. Given: 1 minute 30 seconds'],
  ['defaultRange: nothing', { defaultRange: Duration.minutes(0) }, 'defaultRange must be from 1 minute'],
  ['defaultRange: years', { defaultRange: Duration.days(456) }, 'defaultRange must be from 1 minute to 455 days'],
  ['foldAfter: less than none', { foldAfter: -1 }, 'foldAfter must be a whole number from 0 to 500. Given: -1'],
  ['foldAfter: a part', { foldAfter: 1.5 }, 'foldAfter must be a whole number'],
  ['savedQueries: a text', { savedQueries: 'yes' }, 'savedQueries must be true or false'],
])('fails for %s', (_, props, message) => {
  expect(refused(props)).toContain(message);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'monitored[0].monitor() must be an object. Given: nothing'],
  ['no title', {}, "monitored[0].monitor().title must be a text. Given: nothing. Fix: write title: '…'"],
  ['an empty title', { title: '' }, 'monitored[0].monitor().title must be 1 to 100 characters on one line'],
  ['an alarm alone', { title: 't', alarms: [{ alarm: 'arn' }] }, 'monitored[0].monitor().alarms[0].alarm must be a cloudwatch.IAlarm'],
  ['an alarm without urgency', { title: 't', alarms: [{ ...alarmOf(), severity: 'sev1' }] }, 'alarms[0].severity must be one of AlarmSeverity'],
  ['a section of its own', { title: 't', rows: [{ section: 'MINE', widgets: [] }] }, 'rows[0].section must be one of DashboardSection'],
  ['a widget that is none', { title: 't', rows: [{ section: 'FLOW', widgets: [{}] }] }, 'rows[0].widgets[0] must be a cloudwatch.IWidget'],
  ['a metric that is none', { title: 't', verdict: { arrived: 5 } }, 'verdict.arrived must be a cloudwatch.IMetric'],
  ['logs that are none', { title: 't', logs: [{ logGroup: '/aws/lambda/fn', kind: 'JOBS' }] }, 'logs[0].logGroup must be a logs.ILogGroup'],
  ['costs of nothing', { title: 't', costs: [{ service: ' ', metric: metric('M', 'x') }] }, 'costs[0].service must not be empty'],
  ['a page with a space', { title: 't', alarms: [{ ...alarmOf(), runbook: 'failure rate' }] }, 'alarms[0].runbook must be the name of a page, or an address'],
])('fails for what says %s', (_, monitoring, message) => {
  expect(refusedToSay(monitoring)).toContain(message);
});

test('fails for what cannot be watched, and says what makes it so that it can', () => {
  const stack = newStack();
  const fn = new LambdaFunction(stack, 'Fn', { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  expect(refused({ monitored: [fn] }, stack)).toMatch(/monitored\[0] must be an IMonitored\. Given: a Function \(Stack\/Fn\)\. Fix: .*Monitored\.fromFunction\(fn\)/);
  const dashboard = dashboardOf([BARE()], {}, newStack());
  expect(refusal(() => dashboard.add(undefined as never))).toContain('add(…)[0] must be an IMonitored. Given: nothing');
});

test('fails for rows wider than the page', () => {
  const widgets = [new GraphWidget({ width: 13 }), new GraphWidget({ width: 12 })];
  expect(refusedToSay({ title: 't', rows: [{ section: DashboardSection.FLOW, widgets }] }))
    .toContain('monitored[0].monitor().rows[0].widgets must be 24 units wide together at most. Given: 25. Fix: make them narrower');
});

test('fails for the same thing twice, given or added', () => {
  const one = BARE();
  expect(refused({ monitored: [one, one] })).toContain('monitored[1] is watched already, as bare');
  const dashboard = dashboardOf([one]);
  expect(refusal(() => dashboard.add(one))).toContain('add(…)[0] is watched already, as bare');
});

test('fails for two titles that are the same', () => {
  expect(refused({ monitored: [BARE(), BARE()] })).toContain('monitored[1].monitor().title must be of one thing alone. Given: bare');
  const dashboard = dashboardOf([BARE()]);
  expect(refusal(() => dashboard.add(BARE()))).toContain('add(…)[0].monitor().title must be of one thing alone');
});

test('fails for an alarm that two things have, or one has twice', () => {
  const alarm = alarmOf();
  const of = (title: string): IMonitored => thing({ title, alarms: [alarm] });
  expect(refused({ monitored: [of('one'), of('two')] })).toContain('monitored[1].monitor().alarms[0] is an alarm of one thing alone, and one has it. Given: rings');
  expect(refused({ monitored: [thing({ title: 'one', alarms: [alarm, alarm] })] })).toContain('alarms[1] is an alarm of one thing alone, and one has it');
  const dashboard = dashboardOf([of('one')], {}, Stack.of(alarm.alarm));
  expect(refusal(() => dashboard.add(of('two')))).toContain('and one has it');
});

test('an imported alarm is known by its ARN', () => {
  const stack = newStack();
  const of = (title: string): IMonitored => thing({
    title, alarms: [{ ...alarmOf(newStack()), alarm: Alarm.fromAlarmArn(stack, title, 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:a') }],
  });
  expect(refused({ monitored: [of('one'), of('two')] }, stack)).toContain('and one has it');
});

test('everything that is wrong is said at once', () => {
  expect(refused({ dashboardName: 'my page', foldAfter: -1, runbooks: 'wiki', monitored: [thing({ title: '' }), BARE(), BARE()] }))
    .toMatch(/^Stack\/Operations: 5 rules are broken\./);
});

test('a refused thing leaves the dashboard as it was', () => {
  const stack = newStack();
  const dashboard = dashboardOf([new Everything(stack, 'One')], {}, stack);
  refusal(() => dashboard.add(new Everything(stack, 'Two'), BARE(), BARE()));
  expect(dashboard.pageAlarms).toHaveLength(1);
});

test('fails where there is nothing to show when all is known', () => {
  const stack = newStack();
  const dashboard = new ObservabilityDashboard(stack, 'Operations');
  expect(refusal(() => pageOf(stack))).toContain('[Stack/Operations] There is nothing to show. Fix: name what is watched, as monitored: [pipeline], or by add(pipeline).');
  expect(refusal(() => dashboard.add(BARE()))).toContain('add(…) cannot be called when the app is being synthesised');
});

test('fails for a name that another dashboard of the account has', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  dashboardOf([BARE()], { dashboardName: 'operations' }, stack);
  new Dashboard(new Stack(app, 'Other'), 'Mine', { dashboardName: 'operations' });
  expect(refusal(() => pageOf(stack))).toContain('[Stack/Operations] dashboardName operations is taken by Other/Mine/Resource: an account has one dashboard of a name.');
});

test('a name may be taken in another account, and names that are known later are nobody else\'s', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  dashboardOf([BARE()], { dashboardName: 'operations' }, stack);
  new Dashboard(new Stack(app, 'Other', { env: { account: '222222222222', region: 'eu-west-1' } }), 'Mine', { dashboardName: 'operations' });
  new Dashboard(stack, 'Later', { dashboardName: Lazy.string({ produce: () => 'later' }) });
  new Dashboard(stack, 'Nameless');
  expect(() => Template.fromStack(stack)).not.toThrow();
});

test('fails for a key that has nothing to encrypt', () => {
  const stack = newStack();
  const topic = new Topic(stack, 'Topic');
  expect(refused({ monitored: [BARE()], pageTopic: topic, ticketTopic: topic, encryptionKey: new Key(stack, 'Key') }, stack))
    .toContain('encryptionKey has nothing to encrypt beside pageTopic and ticketTopic');
});

test('tokens are taken as they are', () => {
  const stack = newStack();
  const later = new CfnParameter(stack, 'Parameter').valueAsString;
  const monitoring: Monitoring = {
    title: later, alarms: [{ ...alarmOf(stack), label: later, action: later, runbook: later }], costs: [{ service: later, metric: metric('M', 'x') }],
  };
  dashboardOf([thing(monitoring)], { dashboardName: `operations-${Aws.REGION}`, title: later, runbooks: later }, stack);
  const { widgets } = pageOf(stack);
  expect(widgets[0]!.properties.markdown).toContain('# <Parameter>');
  expect(widgets.at(-1)!.properties.markdown).toContain('| <Parameter> | wakes somebody | <Parameter> | [runbook](<Parameter>/<Parameter>) |');
});

test('a misspelt prop is warned of', () => {
  const stack = newStack();
  dashboardOf([BARE()], { foldafter: 3 } as object, stack);
  Template.fromStack(stack);
  Annotations.fromStack(stack).hasWarning('/Stack/Operations', Match.stringLikeRegexp('There is no prop foldafter'));
});

test('what monitor() says that there is not is warned of', () => {
  const stack = newStack();
  new ObservabilityDashboard(stack, 'Operations', { monitored: [{ monitor: () => ({ title: 'importer', alarm: [] }) as Monitoring }] });
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('There is no prop importer\\.monitor\\(\\)\\.alarm: it has no effect'))).toHaveLength(1);
});

test('what is told of policies can be read before deployment', () => {
  const stack = newStack();
  new ObservabilityDashboard(stack, 'Operations', { monitored: [BARE()], pageTopic: new Topic(stack, 'Topic', { enforceSSL: true }) });
  const [warning] = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('Whether alarms reach their topic'));
  expect(warning!.entry.data).not.toContain('Token[');
});
