import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { deploy } from './deploy';
import type { Observation } from './ledger';
import { LocalCloud } from './local-cloud';

/** Types that the emulator would refuse, with what they cannot do without. */
const RECORDED: Record<string, object> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': { ResourceId: 'service/a/b', ScalableDimension: 'ecs:service:DesiredCount', ServiceNamespace: 'ecs' },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {},
  'AWS::Budgets::Budget': {},
  'AWS::CE::AnomalyMonitor': {},
  'AWS::CE::AnomalySubscription': {},
  'AWS::Chatbot::MicrosoftTeamsChannelConfiguration': { ConfigurationName: 'teams' },
  'AWS::Chatbot::SlackChannelConfiguration': { ConfigurationName: 'slack' },
  'AWS::CloudWatch::AnomalyDetector': {},
  'AWS::CloudWatch::InsightRule': {},
  'AWS::CodeDeploy::Application': {},
  'AWS::CodeDeploy::DeploymentConfig': {},
  'AWS::CodeDeploy::DeploymentGroup': {},
  'AWS::EC2::EIP': {},
  'AWS::EC2::FlowLog': {},
  'AWS::EC2::NatGateway': {},
  'AWS::EC2::SecurityGroupEgress': {},
  'AWS::EC2::SecurityGroupIngress': {},
  'AWS::GuardDuty::Detector': {},
  'AWS::Logs::QueryDefinition': {},
  'AWS::SecretsManager::ResourcePolicy': { SecretId: 'secret' },
  'AWS::SecretsManager::RotationSchedule': { SecretId: 'secret' },
  'AWS::Serverless::Application': {},
  'AWS::WAFv2::WebACLAssociation': { WebACLArn: 'acl', ResourceArn: 'api' },
  'AWS::WAFv2::LoggingConfiguration': { ResourceArn: 'acl', LogDestinationConfigs: [] },
  'AWS::XRay::Group': { GroupName: 'group' },
  'AWS::XRay::SamplingRule': {},
};

let cloud: LocalCloud;
let outdir: string;
beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), 'jobworks-metadata-'));
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Recorded');
  stack.addTransform('AWS::Serverless-2016-10-31'); // as a rotated secret adds it
  Object.entries(RECORDED).forEach(([type, properties]) => new CfnResource(stack, type.replaceAll('::', ''), { type, properties }));
  app.synth();
  cloud = await LocalCloud.start();
  await deploy(cloud, outdir);
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(outdir, { recursive: true, force: true });
});

test('types without effect deploy, and the emulator says that they are metadata', async () => {
  const { resources } = await (await fetch(`${cloud.endpoint}/_local-cloud/ledger`)).json() as Observation;
  const metadata = resources.filter(({ provisioner }) => provisioner === 'metadata').map(({ type }) => type);
  expect(metadata.sort()).toEqual(Object.keys(RECORDED).sort());
});

test('what has no database starts none', () => {
  expect(() => cloud.databases).toThrow('Nothing that was deployed has a database.');
});
