import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { watchedApp, type Watcher } from '../../bench/dashboard-apps';
import { watchedOf } from '../../preview/body/dashboards';
import type { Template as Written } from '../../preview/body/stand-ins';

const ALARM = 'AWS::CloudWatch::Alarm';
const templates = (app: App) => app.node.children.filter(Stack.isStack).map((stack) => Template.fromStack(stack).toJSON() as Written);
const WATCHED: Record<Watcher, Written[]> = { ours: templates(watchedApp('ours', 2)), peer: templates(watchedApp('peer', 2)) };

function typesOf(written: readonly Written[]): string[] {
  return written.flatMap(({ Resources = {} }) => Object.values(Resources).map(({ Type }) => Type)).sort();
}

it('has the same pipelines for both', () => {
  const [ours, theirs] = [WATCHED.ours[0], WATCHED.peer[0]].map((template) => typesOf([template])
    .filter((type) => !type.startsWith('AWS::CloudWatch::') && type !== 'AWS::Logs::QueryDefinition'));
  expect(ours).toEqual(theirs);
  expect(ours.filter((type) => type === 'AWS::SQS::Queue')).toHaveLength(4);
});

it('has as many alarms for both', () => {
  const [ours, theirs] = [WATCHED.ours, WATCHED.peer].map((all) => typesOf(all).filter((type) => type === ALARM).length);
  expect(ours).toBeGreaterThanOrEqual(20);
  expect(theirs).toBe(ours);
});

it('has dashboards of both', () => {
  expect(watchedOf(WATCHED.ours).dashboards).toHaveLength(1);
  expect(watchedOf(WATCHED.peer).dashboards).not.toHaveLength(0);
});
