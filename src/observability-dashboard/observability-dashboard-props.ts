import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmChannel } from '../alarm-routing/alarm-channel';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import type { IMonitored } from '../monitoring/monitored';

/** What a dashboard shows, and whom it tells. */
export interface ObservabilityDashboardProps {
  /**
   * What is watched, in the order in which it stands on the page; `add()` takes more.
   *
   * @default - what is given to `add()`; there must be something when the app is synthesised
   */
  readonly monitored?: IMonitored[];

  /**
   * The dashboard's name in CloudWatch, up to 255 letters, digits, `-` and `_`. An account has one dashboard of a name, whatever its region.
   *
   * @default - made by CloudFormation
   */
  readonly dashboardName?: string;

  /**
   * What stands at the top of the page, and in notifications.
   *
   * @default - the dashboard's name, else its construct's id
   */
  readonly title?: string;

  /**
   * The environment, which decides whether notifications are encrypted with a key of their own.
   *
   * @default - the one of the construct around it, else `EnvironmentProfile.prod()`
   */
  readonly profile?: EnvironmentProfile;

  /**
   * Whom alarms are told, and that they are over.
   *
   * @default - nobody, except who subscribes to `pageTopic` and `ticketTopic`
   */
  readonly notify?: AlarmChannel[];

  /**
   * Where alarms with `AlarmSeverity.PAGE` go.
   *
   * @default - a new topic
   */
  readonly pageTopic?: ITopic;

  /**
   * Where alarms with `AlarmSeverity.TICKET` go. It may be the same topic.
   *
   * @default - a new topic
   */
  readonly ticketTopic?: ITopic;

  /**
   * The key that new topics are encrypted with.
   *
   * @default - a new key, unless the profile has none (`EnvironmentProfile.dev()`)
   */
  readonly encryptionKey?: IKey;

  /**
   * Where the pages are that say more about each alarm: an address with `https://`, below which they have the alarm's page as their name
   * (`…/pipeline-failure-rate`), or that has `{page}` where it belongs (`https://wiki.example.com/{page}.html`).
   *
   * @default - those of this library
   * @see https://github.com/cdkjobworks/cdk-jobworks/tree/main/docs/runbooks
   */
  readonly runbooks?: string;

  /**
   * The time that is shown when the page is opened: whole minutes, hours or days, up to 455 days.
   *
   * @default Duration.hours(12)
   */
  readonly defaultRange?: Duration;

  /**
   * How many things there may be for each to be shown in full. Where there are more, each has one row: its numbers, its flow, and what waits. Alarms
   * and costs are shown of all. 0 to 500.
   *
   * @default 6
   */
  readonly foldAfter?: number;

  /**
   * Whether queries of CloudWatch Logs Insights are saved, in a folder of the title's name: errors by type, one job's story, the slowest, the cost by
   * owner and others. Saved queries cost nothing.
   *
   * @default true
   */
  readonly savedQueries?: boolean;

  /**
   * Whether lines of errors are counted, in the logs of pipelines, workers and functions: a metric for each thing, at $0.30 a month.
   *
   * @default true
   */
  readonly errorLines?: boolean;

  /**
   * Whether Contributor Insights reckons how work and failures are divided among the owners of jobs: two rules or more, at $0.50 a month each, and
   * $0.02 for a million lines.
   *
   * @default true, except with `EnvironmentProfile.dev()`
   */
  readonly owners?: boolean;
}
