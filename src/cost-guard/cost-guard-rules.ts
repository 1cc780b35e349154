import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CostGuardProps } from './cost-guard-props';
import { checkTag, scopeTag } from './cost-tags';
import { claimantOf } from '../internal/claims';
import { PROFILE } from '../internal/common-kinds';
import { known, type PropRules } from '../internal/prop-rules';
import { constructKind, FLAG, listKind, numberKind, required, TEXT, type KindsOf } from '../internal/value-kinds';

const TOPIC = constructKind('sns.ITopic', 'topicArn', 'topic', 'with const topic = new sns.Topic(…) or sns.Topic.fromTopicArn(…)');

/** What kind of value each prop takes. */
export const COST_GUARD_KINDS: KindsOf<CostGuardProps> = {
  system: required({ ...TEXT, write: "'drawings'" }),
  profile: PROFILE,
  environment: TEXT,
  tagged: listKind(constructKind('IConstruct', 'node', 'app', 'a stack or any other construct')),
  monthlyBudgetDollars: numberKind(200),
  ticketTopic: TOPIC,
  pageTopic: TOPIC,
  emails: listKind(TEXT),
  actualPercents: listKind(numberKind(80)),
  forecastPercents: listKind(numberKind(100)),
  pagePercent: numberKind(150),
  anomalies: FLAG,
  anomalyDollars: numberKind(20),
  anomalyMonitorArn: TEXT,
};

/** An address and nothing around it. */
const ADDRESS = /^[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$/;
const MONITOR = /^arn:[\w-]+:ce::\d{12}:anomalymonitor\/[\w-]+$/;
const MOST_EMAILS = 10;
const MOST_NOTIFICATIONS = 10;
const MOST_PERCENT = 1_000;


/** From which shares of the budget somebody is told. */
export function settledPercents({ actualPercents = [80, 100], forecastPercents = [100], pagePercent = 150 }: CostGuardProps) {
  return { actualPercents, forecastPercents, pagePercent };
}

/** Everything that can be wrong with the props of a budget. */
export function checkCostGuard(rules: PropRules, scope: Construct, props: CostGuardProps, environment: string): void {
  checkTag(rules, 'system', props.system);
  checkTag(rules, 'environment', props.environment);
  rules.check(!Token.isUnresolved(props.system) && !Token.isUnresolved(environment), {
    rule: 'system and environment must be known before deployment: the budget is named by them', fix: 'write them, or read them from context',
  });
  const other = claimantOf(scope, budgetClaim(scope, props.system, environment));
  rules.check(other === undefined, {
    rule: `system and environment must be others than those of ${other?.node.path}: both budgets would count the same cost, and tell of it twice`,
    value: scopeTag(props.system, environment),
    fix: 'have one CostGuard for a system and environment, and give it further stacks in tagged',
  });
  rules.check(props.tagged?.length !== 0, {
    rule: 'tagged must not be empty: nothing would be counted, and the budget stay at 0',
    fix: "name what belongs to the system, such as tagged: [app], or leave it out for the guard's own stack",
  });
  checkAmounts(rules, props);
  checkReaders(rules, props);
}

/** What a budget claims. */
export function budgetClaim(scope: Construct, system: string, environment: string): string {
  return `budget ${scopeTag(system, environment)} in ${Stack.of(scope).account}`;
}

function checkAmounts(rules: PropRules, props: CostGuardProps): void {
  const budget = known(props.monthlyBudgetDollars);
  rules.check(budget === undefined || (budget > 0 && Number.isFinite(budget)), {
    rule: 'monthlyBudgetDollars must be more than 0',
    value: budget,
    fix: 'give what a month may cost, such as 200; without any budget leave CostGuard out, and tag by CostGuard.tag()',
  });
  const dollars = known(props.anomalyDollars);
  rules.check(dollars === undefined || (dollars >= 0 && Number.isFinite(dollars)), {
    rule: 'anomalyDollars must be 0 or more', value: dollars, fix: 'give the amount from which an anomaly matters, such as 20',
  });
  checkPercents(rules, 'actualPercents', props.actualPercents);
  checkPercents(rules, 'forecastPercents', props.forecastPercents);
  checkPercent(rules, 'pagePercent', props.pagePercent);
  rules.absent(props.pageTopic ? {} : { pagePercent: props.pagePercent }, 'without pageTopic', 'give pageTopic');
  const { actualPercents, forecastPercents, pagePercent } = settledPercents(props);
  rules.check(!props.pageTopic || !actualPercents.includes(pagePercent), {
    rule: 'pagePercent must be none of actualPercents: a budget has no two notifications that are alike', value: pagePercent, fix: 'take it out of actualPercents',
  });
  const count = actualPercents.length + forecastPercents.length + (props.pageTopic ? 1 : 0);
  rules.check(count >= 1 && count <= MOST_NOTIFICATIONS, {
    rule: `actualPercents and forecastPercents must be 1 to ${MOST_NOTIFICATIONS} together, with pagePercent: a budget tells of no more`,
    value: count,
    fix: count === 0 ? 'leave one of them out, so that its default holds' : 'leave out those that nobody would act on',
  });
  rules.check(props.anomalies !== false || (props.anomalyDollars === undefined && props.anomalyMonitorArn === undefined), {
    rule: 'anomalyDollars and anomalyMonitorArn cannot be given beside anomalies: false', fix: 'remove anomalies, or them',
  });
  const arn = props.anomalyMonitorArn;
  rules.check(arn === undefined || Token.isUnresolved(arn) || MONITOR.test(arn), {
    rule: 'anomalyMonitorArn must be the ARN of a monitor of cost anomalies',
    value: arn,
    fix: "write one such as 'arn:aws:ce::123456789012:anomalymonitor/1234-5678', from `aws ce get-anomaly-monitors`",
  });
}

function checkPercents(rules: PropRules, prop: string, percents: number[] | undefined): void {
  percents?.forEach((percent, index) => checkPercent(rules, `${prop}[${index}]`, percent));
  rules.check(new Set(percents).size === (percents?.length ?? 0), {
    rule: `${prop} must have each share once: a budget has no two notifications that are alike`, value: percents?.join(', '), fix: 'remove what comes twice',
  });
}

function checkPercent(rules: PropRules, prop: string, percent: number | undefined): void {
  const given = known(percent);
  rules.check(given === undefined || (given >= 1 && given <= MOST_PERCENT), {
    rule: `${prop} must be 1 to 1,000, in percent of the budget`,
    value: given,
    fix: given !== undefined && given > 0 && given < 1 ? `write ${given * 100}: it is a percentage, no fraction` : 'write a percentage such as 80',
  });
}

function checkReaders(rules: PropRules, { ticketTopic, pageTopic, emails = [] }: CostGuardProps): void {
  rules.check(ticketTopic !== undefined || emails.length > 0, {
    rule: 'ticketTopic or emails must be given: a budget that tells nobody is none',
    fix: `give ticketTopic: dashboard.ticketTopic, or emails: ['team@example.com']${pageTopic ? '; pageTopic is told of what runs away alone' : ''}`,
  });
  rules.check(emails.length <= MOST_EMAILS, {
    rule: `emails must be ${MOST_EMAILS} at most`, value: emails.length, fix: 'give the address of a list, or a topic to which they subscribe',
  });
  emails.forEach((email, index) => rules.check(Token.isUnresolved(email) || (ADDRESS.test(email) && email.length <= 50), {
    rule: `emails[${index}] must be an e-mail address of 50 characters at most`, value: email, fix: "write one such as 'team@example.com', and nothing around it",
  }));
  rules.check(new Set(emails).size === emails.length, { rule: 'emails must have each address once', value: emails.join(', '), fix: 'remove what comes twice' });
}
