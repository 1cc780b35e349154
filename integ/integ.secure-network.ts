import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { EnvironmentProfile, NatGateways, NetworkEndpoint, SecureNetwork } from '../src';
import { integApp } from './app';

/** Networks of each environment, one without a way to the internet, and one in a VPC that exists, each with a function. */
const app = integApp();
const stack = new Stack(app, 'SecureNetworkStack');
const elsewhere = new Stack(app, 'SecureNetworkElsewhereStack');

const { SQS, SECRETS_MANAGER, BEDROCK_RUNTIME, S3, DYNAMODB } = NetworkEndpoint;

const functionIn = (scope: Stack, id: string, network: SecureNetwork, ...services: NetworkEndpoint[]) => new LambdaFunction(scope, id, {
  runtime: Runtime.NODEJS_24_X,
  code: Code.fromInline('exports.handler = async () => {};'),
  handler: 'index.handler',
  vpc: network.vpc,
  vpcSubnets: network.functionSubnets,
  securityGroups: [network.securityGroupFor(scope, `${id}Group`, ...services)],
});

const networks = {
  Dev: { profile: EnvironmentProfile.dev() },
  Staging: { profile: EnvironmentProfile.staging(), cidr: '10.1.0.0/16' },
  Prod: { profile: EnvironmentProfile.prod(), cidr: '10.2.0.0/20' },
  Closed: {
    profile: EnvironmentProfile.prod(),
    cidr: '10.3.0.0/21',
    natGateways: NatGateways.none(),
    networkAcls: true,
    endpoints: [SQS, SECRETS_MANAGER, BEDROCK_RUNTIME],
  },
  Existing: {
    profile: EnvironmentProfile.prod(),
    vpc: new Vpc(stack, 'Vpc', {
      maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }], restrictDefaultSecurityGroup: false,
    }),
    endpoints: [SQS, S3],
  },
};
for (const [id, props] of Object.entries(networks)) {
  const network = new SecureNetwork(stack, id, props);
  functionIn(stack, `${id}Function`, network, SQS, S3);
  if (id === 'Closed') {
    functionIn(elsewhere, 'Function', network, SECRETS_MANAGER, DYNAMODB);
  }
}

new IntegTest(app, 'SecureNetwork', { testCases: [stack] });
