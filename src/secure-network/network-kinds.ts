import { RemovalPolicy } from 'aws-cdk-lib';
import { FlowLogTrafficType } from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { NatGateways } from './nat-gateways';
import type { SecureNetworkAlarmOptions } from './network-alarms';
import { NetworkEndpoint } from './network-endpoint';
import type { SecureNetworkProps } from './secure-network-props';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { ALARM } from '../internal/common-kinds';
import {
  constructKind, enumKind, FLAG, instanceKind, listKind, numberKind, required, structKind, TEXT, type KindsOf, type ValueKind,
} from '../internal/value-kinds';

const PROFILE = instanceKind('EnvironmentProfile', () => EnvironmentProfile, 'EnvironmentProfile.prod(), .staging() or .dev()');
const SUBNETS = structKind('{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }', {});

/** One service, or another of its kind. */
export const ENDPOINT = instanceKind('NetworkEndpoint', () => NetworkEndpoint, "NetworkEndpoint.SQS, or NetworkEndpoint.of('textract')");

/** What kind of value each prop of a network takes. */
export const NETWORK_KINDS: KindsOf<SecureNetworkProps> = {
  profile: required(PROFILE),
  cidr: TEXT,
  availabilityZoneCount: numberKind(2),
  natGateways: instanceKind('NatGateways', () => NatGateways, 'NatGateways.none(), .one() or .onePerAz()'),
  networkAcls: FLAG,
  flowLogRetention: enumKind('logs.RetentionDays', () => RetentionDays, 'ONE_MONTH'),
  flowLogTraffic: enumKind('ec2.FlowLogTrafficType', () => FlowLogTrafficType, 'ALL'),
  encryptionKey: constructKind('kms.IKey', 'keyArn', 'key, with const key = new kms.Key(…) or kms.Key.fromKeyArn(…)'),
  alarms: structKind<SecureNetworkAlarmOptions>('{ packetsDropped: { enabled: false } }', { portAllocation: ALARM, packetsDropped: ALARM }, 'alarm by alarm'),
  removalPolicy: enumKind('RemovalPolicy', () => RemovalPolicy, 'RETAIN'),
  vpc: constructKind('ec2.IVpc', 'selectSubnets', 'vpc, with const vpc = new ec2.Vpc(…) or ec2.Vpc.fromLookup(…)'),
  functionSubnets: SUBNETS,
  databaseSubnets: SUBNETS,
  existingEndpoints: listKind(ENDPOINT),
  endpoints: listKind(ENDPOINT),
  s3PrefixList: prefixList('s3'),
  dynamoDbPrefixList: prefixList('dynamodb'),
};

function prefixList(service: string): ValueKind {
  return constructKind(
    'ec2.IPrefixList', 'prefixListId', `ec2.PrefixList.fromLookup(this, 'Addresses', { prefixListName: 'com.amazonaws.eu-west-1.${service}' })`,
  );
}
