import type { RemovalPolicy } from 'aws-cdk-lib';
import type { FlowLogTrafficType, IPrefixList, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { NatGateways } from './nat-gateways';
import type { SecureNetworkAlarmOptions } from './network-alarms';
import type { NetworkEndpoint } from './network-endpoint';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';

/** What a network is made of. */
export interface SecureNetworkProps {
  /**
   * The environment, which decides on NAT gateways, retention and encryption. Required, since what it decides is billed by the hour.
   *
   * @see https://aws.amazon.com/vpc/pricing/
   */
  readonly profile: EnvironmentProfile;

  // --- a new VPC --------------------------------------------------------------------------------------------------------------

  /**
   * The addresses of the new VPC, /16 to /20 (/21 with 2 zones): a /24 for each subnet. With /20 or more, those of a third zone are kept free, so
   * that it can be added later without moving a subnet. The range of a VPC cannot be changed.
   *
   * @default '10.0.0.0/16'
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
   */
  readonly cidr?: string;

  /**
   * In how many availability zones the new VPC has subnets, 2 or 3. For 3, the stack must have an `env`. NAT gateways (one per AZ) and interface
   * endpoints are billed for each.
   *
   * @default 2
   */
  readonly availabilityZoneCount?: number;

  /**
   * How what is in the private subnets gets out to the internet: the largest part of the bill.
   *
   * @default - one per AZ with `EnvironmentProfile.prod()`, else one
   */
  readonly natGateways?: NatGateways;

  /**
   * Whether subnets have network ACLs beside the security groups of what is in them: HTTPS out and answers in, and from the VPC alone what
   * databases are asked (ports from 1024). Other protocols cannot leave the VPC with them, such as mail or SSH.
   *
   * @default false
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
   */
  readonly networkAcls?: boolean;

  /**
   * How long the flow logs of the new VPC are kept.
   *
   * @default - as long as the profile keeps logs
   */
  readonly flowLogRetention?: RetentionDays;

  /**
   * Which connections the flow logs of the new VPC tell of. They are billed by the gigabyte, 0.50 USD (us-east-1, November 2026).
   *
   * @default FlowLogTrafficType.ALL
   * @see https://aws.amazon.com/cloudwatch/pricing/
   */
  readonly flowLogTraffic?: FlowLogTrafficType;

  /**
   * The key that flow logs are encrypted with. A key that is imported must let CloudWatch Logs use it.
   *
   * @default - a key of the network's own, or service-managed encryption with `EnvironmentProfile.dev()`
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: IKey;

  /**
   * What happens to flow logs and their key when they leave the stack.
   *
   * @default - as the profile says
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Tunes or removes the alarms of the NAT gateways.
   *
   * @default - all alarms with their own limits, where there are NAT gateways
   */
  readonly alarms?: SecureNetworkAlarmOptions;

  // --- a VPC that exists ------------------------------------------------------------------------------------------------------

  /**
   * A VPC that exists, instead of a new one. It needs subnets that are not public, in two zones or more. Its NAT gateways, network ACLs, flow logs
   * and default security group stay as they are.
   *
   * @default - a new VPC
   */
  readonly vpc?: IVpc;

  /**
   * Where functions and interface endpoints are placed in `vpc`.
   *
   * @default - private subnets with a way out, else isolated ones
   */
  readonly functionSubnets?: SubnetSelection;

  /**
   * Where databases are placed in `vpc`.
   *
   * @default - isolated subnets, else private ones
   */
  readonly databaseSubnets?: SubnetSelection;

  /**
   * Endpoints that `vpc` has already. Their security groups must let in 443 from the VPC: they are not touched.
   *
   * @default - none
   */
  readonly existingEndpoints?: NetworkEndpoint[];

  // --- endpoints --------------------------------------------------------------------------------------------------------------

  /**
   * Services that are reached without the internet. A new VPC has those of S3 and DynamoDB in any case; `vpc` gets what is named.
   * Without NAT gateways, whatever functions call must be here; synthesis says what is missing.
   *
   * @default - none but S3 and DynamoDB
   */
  readonly endpoints?: NetworkEndpoint[];

  /**
   * The addresses of S3 in the region, so that functions which need S3 and no more get out to these alone. Their id cannot be known without a
   * look-up: `ec2.PrefixList.fromLookup(this, 'S3', { prefixListName: 'com.amazonaws.eu-west-1.s3' })`.
   *
   * @default - 443 to anywhere, which routes limit: without NAT gateways, to S3, DynamoDB and the VPC
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
   */
  readonly s3PrefixList?: IPrefixList;

  /**
   * The addresses of DynamoDB in the region, as `s3PrefixList`: `com.amazonaws.eu-west-1.dynamodb`.
   *
   * @default - 443 to anywhere, which routes limit: without NAT gateways, to S3, DynamoDB and the VPC
   */
  readonly dynamoDbPrefixList?: IPrefixList;
}
