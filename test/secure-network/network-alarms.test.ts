import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import type { SecureNetworkProps } from '../../src/secure-network/secure-network-props';
import { stateOf, type Reported } from '../monitoring/judging';
import { alarmOf } from '../monitoring/support';

const ALARM = 'AWS::CloudWatch::Alarm';
const create = (props: Partial<SecureNetworkProps> = {}) =>
  new SecureNetwork(new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } }), 'Network', {
    profile: EnvironmentProfile.prod(), ...props,
  });

test.each<[string, NatGateways, number]>([['one', NatGateways.one(), 1], ['one each', NatGateways.onePerAz(), 2]])('%s: all NAT gateways are judged', (_, natGateways, count) => {
  const { alarms } = create({ natGateways });
  expect(alarmOf(alarms.portAllocation!).metrics).toHaveLength(count + 1);
  expect(alarmOf(alarms.packetsDropped!).metrics).toHaveLength(3 * count + 1);
});

test.each<[string, Reported, string]>([
  ['a port that was missing', { ErrorPortAllocation: 1 }, 'ALARM'],
  ['a port that was missing once', { ErrorPortAllocation: [1, 0] }, 'OK'],
  ['nothing', {}, 'OK'],
])('ports: %s', (_, reported, state) => {
  expect(stateOf(create().alarms.portAllocation!, reported)).toBe(state);
});

test.each<[string, Reported, string]>([
  ['one packet of five thousand', { PacketsDropCount: 1, PacketsInFromSource: 2_500, PacketsInFromDestination: 2_500 }, 'ALARM'],
  ['one packet of twenty thousand', { PacketsDropCount: 1, PacketsInFromSource: 10_000, PacketsInFromDestination: 10_000 }, 'OK'],
  ['no packets at all', { PacketsDropCount: 0 }, 'OK'],
])('packets: %s', (_, reported, state) => {
  expect(stateOf(create({ natGateways: NatGateways.one() }).alarms.packetsDropped!, reported)).toBe(state);
});

test('without NAT gateways, and in a VPC that exists, there are none', () => {
  const network = create({ natGateways: NatGateways.none() });
  expect(network.alarms).toEqual({});
  Template.fromStack(Stack.of(network)).resourceCountIs(ALARM, 0);
});

test('each is tuned, removed and given something to do', () => {
  const network = create({ alarms: { portAllocation: { threshold: 9 }, packetsDropped: { enabled: false } } });
  network.addAlarmAction(new SnsAction(new sns.Topic(network, 'Topic')));
  expect(network.alarms.packetsDropped).toBeUndefined();
  const template = Template.fromStack(Stack.of(network));
  template.hasResourceProperties(ALARM, { Threshold: 9, AlarmActions: [Match.anyValue()] });
});

test('fails on alarms without NAT gateways, and beside a VPC that has its own', () => {
  expect(() => create({ natGateways: NatGateways.none(), alarms: { portAllocation: { threshold: 9 } } }))
    .toThrow('alarms.portAllocation cannot be tuned without NAT gateways: it would never have data. Fix: remove alarms.portAllocation');
  expect(() => create({ alarms: { packetsDropped: { threshold: 101 } } })).toThrow('alarms.packetsDropped.threshold must be from 0 to 100');
});
