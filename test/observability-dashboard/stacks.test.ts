import { App, Aspects, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { bodyOf, dashboardOf, Everything, metric, newStack, outlineOf, pageOf, refusal, thing } from './support';
import { AlarmChannel } from '../../src/alarm-routing/alarm-channel';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { AlarmSeverity } from '../../src/monitoring/monitored';
import { ObservabilityDashboard } from '../../src/observability-dashboard/observability-dashboard';
import { findingsOf } from '../support/findings';

jest.setTimeout(60_000);

const IDS = (stack: Stack, type: string) => Object.keys(Template.fromStack(stack).findResources(type));

test('the least there is: a page, two encrypted topics, an alarm for each severity, queries', () => {
  const stack = newStack();
  const dashboard = new ObservabilityDashboard(stack, 'Operations', { monitored: [new Everything(stack, 'One')] });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  template.resourceCountIs('AWS::SNS::Topic', 2);
  template.resourceCountIs('AWS::KMS::Key', 1);
  template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 2);
  template.resourceCountIs('AWS::CloudWatch::InsightRule', 2);
  template.resourceCountIs('AWS::Logs::MetricFilter', 1);
  expect(Object.keys(template.findResources('AWS::Logs::QueryDefinition')).length).toBeGreaterThan(5);
  expect(dashboard.encryptionKey).toBeDefined();
  expect(dashboard.pageTopic).not.toBe(dashboard.ticketTopic);
  expect(outlineOf(stack)).toContain('Owners');
});

test('what costs something can be left out', () => {
  const stack = newStack();
  dashboardOf([new Everything(stack, 'One')], { profile: EnvironmentProfile.prod(), savedQueries: false, errorLines: false, owners: false }, stack);
  const template = Template.fromStack(stack);
  for (const type of ['AWS::CloudWatch::InsightRule', 'AWS::Logs::MetricFilter', 'AWS::Logs::QueryDefinition']) {
    template.resourceCountIs(type, 0);
  }
  expect(outlineOf(stack)).toEqual(expect.not.arrayContaining(['Owners', 'Lines of errors']));
});

test('owners are not told apart in dev, unless that is asked for', () => {
  const [dev, asked] = [undefined, true].map((owners) => {
    const stack = newStack();
    dashboardOf([new Everything(stack, 'One')], { owners }, stack);
    return Template.fromStack(stack);
  });
  dev!.resourceCountIs('AWS::CloudWatch::InsightRule', 0);
  asked!.resourceCountIs('AWS::CloudWatch::InsightRule', 2);
});

test('topics may be given, and one may be for both', () => {
  const stack = newStack();
  const topic = new Topic(stack, 'Topic');
  const dashboard = dashboardOf([new Everything(stack, 'One')], { pageTopic: topic, ticketTopic: topic }, stack);
  expect([dashboard.pageTopic, dashboard.ticketTopic]).toEqual([topic, topic]);
  Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 1);
});

test('channels are told', () => {
  const stack = newStack();
  dashboardOf([new Everything(stack, 'One')], { notify: [AlarmChannel.email('team@example.com')] }, stack);
  Template.fromStack(stack).resourceCountIs('AWS::SNS::Subscription', 2);
});

test('two dashboards stand in one stack, over some of the same things', () => {
  const stack = newStack();
  const things = ['One', 'Two'].map((id) => new Everything(stack, id));
  dashboardOf(things, { owners: true }, stack);
  new ObservabilityDashboard(stack, 'Others', { monitored: [things[1]!], profile: EnvironmentProfile.dev(), owners: true });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 2);
  template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 6);
});

test('what is watched may be in other stacks, which do not need the dashboard\'s', () => {
  const app = new App();
  const [first, second, stack] = ['First', 'Second', 'Page'].map((id) => new Stack(app, id, { env: { account: '111111111111', region: 'eu-west-1' } }));
  dashboardOf([new Everything(first!, 'One'), new Everything(second!, 'Two')], {}, stack);
  const alarms = pageOf(stack!).widgets.flatMap(({ properties }) => properties.alarms ?? []) as string[];
  expect(alarms.map((alarm) => alarm.split(':')[0])).toEqual(['<First', '<Second', '<First', '<Second']);
  expect(stack!.dependencies).toEqual(expect.arrayContaining([first, second]));
  expect([...first!.dependencies, ...second!.dependencies]).toEqual([]);
});

test('fails for alarms of another region', () => {
  const app = new App();
  const far = new Stack(app, 'Far', { env: { account: '111111111111', region: 'us-east-1' } });
  const stack = new Stack(app, 'Page', { env: { account: '111111111111', region: 'eu-west-1' } });
  const message = refusal(() => dashboardOf([new Everything(far, 'One')], {}, stack));
  expect(message).toMatch(/1 rule is broken.*"failure rate".* of one (is|are) in region us-east-1\. Fix: give what is there a dashboard of its own/s);
});

test('a thing more leaves the ids of the others as they are', () => {
  const ids = (...names: string[]) => {
    const stack = newStack();
    dashboardOf(names.map((id) => new Everything(stack, id)), {}, stack);
    return [...IDS(stack, 'AWS::CloudWatch::CompositeAlarm'), ...IDS(stack, 'AWS::CloudWatch::Dashboard'), ...IDS(stack, 'AWS::SNS::Topic')];
  };
  expect(ids('One', 'Two', 'Three')).toEqual(expect.arrayContaining(ids('One', 'Two')));
  expect(ids('Zero', 'One', 'Two')).toEqual(expect.arrayContaining(ids('One', 'Two')));
});

test('what is made when all is known has the tags of what is around it', () => {
  const stage = new Stage(new App(), 'Prod');
  const stack = new Stack(stage, 'Stack');
  Tags.of(stage).add('system', 'drawings');
  dashboardOf([new Everything(stack, 'One')], { owners: true }, stack);
  Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::InsightRule', { Tags: [{ Key: 'system', Value: 'drawings' }] });
});

test('an app that adds to it in an aspect is told so, where that is too late', () => {
  const stack = newStack();
  const dashboard = dashboardOf([thing({ title: 'bare' })], {}, stack);
  const late = new Alarm(stack, 'Late', { metric: metric('M', 'x'), threshold: 1, evaluationPeriods: 1 });
  Aspects.of(late).add({ visit: () => dashboard.add(thing({ title: 'late', alarms: [{ alarm: late, severity: AlarmSeverity.PAGE, label: 'l', action: 'a' }] })) });
  expect(refusal(() => bodyOf(stack))).toContain('add(…) cannot be called when the app is being synthesised');
});

test.each([EnvironmentProfile.prod(), EnvironmentProfile.dev()])('cdk-nag and the rules of the CDK find nothing in it with $name', (profile) => {
  const app = new App();
  const things = new Stack(app, 'Things');
  const stack = new Stack(app, 'Stack');
  new ObservabilityDashboard(stack, 'Operations', {
    monitored: [new Everything(things, 'One'), new Everything(things, 'Two')], profile, owners: true, notify: [AlarmChannel.email('team@example.com')],
  });
  expect(findingsOf(app).filter(({ construct }) => construct.includes('Operations'))).toEqual([]);
});
