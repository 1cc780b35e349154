import { Tags } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';

const LONGEST_TAG = 256;
/** Of a security group. */
const LONGEST_DESCRIPTION = 255;

/** The path of a construct as a name, which its end tells more of than its beginning. */
export function pathName(scope: IConstruct, longest = LONGEST_TAG): string {
  const { path } = scope.node;
  return path.length <= longest ? path : `..${path.slice(path.length - longest + 2)}`;
}

/** What a security group is for, as EC2 takes it: certain characters alone. */
export function groupDescription(what: string, scope: IConstruct): string {
  const text = `${what} ${pathName(scope, LONGEST_DESCRIPTION - what.length - 1)}`;
  return text.replace(/[^\w .:/()#,@[\]+=&;{}!$*-]/g, '_');
}

/** The CDK names subnets, and what is in them, by their paths, which may be longer than a tag. */
export function nameSubnets({ publicSubnets, privateSubnets, isolatedSubnets }: IVpc): void {
  for (const subnet of [...publicSubnets, ...privateSubnets, ...isolatedSubnets]) {
    if (subnet.node.path.length > LONGEST_TAG) {
      Tags.of(subnet).add('Name', pathName(subnet));
    }
  }
}
