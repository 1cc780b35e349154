import { Tags } from 'aws-cdk-lib';
import {
  AmazonLinuxCpuType, BlockDeviceVolume, EbsDeviceVolumeType, Instance, InstanceClass, InstanceSize, InstanceType, MachineImage, Port,
  type SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { PORT } from './server';
import { acknowledge } from '../internal/acknowledge';
import { pathName } from '../secure-network/names';
import { NetworkEndpoint } from '../secure-network/network-endpoint';
import type { SecureNetwork } from '../secure-network/secure-network';

const DISK_GIBIBYTES = 8;

/** What the way in is made with. */
export interface SessionManagerAccessOptions {
  readonly network: SecureNetwork;
  readonly securityGroup: SecurityGroup;
  readonly databaseSecurityGroup: SecurityGroup;
  readonly encryptionKey?: IKey;
}

/**
 * What Session Manager forwards a port through: the smallest machine there is. Nobody can connect to it: it has no key, no public address, and a
 * group that lets nothing in. It asks Systems Manager for work, by HTTPS, and comes to the database.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
 */
export function createSessionManagerAccess(scope: Construct, id: string, options: SessionManagerAccessOptions): Instance {
  const { network, securityGroup } = options;
  const instance = new Instance(scope, id, {
    vpc: network.vpc,
    vpcSubnets: network.functionSubnets,
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
    machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }), // which has the agent
    securityGroup,
    role: createRole(scope, `${id}Role`),
    requireImdsv2: true,
    associatePublicIpAddress: false,
    detailedMonitoring: false,
    blockDevices: [{
      deviceName: '/dev/xvda',
      volume: BlockDeviceVolume.ebs(DISK_GIBIBYTES, { encrypted: true, kmsKey: options.encryptionKey, volumeType: EbsDeviceVolumeType.GP3 }),
    }],
  });
  Tags.of(instance).add('Name', pathName(instance)); // the CDK's is the path, which may be longer than a tag
  securityGroup.connections.allowTo(options.databaseSecurityGroup, Port.tcp(PORT), 'PostgreSQL through Session Manager');
  network._connect(securityGroup, instance, [NetworkEndpoint.SSM, NetworkEndpoint.SSM_MESSAGES, NetworkEndpoint.EC2_MESSAGES]);
  acknowledge(
    instance,
    { id: 'AwsSolutions-EC28', reason: 'it forwards a port and does nothing else: nobody would look at its metrics minute by minute' },
    { id: 'AwsSolutions-EC29', reason: 'there is nothing on it: it may go at any time and be made anew' },
  );
  return instance;
}

function createRole(scope: Construct, id: string): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  });
  acknowledge(role, {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]',
    reason: 'what the agent of Systems Manager calls changes with the service, which keeps its own policy',
  });
  return role;
}
