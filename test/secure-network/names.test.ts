import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { resources } from './support';
import { NETWORKS, networkOf } from '../templates/networks';

/* Names and descriptions are made of paths, which have no limit; what AWS takes has. */

const LONG = { stackId: 'S'.repeat(100), ids: ['a', 'b', 'c'].map((letter) => letter.repeat(100)) };
const GROUP_DESCRIPTION = /^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/;

interface Tagged {
  readonly Tags?: ReadonlyArray<{ readonly Key: string; readonly Value: unknown }>;
}

describe.each(NETWORKS)('%s, ids of 100 characters, three deep', (kind) => {
  const template = Template.fromStack(networkOf(kind, LONG).stack);
  const all = Object.entries(template.toJSON().Resources as Record<string, { readonly Properties?: Tagged }>);

  test('tags have at most 256 characters', () => {
    const tags = all.flatMap(([id, { Properties }]) => (Properties?.Tags ?? []).map(({ Key, Value }) => ({ id, Key, Value })));
    expect(tags.length > 10).toBe(kind !== 'network, in a VPC that exists');
    expect(tags.filter(({ Value }) => typeof Value !== 'string' || Value.length > 256)).toEqual([]);
  });

  test('descriptions of security groups and their rules are as EC2 takes them', () => {
    const groups = resources(template, 'EC2::SecurityGroup').map(([, { GroupDescription }]) => GroupDescription);
    const inside = resources(template, 'EC2::SecurityGroup').flatMap(([, { SecurityGroupEgress = [] }]) => SecurityGroupEgress as { Description: string }[]);
    const apart = ['Ingress', 'Egress'].flatMap((way) => resources(template, `EC2::SecurityGroup${way}`).map(([, rule]) => rule));
    const texts = [...groups, ...[...inside, ...apart].map(({ Description }) => Description)].map(String);
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.filter((text) => !GROUP_DESCRIPTION.test(text))).toEqual([]);
  });

  test('logical ids have at most 255 characters', () => {
    expect(all.map(([id]) => id).filter((id) => !/^[A-Za-z0-9]{1,255}$/.test(id))).toEqual([]);
  });
});

test('what EC2 does not take in a description is replaced', () => {
  const { stack, network } = networkOf('network, dev');
  network.securityGroupFor(new Construct(stack, "Jürgen's “functions”"), 'Group');
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'A function of Stack/J_rgen_s _functions_' });
});

test('short paths are names as they are', () => {
  const template = Template.fromStack(networkOf('network, dev').stack);
  const names = resources(template, 'EC2::Subnet').map(([, { Tags }]) => (Tags as { Key: string; Value: string }[]).find(({ Key }) => Key === 'Name')!.Value);
  expect(names).toContain('Stack/Network/Vpc/PublicSubnet1');
  expect(resources(template, 'EC2::VPC').map(([, { Tags }]) => Tags)).toEqual([[{ Key: 'Name', Value: 'Stack/Network' }]]);
});
