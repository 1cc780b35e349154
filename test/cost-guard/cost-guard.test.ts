import { App, Aspects, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CostGuard } from '../../src/cost-guard/cost-guard';
import type { CostGuardProps } from '../../src/cost-guard/cost-guard-props';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { expectNoFindings } from '../support/findings';

let app: App;
let stack: Stack;
let topic: sns.Topic;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack');
  topic = new sns.Topic(stack, 'Topic', { enforceSSL: true, masterKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) });
});

const create = (props: Partial<CostGuardProps> = {}, id = 'Costs') => new CostGuard(stack, id, { system: 'drawings', ticketTopic: topic, ...props });
const template = () => Template.fromStack(stack);
const one = (type: string) => Object.values(template().findResources(type))[0].Properties;
interface Told {
  readonly Notification: { readonly NotificationType: string; readonly Threshold: number };
  readonly Subscribers: ReadonlyArray<{ readonly SubscriptionType: string; readonly Address: unknown }>;
}
const notifications = () => one('AWS::Budgets::Budget').NotificationsWithSubscribers.map(
  ({ Notification, Subscribers }: Told) =>
    [Notification.NotificationType, Notification.Threshold, ...Subscribers.map(({ SubscriptionType, Address }) => (SubscriptionType === 'EMAIL' ? Address : 'topic'))],
);

test('a month of prod may cost 500 USD, of everything tagged for this system and environment', () => {
  create();
  expect(one('AWS::Budgets::Budget').Budget).toMatchObject({
    BudgetType: 'COST',
    TimeUnit: 'MONTHLY',
    BudgetLimit: { Amount: 500, Unit: 'USD' },
    CostFilters: { TagKeyValue: ['user:system-environment$drawings-prod'] },
  });
});

test.each([['dev', 100], ['staging', 200], ['prod', 500]] as const)('in %s it is %i USD, unless said otherwise', (name, dollars) => {
  expect(create({ profile: EnvironmentProfile[name]() }).monthlyBudgetDollars).toBe(dollars);
  expect(create({ profile: EnvironmentProfile[name](), system: 'invoices', monthlyBudgetDollars: 42.5 }, 'Other').monthlyBudgetDollars).toBe(42.5);
});

test('who reads the topic and e-mails is told of what is forecast and what was spent', () => {
  create({ emails: ['team@example.com', 'lead@example.com'] });
  expect(notifications()).toEqual([
    ['FORECASTED', 100, 'topic', 'team@example.com', 'lead@example.com'],
    ['ACTUAL', 80, 'topic', 'team@example.com', 'lead@example.com'],
    ['ACTUAL', 100, 'topic', 'team@example.com', 'lead@example.com'],
  ]);
});

test('somebody is woken only for what runs away', () => {
  const pageTopic = new sns.Topic(stack, 'Page');
  create({ pageTopic, actualPercents: [50], forecastPercents: [], pagePercent: 300 });
  expect(notifications()).toEqual([['ACTUAL', 50, 'topic'], ['ACTUAL', 300, 'topic']]);
  const last = one('AWS::Budgets::Budget').NotificationsWithSubscribers.at(-1);
  expect(last.Subscribers).toEqual([{ SubscriptionType: 'SNS', Address: { Ref: expect.stringMatching(/^Page/) } }]);
});

test('another reader makes another budget, which must not have the name of the one that it replaces', () => {
  const nameOf = (props: Partial<CostGuardProps>) => {
    const its = new Stack(new App(), 'Stack');
    new CostGuard(its, 'Costs', { system: 'drawings', emails: ['team@example.com'], ...props });
    const [{ Properties }] = Object.values(Template.fromStack(its).findResources('AWS::Budgets::Budget'));
    return JSON.stringify(Properties.Budget.BudgetName);
  };
  const before = nameOf({});
  expect(before).toMatch(/^\{"Fn::Join":\["",\["drawings-prod-",\{"Ref":"AWS::Region"\},"-[0-9a-f]{8}"\]\]\}$/);
  expect(nameOf({ emails: ['other@example.com'] })).not.toBe(before);
  expect([nameOf({}), nameOf({ monthlyBudgetDollars: 5 }), nameOf({ anomalyDollars: 5 })]).toEqual([before, before, before]);
});

test('anomalies of the tag are told to the topic at once and by e-mail once a day, from a tenth of the budget on', () => {
  create({ emails: ['team@example.com'] });
  expect(JSON.parse(one('AWS::CE::AnomalyMonitor').MonitorSpecification)).toEqual({ Tags: { Key: 'user:system-environment', Values: ['drawings-prod'] } });
  const subscriptions = Object.values(template().findResources('AWS::CE::AnomalySubscription')).map(({ Properties }) => Properties);
  expect(subscriptions.map(({ Frequency, Subscribers }) => [Frequency, Subscribers.map(({ Type }: { Type: string }) => Type)])).toEqual([['IMMEDIATE', ['SNS']], ['DAILY', ['EMAIL']]]);
  expect(JSON.parse(subscriptions[0].ThresholdExpression)).toEqual({
    Dimensions: { Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE', MatchOptions: ['GREATER_THAN_OR_EQUAL'], Values: ['50'] },
  });
});

test('a monitor that exists is used, and none made; or nobody looks', () => {
  const anomalyMonitorArn = 'arn:aws:ce::123456789012:anomalymonitor/1234-abcd';
  expect(create({ anomalyMonitorArn, anomalyDollars: 5 }).anomalyMonitorArn).toBe(anomalyMonitorArn);
  expect(create({ system: 'other', anomalies: false }, 'Other').anomalyMonitorArn).toBeUndefined();
  template().resourceCountIs('AWS::CE::AnomalyMonitor', 0);
  template().hasResourceProperties('AWS::CE::AnomalySubscription', { MonitorArnList: [anomalyMonitorArn], ThresholdExpression: Match.stringLikeRegexp('"5"') });
});

test('what AWS tells of cost by may publish to the topic and use its key, as may alarms; budgets wait for it', () => {
  create();
  const publishers = { Service: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com', 'costalerts.amazonaws.com'] };
  const condition = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  template().hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sns:Publish', Principal: publishers, Condition: condition })]) },
  });
  template().hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Principal: publishers, Condition: condition })]) },
  });
  for (const type of ['AWS::Budgets::Budget', 'AWS::CE::AnomalySubscription']) {
    template().hasResource(type, { DependsOn: [Match.stringLikeRegexp('^TopicPolicy')] });
  }
});

test('everything in the stack is tagged, but what a change of tags would replace', () => {
  new s3.Bucket(stack, 'Bucket');
  create({ emails: ['team@example.com'] });
  Tags.of(stack).add('system', 'drawings', { priority: 1 }); // the app's own, which know nothing of that
  const tags = [{ Key: 'environment', Value: 'prod' }, { Key: 'system', Value: 'drawings' }, { Key: 'system-environment', Value: 'drawings-prod' }];
  expect(one('AWS::S3::Bucket').Tags).toEqual(tags);
  expect(one('AWS::SNS::Topic').Tags).toEqual(tags);
  expect(one('AWS::CE::AnomalyMonitor').ResourceTags).toBeUndefined();
  template().allResourcesProperties('AWS::CE::AnomalySubscription', { ResourceTags: Match.absent() });
});

test('other stacks are tagged where they are named, and a part of one by itself', () => {
  const other = new Stack(app, 'Other');
  const bucket = new s3.Bucket(other, 'Bucket');
  create({ tagged: [other], environment: 'live' });
  CostGuard.tag(bucket, { service: 'files', system: 'storage' });
  Template.fromStack(other).hasResourceProperties('AWS::S3::Bucket', {
    Tags: [
      { Key: 'environment', Value: 'live' }, { Key: 'service', Value: 'files' }, { Key: 'system', Value: 'storage' }, { Key: 'system-environment', Value: 'drawings-live' },
    ],
  });
  expect(one('AWS::SNS::Topic').Tags).toBeUndefined();
});

test('it shows its budget, and where the truth is', () => {
  const { title, rows } = create().monitor();
  expect([title, rows?.map(({ section }) => section)]).toEqual(['costs of drawings (prod)', ['COST']]);
  expect(JSON.stringify(rows![0].widgets[0].toJson())).toContain('500 USD a month');
});

test('nobody finds anything in it that has no reason', () => {
  create({ emails: ['team@example.com'] });
  expectNoFindings(app);
});

test.each([['eu-north-1', true], ['us-east-1', false]])('in %s a warning is given: %s', (region, warned) => {
  const there = new Stack(app, 'There', { env: { region, account: '123456789012' } });
  new CostGuard(there, 'Costs', { system: 'drawings', emails: ['team@example.com'] });
  expect(Annotations.fromStack(there).findWarning('*', Match.stringLikeRegexp('CloudFormation makes no budgets in eu-north-1'))).toHaveLength(warned ? 1 : 0);
});

test.each<[string, Partial<CostGuardProps>, string]>([
  ['a budget of zero', { monthlyBudgetDollars: 0 }, 'Stack/Costs: monthlyBudgetDollars must be more than 0. Given: 0. Fix: give what a month may cost, such as 200; without any budget leave CostGuard out, and tag by CostGuard.tag().'],
  ['a negative budget', { monthlyBudgetDollars: -5 }, 'monthlyBudgetDollars must be more than 0. Given: -5.'],
  ['no number', { monthlyBudgetDollars: NaN }, 'monthlyBudgetDollars must be more than 0. Given: NaN.'],
  ['a malformed address', { emails: ['team@example'] }, "emails[0] must be an e-mail address of 50 characters at most. Given: team@example. Fix: write one such as 'team@example.com', and nothing around it."],
  ['an address with a name', { emails: ['Team <team@example.com>'] }, 'emails[0] must be an e-mail address'],
  ['an empty address', { emails: [''] }, "emails[0] must be an e-mail address of 50 characters at most. Given: ''."],
  ['one twice', { emails: ['a@b.de', 'a@b.de'] }, 'emails must have each address once.'],
  ['eleven', { emails: [...'abcdefghijk'].map((name) => `${name}@b.de`) }, 'emails must be 10 at most. Given: 11.'],
  ['nothing tagged', { tagged: [] }, 'tagged must not be empty: nothing would be counted'],
  ['nobody told', { ticketTopic: undefined }, 'ticketTopic or emails must be given: a budget that tells nobody is none.'],
  ['a fraction', { actualPercents: [0.8] }, 'actualPercents[0] must be 1 to 1,000, in percent of the budget. Given: 0.8. Fix: write 80: it is a percentage, no fraction.'],
  ['over the limit', { actualPercents: [1_001] }, 'actualPercents[0] must be 1 to 1,000, in percent of the budget. Given: 1,001.'],
  ['a share twice', { actualPercents: [80, 80] }, 'actualPercents must have each share once'],
  ['no share', { actualPercents: [], forecastPercents: [] }, 'actualPercents and forecastPercents must be 1 to 10 together, with pagePercent: a budget tells of no more. Given: 0.'],
  ['a page without a reader', { pagePercent: 200 }, 'pagePercent cannot be given without pageTopic. Fix: give pageTopic, or remove pagePercent.'],
  ['a negative anomaly', { anomalyDollars: -1 }, 'anomalyDollars must be 0 or more. Given: -1.'],
  ['the ARN of something else', { anomalyMonitorArn: 'arn:aws:sns:eu-west-1:123456789012:x' }, 'anomalyMonitorArn must be the ARN of a monitor of cost anomalies.'],
  ['anomalies that nobody looks for', { anomalies: false, anomalyDollars: 5 }, 'anomalyDollars and anomalyMonitorArn cannot be given beside anomalies: false.'],
  ['an empty tag', { system: '' }, "system must be 1 to 256 letters, digits, spaces and _.:/=+@-, no space at an end: it is the value of a tag. Given: ''. Fix: write system: 'drawings'."],
  ['characters that no tag has', { environment: 'prod!' }, "environment must be 1 to 256 letters, digits, spaces and _.:/=+@-, no space at an end: it is the value of a tag. Given: prod!. Fix: write environment: 'prod'."],
  ['no system', { system: undefined }, "system must be a text. Given: nothing. Fix: write system: 'drawings'."],
])('%s is refused', (_what, props, message) => {
  expect(() => create(props)).toThrow(message);
});

test('the same share for a page as for a ticket is refused', () => {
  const pageTopic = new sns.Topic(stack, 'Page');
  expect(() => create({ pageTopic, pagePercent: 100 })).toThrow('pagePercent must be none of actualPercents: a budget has no two notifications that are alike. Given: 100.');
});

test('the same cost is not counted twice', () => {
  create();
  expect(() => create({}, 'Again')).toThrow('Stack/Again: system and environment must be others than those of Stack/Costs: both budgets would count the same cost, and tell of it twice. Given: drawings-prod.');
  expect(() => create({ environment: 'other' }, 'Different')).not.toThrow();
});

test.each<[object, string]>([
  [{}, "CostGuard.tag(): tags must not be empty. Fix: give one of system, environment and service, such as { service: 'worker' }."],
  [{ servce: 'x' }, 'CostGuard.tag(): tags must not be empty. Given: servce.'],
  [{ service: ' x' }, 'service must be 1 to 256 letters'],
  [{ service: 3 }, 'service must be a text. Given: 3.'],
])('tags %j are refused', (tags, message) => {
  expect(() => CostGuard.tag(stack, tags)).toThrow(message);
  expect(Aspects.of(stack).all).toEqual([]);
});

test('a tag that there is not is warned of', () => {
  CostGuard.tag(stack, { service: 'files', env: 'prod' } as object);
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('There is no prop CostGuard\\.tag\\(\\)\\.env'))).toHaveLength(1);
});
