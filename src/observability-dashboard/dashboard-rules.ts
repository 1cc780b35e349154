import { Token } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { DASHBOARD_KINDS, MONITORED, MONITORING } from './dashboard-kinds';
import type { ObservabilityDashboardProps } from './observability-dashboard-props';
import { QUOTAS } from './quotas';
import type { Watched } from './watched';
import type { AlarmChannel } from '../alarm-routing/alarm-channel';
import { checkChannels } from '../alarm-routing/channel-rules';
import { seconds, type PropRules } from '../internal/prop-rules';
import { described } from '../internal/value-kinds';
import type { IMonitored, MonitoredAlarm, Monitoring } from '../monitoring/monitored';

/** CloudWatch keeps metrics for 15 months. */
const MOST_DAYS = 455;

/** Everything that can be wrong with the props of a dashboard, except what is watched. */
export function checkDashboardProps(rules: PropRules, props: ObservabilityDashboardProps): void {
  rules.kinds(props, DASHBOARD_KINDS);
  checkName(rules, props.dashboardName);
  checkTitle(rules, 'title', props.title);
  checkChannels(rules, 'notify', props.notify);
  checkTopic(rules, 'pageTopic', props.pageTopic, props.notify);
  checkTopic(rules, 'ticketTopic', props.ticketTopic, props.notify);
  checkRunbooks(rules, props.runbooks);
  checkRange(rules, props.defaultRange);
  rules.integer('foldAfter', props.foldAfter, 0, QUOTAS.widgets, 'as many widgets as a dashboard has');
  rules.check(!(props.encryptionKey && props.pageTopic && props.ticketTopic), {
    rule: 'encryptionKey has nothing to encrypt beside pageTopic and ticketTopic',
    fix: 'remove encryptionKey',
  });
}

/** Asks what there is to watch of each, and says everything that is wrong with it. */
export class WatchedRules {
  private readonly found: Watched[] = [];
  private readonly owners = new Map<unknown, string>();

  /** @param known what is on the page already */
  constructor(private readonly rules: PropRules, private readonly known: readonly Watched[]) {
    known.forEach(({ monitoring }) => this.own(monitoring));
  }

  /**
   * @param called where they were given, such as `monitored`
   * @returns what is watched, as far as it is right
   */
  public check(called: string, given: readonly IMonitored[]): Watched[] {
    given.forEach((monitored, index) => this.checkOne(`${called}[${index}]`, monitored));
    return this.found;
  }

  private checkOne(at: string, monitored: IMonitored): void {
    if (monitored === undefined || monitored === null || !this.rules.kind(at, monitored, MONITORED)) {
      this.rules.check(monitored !== undefined && monitored !== null, { rule: `${at} must be ${MONITORED.what}`, value: described(monitored), fix: 'remove it, or write what was meant' });
      return;
    }
    const twin = [...this.known, ...this.found].find((watched) => watched.monitored === monitored);
    this.rules.check(twin === undefined, {
      rule: `${at} is watched already, as ${twin?.monitoring.title}`,
      value: described(monitored),
      fix: 'name each thing once',
    });
    if (twin) {
      return;
    }
    const monitoring = monitored.monitor();
    const answer = `${at}.monitor()`;
    if (this.rules.kind(answer, monitoring, { ...MONITORING, required: true })) {
      this.checkMonitoring(answer, monitoring);
      this.found.push({ monitored, monitoring });
    }
  }

  private checkMonitoring(at: string, monitoring: Monitoring): void {
    const { title, alarms = [], rows = [], costs = [] } = monitoring;
    checkTitle(this.rules, `${at}.title`, title, true);
    const others = [...this.known, ...this.found].map((other) => other.monitoring.title);
    this.rules.check(!others.includes(title), {
      rule: `${at}.title must be of one thing alone`,
      value: title,
      fix: 'give one of the two another name: whoever reads a notification cannot tell them apart',
    });
    alarms.forEach((alarm, index) => this.checkAlarm(`${at}.alarms[${index}]`, alarm, title));
    this.own(monitoring);
    rows.forEach(({ widgets }, index) => {
      const width = widgets.reduce((sum, widget) => sum + widget.width, 0);
      this.rules.check(width <= QUOTAS.width, {
        rule: `${at}.rows[${index}].widgets must be ${QUOTAS.width} units wide together at most`,
        value: width,
        fix: 'make them narrower, or two rows of them',
      });
    });
    costs.forEach(({ service }, index) => this.rules.check(Token.isUnresolved(service) || service.trim() !== '', {
      rule: `${at}.costs[${index}].service must not be empty`,
      fix: "name the service, such as 'AWS Lambda'",
    }));
  }

  private checkAlarm(at: string, { alarm, label, runbook }: MonitoredAlarm, title: string): void {
    const owner = this.owners.get(alarm) ?? this.owners.get(alarm.alarmArn);
    this.rules.check(owner === undefined, {
      rule: `${at} is an alarm of one thing alone, and ${owner} has it`,
      value: label,
      fix: 'leave it out of one of the two: one cause wakes once',
    });
    if (owner === undefined) {
      this.owners.set(alarm, title);
      this.owners.set(alarm.alarmArn, title);
    }
    this.rules.check(runbook === undefined || Token.isUnresolved(runbook) || /^[\w.-]+(?:\/[\w.-]+)*$/.test(runbook) || isAddress(runbook), {
      rule: `${at}.runbook must be the name of a page, or an address with https://`,
      value: runbook,
      fix: "write the name alone, such as 'pipeline-failure-rate', or all of the address",
    });
  }

  private own({ title, alarms = [] }: Monitoring): void {
    for (const { alarm } of alarms) {
      this.owners.set(alarm, title);
      this.owners.set(alarm.alarmArn, title);
    }
  }
}

function checkName(rules: PropRules, name: string | undefined): void {
  rules.check(name === undefined || Token.isUnresolved(name) || /^[\w-]{1,255}$/.test(name), {
    rule: `dashboardName must be 1 to ${QUOTAS.name} letters, digits, - and _`,
    value: name,
    fix: name === undefined ? '' : `write ${suggested(name)}, or leave it to CloudFormation`,
  });
}

/** The nearest name that is right. */
function suggested(name: string): string {
  const kept = name.replace(/[^\w]+/g, '-').replace(/^-|-$/g, '').slice(0, QUOTAS.name);
  return kept === '' ? "dashboardName: 'operations'" : `dashboardName: '${kept}'`;
}

function checkTitle(rules: PropRules, prop: string, title: string | undefined, needed = false): void {
  const said = title ?? (needed ? '' : 'none');
  rules.check(Token.isUnresolved(said) || (said.trim() !== '' && said.length <= 100 && !/[\r\n]/.test(said)), {
    rule: `${prop} must be 1 to 100 characters on one line`,
    value: title,
    fix: 'say in a few words what it is called',
  });
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html */
function checkTopic(rules: PropRules, prop: string, topic: ITopic | undefined, notify: readonly AlarmChannel[] = []): void {
  rules.check(!topic?.fifo || notify.length === 0, {
    rule: `${prop} must not be a FIFO topic beside notify: such topics deliver to queues alone`,
    value: described(topic),
    fix: `give a topic without fifo, or leave ${prop} out`,
  });
}

function checkRunbooks(rules: PropRules, runbooks: string | undefined): void {
  rules.check(runbooks === undefined || Token.isUnresolved(runbooks) || isAddress(runbooks.replaceAll('{page}', 'page')), {
    rule: 'runbooks must be an address with https://',
    value: runbooks,
    fix: "write all of it, such as 'https://wiki.example.com/runbooks', or with {page} where the page's name belongs",
  });
}

function checkRange(rules: PropRules, range: ObservabilityDashboardProps['defaultRange']): void {
  const given = seconds(range);
  rules.check(range === undefined || (given !== undefined && given >= 60 && given % 60 === 0 && given <= MOST_DAYS * 86_400), {
    rule: `defaultRange must be from 1 minute to ${MOST_DAYS} days, in whole minutes`,
    value: given === undefined ? undefined : range,
    fix: 'give what is known now and is not longer than CloudWatch keeps metrics, such as Duration.hours(12)',
  });
}

function isAddress(text: string): boolean {
  return /^https?:\/\/[^/\s]/i.test(text) && !/\s/.test(text) && URL.canParse(text);
}
