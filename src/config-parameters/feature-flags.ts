import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as appconfig from 'aws-cdk-lib/aws-appconfig';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../internal/acknowledge';

/** What flags are made from. */
export interface FeatureFlagsOptions {
  readonly title: string;
  readonly environmentName: string;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly rollbackAlarms: readonly IAlarm[];
}

/** Flags in AppConfig: a version of them, deployed. */
export class FeatureFlags extends Construct {
  /**
   * What a function starts a session with. The environment by its name: it knows the alarms, which know the function that they are of, so that each
   * would have to be made before the other.
   */
  public readonly ids: readonly [application: string, environment: string, profile: string];

  constructor(scope: Construct, id: string, { title, environmentName, flags, rollbackAlarms }: FeatureFlagsOptions) {
    super(scope, id);
    const application = new appconfig.CfnApplication(this, 'Application', { name: title });
    const environment = new appconfig.CfnEnvironment(this, 'Environment', {
      applicationId: application.ref,
      name: environmentName,
      monitors: this.monitorsOf(rollbackAlarms),
    });
    const profile = new appconfig.CfnConfigurationProfile(this, 'Profile', {
      applicationId: application.ref, name: 'flags', locationUri: 'hosted', type: 'AWS.AppConfig.FeatureFlags',
    });
    const version = new appconfig.CfnHostedConfigurationVersion(this, 'Version', {
      applicationId: application.ref, configurationProfileId: profile.ref, contentType: 'application/json', content: contentOf(flags),
    });
    const deployment = new appconfig.CfnDeployment(this, 'Deployment', {
      applicationId: application.ref,
      environmentId: environment.ref,
      configurationProfileId: profile.ref,
      configurationVersion: version.ref,
      deploymentStrategyId: this.createStrategy(title, rollbackAlarms.length > 0).ref,
    });
    deployment.addPropertyDeletionOverride('Tags'); // a tag more would be another deployment, by which flags go back that were switched since
    this.ids = [application.ref, environmentName, profile.ref];
  }

  /** What a function must be allowed to read: the application has one environment alone. */
  public get arn(): string {
    const [application, , profile] = this.ids;
    return Stack.of(this).formatArn({
      service: 'appconfig',
      resource: 'application',
      resourceName: `${application}/environment/*/configuration/${profile}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  /** Without alarms there is nothing to wait for. */
  private createStrategy(title: string, watched: boolean): appconfig.CfnDeploymentStrategy {
    return new appconfig.CfnDeploymentStrategy(this, 'Strategy', {
      name: title,
      replicateTo: 'NONE',
      growthType: 'LINEAR',
      growthFactor: watched ? 20 : 100,
      deploymentDurationInMinutes: watched ? 10 : 0,
      finalBakeTimeInMinutes: watched ? 10 : 0,
    });
  }

  private monitorsOf(alarms: readonly IAlarm[]): appconfig.CfnEnvironment.MonitorsProperty[] | undefined {
    if (alarms.length === 0) {
      return undefined;
    }
    const role = new Role(this, 'AlarmsRole', {
      assumedBy: new ServicePrincipal('appconfig.amazonaws.com'),
      inlinePolicies: { Alarms: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] })] }) },
    });
    acknowledge(role.node.defaultChild ?? role, { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'AppConfig lists alarms, which CloudWatch allows for all of them or none' });
    return alarms.map(({ alarmArn }) => ({ alarmArn, alarmRoleArn: role.roleArn }));
  }
}

/** @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html */
function contentOf(flags: Readonly<Record<string, boolean>>): string {
  const each = <T>(of: (name: string, enabled: boolean) => T) =>
    Object.fromEntries(Object.entries(flags).map(([name, enabled]) => [name, of(name, enabled)]));
  return JSON.stringify({ version: '1', flags: each((name) => ({ name })), values: each((_name, enabled) => ({ enabled })) });
}
