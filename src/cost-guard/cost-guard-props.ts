import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';

/** What a budget is made of. Either a topic or an address must be told. */
export interface CostGuardProps {
  /** What all of it is together, such as `drawings`: the tag `system`, and the budget's name. */
  readonly system: string;

  /**
   * The environment, which gives the amount and the tag `environment`.
   *
   * @default - that of the construct around it, else `EnvironmentProfile.prod()`
   */
  readonly profile?: EnvironmentProfile;

  /**
   * The tag `environment`, where it is called otherwise.
   *
   * @default - the name of the profile
   */
  readonly environment?: string;

  /**
   * What is tagged, and so counted by the budget: constructs, stacks or the whole app. What is tagged elsewhere is found too.
   *
   * @default - the stack of the guard
   */
  readonly tagged?: IConstruct[];

  /**
   * What a month may cost, in US dollars, more than 0.
   *
   * @default - 100 in `dev`, 200 in `staging`, 500 in `prod`
   */
  readonly monthlyBudgetDollars?: number;

  /**
   * Where budget and anomalies are told of: such as `ticketTopic` of a dashboard. A topic of this app is let be published to; an imported one must
   * let `budgets.amazonaws.com` and `costalerts.amazonaws.com` itself, and its key too. It must be in the account of the budget.
   *
   * @default - none: by e-mail alone
   */
  readonly ticketTopic?: ITopic;

  /**
   * Who is woken when the month's cost is above `pagePercent` of the budget: something runs away.
   *
   * @default - nobody
   */
  readonly pageTopic?: ITopic;

  /**
   * Who is told by e-mail, up to ten addresses: of the budget at once, of anomalies once a day.
   *
   * @default - nobody
   */
  readonly emails?: string[];

  /**
   * From which shares of the budget that were spent somebody is told, in percent, 1 to 1,000.
   *
   * @default [80, 100]
   */
  readonly actualPercents?: number[];

  /**
   * From which shares that the month is forecast to come to, in percent, 1 to 1,000. AWS needs five weeks of cost to forecast.
   *
   * @default [100]
   */
  readonly forecastPercents?: number[];

  /**
   * From which share that was spent `pageTopic` is told, in percent, 1 to 1,000.
   *
   * @default 150
   */
  readonly pagePercent?: number;

  /**
   * Whether AWS looks for cost that is unlike that of the days before. It is free of charge.
   *
   * @default true
   * @see https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html
   */
  readonly anomalies?: boolean;

  /**
   * From which amount an anomaly is told of, in US dollars beyond what was expected, 0 or more.
   *
   * @default - a tenth of the budget
   */
  readonly anomalyDollars?: number;

  /**
   * The ARN of a monitor that exists, such as the one for all services, of which an account has one only.
   *
   * @default - a monitor of its own, of the tag `system-environment`
   */
  readonly anomalyMonitorArn?: string;
}
