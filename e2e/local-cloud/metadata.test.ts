import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import { deploy, type Deployment } from './deploy';
import type { Observation } from './ledger';
import { LocalCloud } from './local-cloud';

/** Types that the emulator would refuse, with what they cannot do without. */
const RECORDED: Record<string, object> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': { ResourceId: 'service/a/b', ScalableDimension: 'ecs:service:DesiredCount', ServiceNamespace: 'ecs' },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {},
  'AWS::Budgets::Budget': {},
  'AWS::CE::AnomalyMonitor': {},
  'AWS::CE::AnomalySubscription': {},
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
  'AWS::RDS::DBProxy': { DBProxyName: 'proxy' },
  'AWS::RDS::DBProxyTargetGroup': {},
  'AWS::SecretsManager::ResourcePolicy': { SecretId: 'secret' },
  'AWS::SecretsManager::RotationSchedule': { SecretId: 'secret' },
  'AWS::Serverless::Application': {},
  'AWS::WAFv2::WebACLAssociation': { WebACLArn: 'acl', ResourceArn: 'api' },
  'AWS::WAFv2::LoggingConfiguration': { ResourceArn: 'acl', LogDestinationConfigs: [] },
  'AWS::XRay::Group': { GroupName: 'group' },
  'AWS::XRay::SamplingRule': {},
};

let cloud: LocalCloud;
let deployment: Deployment;
let outdir: string;
beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), 'jobworks-metadata-'));
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Recorded');
  stack.addTransform('AWS::Serverless-2016-10-31'); // as a rotated secret adds it
  const resources = Object.entries(RECORDED).map(([type, properties]) => new CfnResource(stack, type.replaceAll('::', ''), { type, properties }));
  const database = new CfnResource(stack, 'Database', {
    type: 'AWS::RDS::DBInstance',
    properties: { Engine: 'postgres', DBInstanceClass: 'db.t4g.micro', AllocatedStorage: '20', MasterUsername: 'admin', MasterUserPassword: 'not-a-secret' },
  });
  const proxy = resources.find(({ cfnResourceType }) => cfnResourceType === 'AWS::RDS::DBProxy')!;
  new CfnOutput(stack, 'Host', { value: database.getAtt('Endpoint.Address').toString() });
  new CfnOutput(stack, 'Port', { value: database.getAtt('Endpoint.Port').toString() });
  new CfnOutput(stack, 'Proxy', { value: proxy.getAtt('Endpoint').toString() });
  app.synth();
  cloud = await LocalCloud.start({ postgres: { host: '127.0.0.1', port: 54_321 } });
  deployment = await deploy(cloud, outdir);
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

test('a real PostgreSQL takes the place of an instance and of its proxy', () => {
  expect([deployment.output('Host'), deployment.output('Port'), deployment.output('Proxy')]).toEqual(['127.0.0.1', '54321', '127.0.0.1']);
});
