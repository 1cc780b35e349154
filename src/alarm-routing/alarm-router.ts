import { Lazy, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { AlarmRule, AlarmState, CompositeAlarm, type CfnCompositeAlarm, type IAlarm, type IAlarmRule } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { alarmText, type RunbookUrl } from './alarm-text';
import { topicOf, type AlarmTopics } from './alarm-topics';
import { chunks } from '../internal/chunks';
import { PropRules } from '../internal/prop-rules';
import { AlarmSeverity, type IMonitored, type MonitoredAlarm, type Monitoring } from '../monitoring/monitored';

const { PAGE, TICKET } = AlarmSeverity;

/**
 * A rule has room for 10,240 characters and 100 alarms. The ARN of an alarm has some 320 at most, with the name that CloudFormation makes for it:
 * this many always fit.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
const MOST_IN_RULE = 30;

/**
 * How long a notification waits for the alarm that would hold it back, which may be judged a minute later; and for how long after that one is over
 * what followed from it may take to be over, too.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
const WAIT_SECONDS = 120;
const EXTENSION_SECONDS = 300;

/** What notifications are made with. */
export interface AlarmRouterOptions {
  readonly topics: AlarmTopics;
  /** Where the page of a runbook is. */
  readonly runbookUrl: RunbookUrl;
}

/** What tells of a thing: by severity the one alarm whose actions are that severity's topic; none where nothing of that severity can ring. */
export interface RoutedAlarms {
  readonly page?: CompositeAlarm;
  readonly ticket?: CompositeAlarm;
}

/** A thing whose alarms are told. */
interface Routed extends RoutedAlarms {
  readonly thing: IMonitored;
  readonly monitoring: Monitoring;
  readonly id: string;
  /** By severity, what it is held back by; rules are written when all things are known. */
  readonly holds: Partial<Record<AlarmSeverity, CompositeAlarm>>;
}

/**
 * Has one cause wake somebody once. Each thing has one alarm for each severity, which rings while any of its alarms does. It tells its topic, and
 * tells it again when all are over. That of tickets is held back while the thing's page rings, and both while something rings with
 * `AlarmSeverity.PAGE` that the thing cannot work without. Only what is told here holds back: else nobody would hear of it.
 */
export class AlarmRouter {
  private readonly routed = new Map<IMonitored, Routed>();

  constructor(private readonly scope: Construct, private readonly options: AlarmRouterOptions) {}

  /**
   * Routes the alarms of further things. Those that were routed before are held back by these, too, where they depend on them.
   *
   * @throws InvalidPropsError if things depend on one another, or alarms are in another region or account
   */
  public route(things: ReadonlyMap<IMonitored, Monitoring>): ReadonlyMap<IMonitored, RoutedAlarms> {
    const all = new Map([...[...this.routed.values()].map(({ thing, monitoring }): [IMonitored, Monitoring] => [thing, monitoring]), ...things]);
    const rules = new PropRules(this.scope);
    things.forEach((monitoring) => this.checkPlace(rules, monitoring));
    checkCycles(rules, all);
    rules.throwIfBroken();
    for (const [thing, monitoring] of things) {
      this.routed.set(thing, this.createAlarms(thing, monitoring));
    }
    for (const routed of this.routed.values()) {
      this.holdBack(routed);
    }
    return this.routed;
  }

  private createAlarms(thing: IMonitored, monitoring: Monitoring): Routed {
    const id = this.idOf(monitoring.title);
    return { thing, monitoring, id, holds: {}, page: this.createAlarm(id, PAGE, monitoring), ticket: this.createAlarm(id, TICKET, monitoring) };
  }

  private createAlarm(id: string, severity: AlarmSeverity, { title, alarms = [] }: Monitoring): CompositeAlarm | undefined {
    const own = alarms.filter((alarm) => alarm.severity === severity);
    if (own.length === 0) {
      return undefined;
    }
    const name = `${id}${severity === PAGE ? 'Page' : 'Ticket'}`;
    const alarm = createComposite(this.scope, name, this.anyOf(name, unique(own)), alarmText(title, severity, own, this.options.runbookUrl));
    const action = new SnsAction(topicOf(this.options.topics, severity));
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }

  /** Rings while any of these does. What is too much for one rule is split into several alarms, which tell nobody. */
  private anyOf(name: string, alarms: readonly IAlarm[]): IAlarmRule {
    if (alarms.length <= MOST_IN_RULE) {
      return ringing(() => alarms);
    }
    const parts = chunks(alarms, MOST_IN_RULE).map((part, index) => createComposite(
      this.scope, `${name}Part${index + 1}`, ringing(() => part), `A part of ${name}, for want of room in it`,
    ));
    return ringing(() => parts);
  }

  /** Set after the alarms are made: what holds back may come later than what is held back. */
  private holdBack(routed: Routed): void {
    for (const severity of [PAGE, TICKET]) {
      const alarm = severity === PAGE ? routed.page : routed.ticket;
      const by = this.heldBackBy(routed, severity);
      if (!alarm || by.length === 0) {
        continue;
      }
      if (by.length > 1) {
        routed.holds[severity] ??= createComposite(
          this.scope, `${alarm.node.id}Held`, ringing(() => this.heldBackBy(routed, severity)),
          `Holds back ${routed.monitoring.title} (${severity}): its cause is told already`,
        );
      }
      suppress(alarm, routed.holds[severity] ?? by[0]!);
    }
  }

  private heldBackBy({ thing, page }: Routed, severity: AlarmSeverity): IAlarm[] {
    const below = [...dependencies(thing, this.monitorings())].map((one) => this.routed.get(one)?.page);
    return [...(severity === TICKET ? [page] : []), ...below].filter((alarm) => alarm !== undefined);
  }

  private monitorings(): ReadonlyMap<IMonitored, Monitoring> {
    return new Map([...this.routed.values()].map(({ thing, monitoring }) => [thing, monitoring]));
  }

  private checkPlace(rules: PropRules, { title, alarms = [] }: Monitoring): void {
    const { region, account } = Stack.of(this.scope);
    const places = alarms.map(({ alarm: { env }, label }) => ({
      label, place: isOther(env.region, region) ? `region ${env.region}` : isOther(env.account, account) ? `account ${env.account}` : undefined,
    })).filter(({ place }) => place !== undefined);
    const labels = places.map(({ label }) => `"${label}"`).join(', ');
    rules.check(places.length === 0, {
      rule: `monitored must have its alarms in the region and account of the dashboard (${region}, ${account}), and `
        + `${labels} of ${title} ${places.length === 1 ? 'is' : 'are'} in ${[...new Set(places.map(({ place }) => place))].join(', ')}`,
      fix: 'give what is there a dashboard of its own: CloudWatch combines no alarms of several regions or accounts',
    });
  }

  private idOf(title: string): string {
    const slug = title.replace(/[^a-z0-9]+(.)?/gi, (_, next: string | undefined) => (next ?? '').toUpperCase()).replace(/^./, (first) => first.toUpperCase()) || 'Thing';
    const taken = new Set([...this.routed.values()].map(({ id }) => id));
    let id = slug;
    for (let number = 2; taken.has(id); number++) {
      id = `${slug}${number}`;
    }
    return id;
  }
}

/** All that a thing cannot work without, as far as it is known; also by way of other things. */
function dependencies(thing: IMonitored, all: ReadonlyMap<IMonitored, Monitoring>, found = new Set<IMonitored>()): Set<IMonitored> {
  for (const one of all.get(thing)?.dependsOn ?? []) {
    if (!found.has(one)) {
      found.add(one);
      dependencies(one, all, found);
    }
  }
  return found;
}

/** Things that hold one another back would tell nobody. */
function checkCycles(rules: PropRules, all: ReadonlyMap<IMonitored, Monitoring>): void {
  const cyclic = [...all].filter(([thing]) => dependencies(thing, all).has(thing)).map(([, { title }]) => title);
  rules.check(cyclic.length === 0, {
    rule: `monitored must not depend on itself, and ${cyclic.length === 1 ? `${cyclic[0]} does` : `these do, by way of one another: ${cyclic.join(', ')}`}`,
    fix: 'leave out of dependsOn what can work without the other: while one rings the other is held back, and nobody would hear of either',
  });
}

function isOther(one: string, other: string): boolean {
  return Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
}

function unique(alarms: readonly MonitoredAlarm[]): IAlarm[] {
  return [...new Set(alarms.map(({ alarm }) => alarm))];
}

/** @param alarms asked when the template is written */
function ringing(alarms: () => readonly IAlarm[]): IAlarmRule {
  return {
    renderAlarmRule: () => Lazy.string({
      produce: () => AlarmRule.anyOf(...alarms().map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))).renderAlarmRule(),
    }),
  };
}

/** With a name that CloudFormation makes: that which the CDK would give is taken by another deployment of the same app. */
function createComposite(scope: Construct, id: string, alarmRule: IAlarmRule, alarmDescription: string): CompositeAlarm {
  const alarm = new CompositeAlarm(scope, id, { alarmRule, alarmDescription });
  resourceOf(alarm).alarmName = undefined;
  return alarm;
}

function suppress(alarm: CompositeAlarm, by: IAlarm): void {
  const resource = resourceOf(alarm);
  resource.actionsSuppressor = by.alarmArn;
  resource.actionsSuppressorWaitPeriod = WAIT_SECONDS;
  resource.actionsSuppressorExtensionPeriod = EXTENSION_SECONDS;
}

function resourceOf(alarm: CompositeAlarm): CfnCompositeAlarm {
  return alarm.node.defaultChild as CfnCompositeAlarm;
}
