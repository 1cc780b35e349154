import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Dashboard, type CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { Monitoring } from '../../src/monitoring/monitored';
import { dashboardFaultsOf } from '../support/dashboard-body';

/** A page of all that something shows, in its own stack, so that its widgets are judged as CloudWatch would. */
export function pageOf(scope: IConstruct, { rows = [] }: Monitoring): { faults: string[]; body: string; warnings: string[] } {
  const stack = Stack.of(scope);
  const dashboard = new Dashboard(stack, 'Page');
  rows.forEach(({ widgets }) => dashboard.addWidgets(...widgets));
  const template = Template.fromStack(stack);
  const [page] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  return {
    faults: dashboardFaultsOf(template.toJSON()),
    body: JSON.stringify(page),
    warnings: Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('CloudWatch')).map(({ entry }) => String(entry.data)),
  };
}

/** The alarms within a construct. */
export function alarmsWithin(construct: IConstruct): Alarm[] {
  return construct.node.findAll().filter((child) => child instanceof Alarm);
}

/** What is judged, and how, as CloudFormation has it. */
export function alarmOf(alarm: Alarm): CfnAlarm {
  return alarm.node.defaultChild as CfnAlarm;
}
