import type { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import type { SecureNetwork } from '../secure-network/secure-network';

/** What functions are configured by. Something of it must be given. */
export interface ConfigParametersProps {
  /**
   * Values that may be changed without a deployment of code, by name: letters, digits and `_.-`. They are kept in Parameter Store as plain text of up
   * to 8 KB, over 4 KB at 0.05 USD a month. What is secret belongs into `secrets`: CloudFormation makes no encrypted parameters, and a template is
   * read by many.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
   */
  readonly parameters?: { [name: string]: string };

  /**
   * Parameters that were made elsewhere, encrypted ones too, by what functions call them.
   *
   * @default - none
   */
  readonly existingParameters?: { [name: string]: IParameter };

  /**
   * Secrets of Secrets Manager, by what functions call them.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: ISecret };

  /**
   * Feature flags in AppConfig, and whether each is on when it is deployed: a small letter, then up to 63 letters, digits, dashes and underscores.
   * They are switched in the console, too, until the next deployment that changes one here.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-and-profile-feature-flags.html
   */
  readonly flags?: { [name: string]: boolean };

  /**
   * While one of these rings, a change of flags is taken back: up to five alarms. With any, changes reach a fifth of the functions every two minutes,
   * and are watched for ten minutes more.
   *
   * @default - none: a change is there at once
   */
  readonly rollbackAlarms?: IAlarm[];

  /**
   * For how long a function believes what it has read, 1 second to 1 day. AppConfig is paid for by the question, 0.0000002 USD each.
   *
   * @default Duration.minutes(1)
   */
  readonly maxAge?: Duration;

  /**
   * What the names of parameters begin with, with a slash at its beginning and none at its end.
   *
   * @default - the stack's name and the construct's path: `/Stack/Config`
   */
  readonly path?: string;

  /**
   * The environment, by which the one of AppConfig is called.
   *
   * @default - that of the construct around it, else `EnvironmentProfile.prod()`
   */
  readonly profile?: EnvironmentProfile;
}

/** How a function reads. */
export interface GrantReadConfigOptions {
  /**
   * The network that the function is in: it is let out to the services that it asks, and synthesis says which endpoints are missing.
   *
   * @default - none; with a function in a network there is a warning
   */
  readonly network?: SecureNetwork;
}
