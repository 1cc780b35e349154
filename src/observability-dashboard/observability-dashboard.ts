import { AspectPriority, Aspects, Duration, Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnDashboard, Dashboard, type CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { DASHBOARD_KINDS, MONITORING } from './dashboard-kinds';
import { checkDashboardProps, WatchedRules } from './dashboard-rules';
import { createInsights } from './insights';
import type { ObservabilityDashboardProps } from './observability-dashboard-props';
import { DashboardPage } from './page';
import type { Watched } from './watched';
import { addressOf, RUNBOOKS } from './what-to-do';
import { warnOfWidgets } from './widget-warnings';
import { AlarmRouter, type RoutedAlarms } from '../alarm-routing/alarm-router';
import { createAlarmTopics } from '../alarm-routing/alarm-topics';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { PropRules } from '../internal/prop-rules';
import { warnOfUnknownParts, warnOfUnknownProps } from '../internal/unknown-props';
import type { IMonitored } from '../monitoring/monitored';

const FOLD_AFTER = 6;

/**
 * One page on which somebody who has never seen the code finds out whether work flows, what is wrong, since when and what it costs; and who is told
 * when something is.
 *
 * It takes whatever says what there is to watch of it: the pipelines, workers, databases and networks of this library, functions, queues and the like
 * by `Monitored`, and constructs of your own. Its page is read from top to bottom: alarms and numbers, then where it comes from, section by section,
 * then costs, what the logs say, and what to do for each alarm. Alarms of one thing and severity are told as one, on one topic for each severity, and
 * what follows from something that rings already is held back.
 *
 * What is watched may be in other stacks of the same account and region. A page of many things fills the larger part of a template: it belongs in a
 * stack of its own.
 *
 * @example
 * declare const drawings: JobProcessingPipeline;
 * declare const thumbnails: QueuedLambdaWorker;
 *
 * new ObservabilityDashboard(this, 'Operations', {
 *   monitored: [drawings, thumbnails],
 *   notify: [AlarmChannel.email('team@example.com')],
 * });
 */
export class ObservabilityDashboard extends Construct {
  /** The page. Further widgets that are added to it stand below all others. */
  public readonly dashboard: Dashboard;
  /** Where alarms with `AlarmSeverity.PAGE` go. */
  public readonly pageTopic: ITopic;
  /** Where alarms with `AlarmSeverity.TICKET` go. */
  public readonly ticketTopic: ITopic;
  /** The key of topics that were made here; none where there are none, or the profile has none. */
  public readonly encryptionKey?: IKey;

  private readonly watched: Watched[] = [];
  private readonly router: AlarmRouter;
  private readonly page: DashboardPage;
  private routed: ReadonlyMap<IMonitored, RoutedAlarms> = new Map();
  private completed = false;

  /**
   * Creates the page, the topics and the alarms that tell.
   *
   * @param scope the construct around it
   * @param id its name within the scope
   * @param props what is watched, and who is told
   * @throws an error that lists everything that is wrong with the props, or with what is watched
   */
  constructor(scope: Construct, id: string, props: ObservabilityDashboardProps = {}) {
    super(scope, id);
    const rules = new PropRules(this);
    checkDashboardProps(rules, props);
    const watched = new WatchedRules(rules, []).check('monitored', props.monitored ?? []);
    rules.throwIfBroken();
    if (new.target === ObservabilityDashboard) {
      warnOfUnknownProps(this, 'cdk-jobworks:dashboard.unknownProps', props, DASHBOARD_KINDS);
    }

    props.profile?.applyTo(this);
    const title = props.title ?? props.dashboardName ?? id;
    const runbooks = props.runbooks ?? RUNBOOKS;

    const topics = createAlarmTopics(this, {
      title,
      profile: EnvironmentProfile.of(this),
      channels: props.notify,
      pageTopic: props.pageTopic,
      ticketTopic: props.ticketTopic,
      encryptionKey: props.encryptionKey,
    });
    this.pageTopic = topics.pageTopic;
    this.ticketTopic = topics.ticketTopic;
    this.encryptionKey = topics.encryptionKey;
    this.router = new AlarmRouter(new Construct(this, 'Alarms'), { topics, runbookUrl: (runbook) => addressOf(runbook, runbooks) });

    this.page = new DashboardPage(this, { title, runbooks, foldAfter: props.foldAfter ?? FOLD_AFTER }, this.watched);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: props.dashboardName,
      start: `-${rangeText(props.defaultRange ?? Duration.hours(12))}`,
      widgets: [[this.page]],
    });
    this.node.addValidation({ validate: () => this.faults() });
    Aspects.of(this).add({ visit: (node) => this.complete(node, title, props) }, { priority: AspectPriority.MUTATING });
    this.watch(watched);
  }

  /** What tells of alarms with `AlarmSeverity.PAGE`: one for each thing that has any. */
  public get pageAlarms(): CompositeAlarm[] {
    return [...this.routed.values()].flatMap(({ page }) => page ?? []);
  }

  /** What tells of alarms with `AlarmSeverity.TICKET`: one for each thing that has any. */
  public get ticketAlarms(): CompositeAlarm[] {
    return [...this.routed.values()].flatMap(({ ticket }) => ticket ?? []);
  }

  /**
   * Watches further things. They stand below those that are watched already.
   *
   * @param monitored what is watched
   * @throws an error that lists everything that is wrong with it
   */
  public add(...monitored: IMonitored[]): void {
    const rules = new PropRules(this);
    rules.check(!this.completed, { rule: 'add(…) cannot be called when the app is being synthesised', fix: 'call it where the app is put together' });
    const watched = new WatchedRules(rules, this.watched).check('add(…)', monitored);
    rules.throwIfBroken();
    this.watch(watched);
  }

  private watch(watched: readonly Watched[]): void {
    this.routed = this.router.route(new Map(watched.map(({ monitored, monitoring }) => [monitored, monitoring])));
    this.watched.push(...watched);
    warnOfWidgets(this, watched);
    for (const { monitoring } of watched) {
      warnOfUnknownParts(this, 'cdk-jobworks:dashboard.unknownProps', `${monitoring.title}.monitor()`, monitoring, MONITORING);
    }
  }

  /** What is made of the logs of all things together, when all of them are known. */
  private complete(node: IConstruct, title: string, props: ObservabilityDashboardProps): void {
    if (node === this && !this.completed) {
      this.completed = true;
      this.page.complete(createInsights(new Construct(this, 'Insights'), title, this.watched, props));
    }
  }

  /** What is known only when everything is. */
  private faults(): string[] {
    return [
      ...(this.watched.length === 0 ? ['There is nothing to show. Fix: name what is watched, as monitored: [pipeline], or by add(pipeline).'] : []),
      ...this.page.errors(),
      ...this.nameTaken(),
    ];
  }

  /** Of two dashboards of a name, the later one would take the place of the other, wherever in the account it is deployed. */
  private nameTaken(): string[] {
    const own = this.dashboard.node.defaultChild as CfnDashboard;
    const { account } = Stack.of(this);
    const others = (Stage.of(this) ?? Stack.of(this)).node.findAll()
      .filter((one): one is CfnDashboard => CfnDashboard.isCfnDashboard(one) && one !== own && Stack.of(one).account === account)
      .filter(({ dashboardName }) => dashboardName !== undefined && !Token.isUnresolved(dashboardName) && dashboardName === own.dashboardName);
    return others.map(({ node }) => `dashboardName ${own.dashboardName} is taken by ${node.path}: an account has one dashboard of a name. `
      + 'Fix: give one of them another name, or leave it to CloudFormation.');
  }
}

/** As CloudWatch reads it: in one unit. */
function rangeText(range: Duration): string {
  const minutes = range.toMinutes();
  return minutes % 1440 === 0 ? `P${minutes / 1440}D` : minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}
