import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { GradualDeployment } from './gradual-deployment';
import { trafficConfig } from './traffic-config';
import { versionAlarm, type JudgedVersion } from './version-alarm';
import { acknowledgeWildcards } from '../internal/acknowledge-wildcards';
import { liveArn } from '../internal/live-alias';

/** An alias whose traffic is moved. */
export interface DeployedAlias extends JudgedVersion {
  /** What it is called within the application, such as `Worker`. */
  readonly name: string;
  /** Whether own hooks and the test after traffic are for this one. */
  readonly isWorker: boolean;
}

/** The library's own functions that are called on the way. */
export interface DeploymentHooks {
  readonly before?: lambda.Function;
  readonly after?: lambda.Function;
}

const TOLD = ['DeploymentStart', 'DeploymentSuccess', 'DeploymentFailure', 'DeploymentStop', 'DeploymentRollback'];

/** What moves the traffic of a construct's aliases: an application of CodeDeploy with a group for each, and a role that may do that and no more. */
export class Deployment extends Construct {
  readonly application: codedeploy.LambdaApplication;
  /** What traffic is judged by: it must know the new version before that gets any. */
  private readonly judges: Construct[] = [];
  private readonly role: iam.Role;

  constructor(scope: Construct, id: string, private readonly given: GradualDeployment) {
    super(scope, id);
    this.application = new codedeploy.LambdaApplication(this, 'Application');
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com') });
  }

  /** Has CodeDeploy move the traffic of these aliases from now on. */
  deploy(aliases: readonly DeployedAlias[], { before, after }: DeploymentHooks): void {
    const { beforeTraffic, afterTraffic } = this.given._options;
    for (const alias of aliases) {
      this.deployAlias(alias, alias.isWorker ? beforeTraffic ?? before : before, alias.isWorker ? afterTraffic ?? after : undefined);
    }
    this.judges.push(...[before, after].filter((hook) => hook !== undefined));
    this.allow(aliases);
  }

  private deployAlias(deployed: DeployedAlias, before: lambda.IFunction | undefined, after: lambda.IFunction | undefined): void {
    const { name, alias } = deployed;
    const group = new codedeploy.CfnDeploymentGroup(this, name, {
      applicationName: this.application.applicationName,
      deploymentGroupName: name, // its own within the application; named here, so that hooks can be let in before it is there
      serviceRoleArn: this.role.roleArn,
      deploymentConfigName: trafficConfig(this, this.given._shift),
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      ...this.rollback(deployed),
      triggerConfigurations: this.triggers(),
    });
    for (const hook of [before, after]) {
      hook?.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
        actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
        resources: [this.groupArn(name)],
      }));
      hook && this.role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [hook.functionArn] }));
    }
    (alias.node.defaultChild as lambda.CfnAlias).cfnOptions.updatePolicy = {
      codeDeployLambdaAliasUpdate: {
        applicationName: this.application.applicationName,
        deploymentGroupName: group.ref,
        beforeAllowTrafficHook: before?.functionName,
        afterAllowTrafficHook: after?.functionName,
      },
    };
  }

  private groupArn(name: string): string {
    return Stack.of(this).formatArn({
      service: 'codedeploy',
      resource: 'deploymentgroup',
      resourceName: `${this.application.applicationName}/${name}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** A deployment that fails is rolled back in any case. */
  private rollback(deployed: DeployedAlias): Pick<codedeploy.CfnDeploymentGroupProps, 'alarmConfiguration' | 'autoRollbackConfiguration'> {
    const alarms = this.alarmsFor(deployed);
    return {
      alarmConfiguration: { enabled: alarms.length > 0, alarms: alarms.map(({ alarmName }) => ({ name: alarmName })) },
      autoRollbackConfiguration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', ...(alarms.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM'] : [])],
      },
    };
  }

  private alarmsFor(deployed: DeployedAlias): cloudwatch.IAlarm[] {
    const { rollbackOnAlarms = true, alarms = [] } = this.given._options;
    const watched = rollbackOnAlarms && this.given._shift.kind !== 'all-at-once';
    const own = watched ? [versionAlarm(this, `${deployed.name}VersionAlarm`, deployed)] : [];
    this.judges.push(...own);
    return [...own, ...alarms];
  }

  private triggers(): codedeploy.CfnDeploymentGroup.TriggerConfigProperty[] | undefined {
    const { notify } = this.given._options;
    return notify && [{ triggerName: 'Notify', triggerEvents: TOLD, triggerTargetArn: notify.topicArn }];
  }

  /** No managed policy, which may change every alias of the account. */
  private allow(aliases: readonly DeployedAlias[]): void {
    const functions = aliases.map(({ alias }) => alias.lambda as lambda.Function);
    this.role.addToPolicy(new iam.PolicyStatement({
      actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'], // all that its managed policy has
      resources: functions.flatMap((fn) => [fn.functionArn, liveArn(fn)]),
    }));
    const { notify } = this.given._options;
    if (notify) {
      this.role.addToPolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [notify.topicArn] }));
      notify.masterKey?.grant(this.role, 'kms:Decrypt', 'kms:GenerateDataKey');
    }
    const seesAlarms = new iam.Policy(this, 'SeesAlarms', {
      roles: [this.role], statements: [new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] })],
    });
    acknowledgeWildcards(seesAlarms, 'alarms are described as a list, and composite ones only to whoever may see all');
    // a deployment that comes before its permissions fails; one that comes before its judges has them judge the version before
    aliases.forEach(({ alias }) => alias.node.addDependency(this.role, seesAlarms, ...this.judges));
  }
}
