import { createHash } from 'node:crypto';
import { Aws, Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import { TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import type { CostGuardProps } from './cost-guard-props';
import { budgetClaim, checkCostGuard, COST_GUARD_KINDS, settledPercents } from './cost-guard-rules';
import { warnOfRegion } from './cost-regions';
import { checkTag, scopeTag, SYSTEM_ENVIRONMENT, TAG_KINDS, tagCosts, type CostTags } from './cost-tags';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { claim } from '../internal/claims';
import { ALARM_PUBLISHERS, allowAlarmTopics } from '../internal/encryption';
import { PropRules } from '../internal/prop-rules';
import { warnOfUnknownParts, warnOfUnknownProps } from '../internal/unknown-props';
import { structKind } from '../internal/value-kinds';
import { DashboardSection, type IMonitored, type Monitoring } from '../monitoring/monitored';

/**
 * What a system may cost: tags on everything that can have them, a monthly budget that tells of what was spent and what is forecast, and a look-out
 * for cost that is unlike that of the days before.
 *
 * AWS counts by tags only once they are activated: in the Billing console, under cost allocation tags, `system-environment` (by which budget and
 * monitor count), and `system`, `environment` and `service` for reports. That can be done a day after the first deployment, by the payer account;
 * until then the budget stays at 0.
 *
 * @example
 * declare const operations: ObservabilityDashboard;
 *
 * new CostGuard(this, 'Costs', {
 *   system: 'drawings',
 *   monthlyBudgetDollars: 300,
 *   ticketTopic: operations.ticketTopic,
 *   emails: ['team@example.com'],
 * });
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 */
export class CostGuard extends Construct implements IMonitored {
  /**
   * Tags everything in a scope, also what is created there later, so that reports of cost can be divided by it. A scope within that has its own wins.
   * Where both `system` and `environment` are given, so is `system-environment`, which budgets count by.
   *
   * @param scope a construct, stack or app
   * @param tags by what its cost is found
   * @throws an error that lists what is wrong with the tags
   */
  public static tag(scope: IConstruct, tags: CostTags): void {
    const rules = new PropRules({ node: { path: 'CostGuard.tag()' } });
    rules.kinds(tags, TAG_KINDS, 'tags');
    rules.check(Object.keys(TAG_KINDS).some((name) => tags[name as keyof CostTags] !== undefined), {
      rule: 'tags must not be empty', value: Object.keys(tags).join(', ') || undefined, fix: "give one of system, environment and service, such as { service: 'worker' }",
    });
    for (const name of Object.keys(TAG_KINDS)) {
      checkTag(rules, name, tags[name as keyof CostTags]);
    }
    rules.throwIfBroken();
    warnOfUnknownParts(scope as Construct, 'cdk-jobworks:costs.unknownProps', 'CostGuard.tag()', tags, structKind('{ … }', TAG_KINDS));
    tagCosts(scope, tags);
  }

  /** What the budget is called: by system, environment and region. */
  public readonly budgetName: string;
  /** What a month may cost, in US dollars. */
  public readonly monthlyBudgetDollars: number;
  /** The ARN of the monitor of anomalies, new or given; none without. */
  public readonly anomalyMonitorArn?: string;

  private readonly title: string;

  /**
   * Creates budget and monitor, and tags what is counted.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props what it is made of
   * @throws an error that lists every contradiction in the props
   */
  constructor(scope: Construct, id: string, props: CostGuardProps) {
    super(scope, id);
    const rules = new PropRules(this);
    rules.kinds(props, COST_GUARD_KINDS);
    const profile = props.profile ?? EnvironmentProfile.of(this);
    const environment = props.environment ?? profile.name;
    checkCostGuard(rules, this, props, environment);
    rules.throwIfBroken();
    if (new.target === CostGuard) {
      warnOfUnknownProps(this, 'cdk-jobworks:costs.unknownProps', props, COST_GUARD_KINDS);
    }
    warnOfRegion(this);
    claim(this, budgetClaim(this, props.system, environment));

    const tag = scopeTag(props.system, environment);
    this.title = `costs of ${props.system} (${environment})`;
    this.monthlyBudgetDollars = props.monthlyBudgetDollars ?? profile.sizes.monthlyBudgetDollars;
    for (const tagged of props.tagged ?? [Stack.of(this)]) {
      tagCosts(tagged, { system: props.system, environment });
    }
    const policies = [props.ticketTopic, props.pageTopic].flatMap((topic) => (topic ? letPublish(this, topic) : []));
    const budget = this.createBudget(props, tag);
    budget.node.addDependency(...policies); // AWS tries whether it may publish
    this.budgetName = budget.ref;
    if (props.anomalies ?? true) {
      this.anomalyMonitorArn = props.anomalyMonitorArn ?? this.createMonitor(tag).attrMonitorArn;
      for (const subscription of this.subscribe(props, tag, this.anomalyMonitorArn)) {
        subscription.node.addDependency(...policies);
      }
    }
  }

  /**
   * What there is to watch: amount and names, to be found again in the Billing console. Budgets are no metrics, and tell of themselves.
   *
   * @returns a row of the page
   */
  public monitor(): Monitoring {
    return {
      title: this.title,
      rows: [{
        section: DashboardSection.COST,
        widgets: [new TextWidget({
          width: 24,
          height: 2,
          markdown: `**Budget:** ${this.monthlyBudgetDollars} USD a month, by the tag \`${SYSTEM_ENVIRONMENT}\`. What was really spent: `
            + '[budgets](https://console.aws.amazon.com/costmanagement/home#/budgets), '
            + '[anomalies](https://console.aws.amazon.com/costmanagement/home#/anomaly-detection/overview), '
            + '[by service](https://console.aws.amazon.com/costmanagement/home#/cost-explorer). What is shown here is estimated from use.',
        })],
      }],
    };
  }

  private createBudget(props: CostGuardProps, tag: string): CfnBudget {
    const notifications = this.notifications(props);
    return new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: this.nameFor(tag, notifications),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: this.monthlyBudgetDollars, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:${SYSTEM_ENVIRONMENT}$${tag}`] },
      },
      notificationsWithSubscribers: notifications,
    });
  }

  private notifications(props: CostGuardProps): CfnBudget.NotificationWithSubscribersProperty[] {
    const { ticketTopic, pageTopic, emails = [] } = props;
    const { actualPercents, forecastPercents, pagePercent } = settledPercents(props);
    const readers = [...(ticketTopic ? [toTopic(ticketTopic)] : []), ...emails.map((address) => ({ subscriptionType: 'EMAIL', address }))];
    return [
      ...forecastPercents.map((percent) => notification('FORECASTED', percent, readers)),
      ...actualPercents.map((percent) => notification('ACTUAL', percent, readers)),
      ...(pageTopic ? [notification('ACTUAL', pagePercent, [toTopic(pageTopic)])] : []),
    ];
  }

  /**
   * A change of who is told replaces a budget, and the new one is made before the old one goes: so its name must be another. The same stack may be in
   * several regions, and a name is for the whole account.
   */
  private nameFor(tag: string, notifications: unknown): string {
    const told = createHash('sha256').update(this.node.addr).update(JSON.stringify(Stack.of(this).resolve(notifications))).digest('hex').slice(0, 8);
    return `${tag.replace(/[^\w.-]+/g, '-').slice(0, 60)}-${Aws.REGION}-${told}`;
  }

  private createMonitor(tag: string): CfnAnomalyMonitor {
    return untagged(new CfnAnomalyMonitor(this, 'Anomalies', {
      monitorName: tag,
      monitorType: 'CUSTOM',
      monitorSpecification: JSON.stringify({ Tags: { Key: `user:${SYSTEM_ENVIRONMENT}`, Values: [tag] } }),
    }));
  }

  /** To a topic anomalies come at once, by e-mail once a day: AWS has nothing else. */
  private subscribe(props: CostGuardProps, tag: string, monitorArn: string): CfnAnomalySubscription[] {
    const { ticketTopic, emails = [], anomalyDollars = this.monthlyBudgetDollars / 10 } = props;
    const common = {
      monitorArnList: [monitorArn],
      thresholdExpression: Stack.of(this).toJsonString({
        Dimensions: { Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE', MatchOptions: ['GREATER_THAN_OR_EQUAL'], Values: [String(anomalyDollars)] },
      }),
    };
    return [
      ...(ticketTopic ? [untagged(new CfnAnomalySubscription(this, 'AnomaliesToTopic', {
        ...common, subscriptionName: `${tag}-topic`, frequency: 'IMMEDIATE', subscribers: [{ type: 'SNS', address: ticketTopic.topicArn }],
      }))] : []),
      ...(emails.length > 0 ? [untagged(new CfnAnomalySubscription(this, 'AnomaliesByEmail', {
        ...common, subscriptionName: `${tag}-email`, frequency: 'DAILY', subscribers: emails.map((address) => ({ type: 'EMAIL', address })),
      }))] : []),
    ];
  }
}

function notification(
  notificationType: 'ACTUAL' | 'FORECASTED', threshold: number, subscribers: CfnBudget.SubscriberProperty[],
): CfnBudget.NotificationWithSubscribersProperty {
  return { notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' }, subscribers };
}

/** Whatever tags the app has: a change of them would replace it, and what it has learned. */
function untagged<T extends CfnAnomalyMonitor | CfnAnomalySubscription>(resource: T): T {
  resource.addPropertyDeletionOverride('ResourceTags');
  return resource;
}

function toTopic(topic: ITopic): CfnBudget.SubscriberProperty {
  return { subscriptionType: 'SNS', address: topic.topicArn };
}

/**
 * Lets AWS tell of cost by a topic of this app, and its key. CloudWatch stands in the same statement: a topic that had no policy let everybody of the
 * account publish, and one that has a policy only whom it names.
 *
 * @returns what must be there before AWS tries
 */
function letPublish(scope: Construct, topic: ITopic): IConstruct[] {
  topic.addToResourcePolicy(new PolicyStatement({
    sid: 'Alarms',
    principals: ALARM_PUBLISHERS.map((service) => new ServicePrincipal(service)),
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
  }));
  if (topic.masterKey) {
    allowAlarmTopics(scope, topic.masterKey);
  }
  const policy = topic.node.tryFindChild('Policy');
  return policy ? [policy] : [];
}
