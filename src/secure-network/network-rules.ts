import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addressRange, aligned, isAllowed, isPossible, longestMask } from './address-space';
import { placesIn, type Places } from './existing-vpc';
import { checkNetworkAlarms } from './network-alarms';
import type { NetworkEndpoint } from './network-endpoint';
import type { SecureNetworkProps } from './secure-network-props';
import { checkJudged } from '../internal/alarm-factory';
import { known, type PropRules } from '../internal/prop-rules';

/** What a new VPC has where nothing is said. */
export const DEFAULT_CIDR = '10.0.0.0/16';
export const DEFAULT_ZONES = 2;
const MOST_ZONES = 3;

/** Everything that can be wrong with the props of a network. */
export function checkNetworkProps(rules: PropRules, scope: Construct, props: SecureNetworkProps): void {
  checkEndpoints(rules, props);
  checkNetworkAlarms(rules, props.alarms);
  if (props.vpc) {
    rules.absent({
      cidr: props.cidr,
      availabilityZoneCount: props.availabilityZoneCount,
      natGateways: props.natGateways,
      networkAcls: props.networkAcls,
      flowLogRetention: props.flowLogRetention,
      flowLogTraffic: props.flowLogTraffic,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
      alarms: props.alarms,
    }, 'beside an existing vpc', 'set it where the VPC is made');
    checkPlaces(rules, placesIn(props.vpc, props));
    return;
  }
  rules.absent({
    functionSubnets: props.functionSubnets, databaseSubnets: props.databaseSubnets, existingEndpoints: props.existingEndpoints,
  }, 'without vpc', 'give vpc');
  for (const name of ['portAllocation', 'packetsDropped'] as const) {
    checkJudged(rules, `alarms.${name}`, props.alarms?.[name], props.natGateways?._count(1) === 0 ? 'NAT gateways' : undefined);
  }
  checkZones(rules, scope, props.availabilityZoneCount);
  checkCidr(rules, props.cidr ?? DEFAULT_CIDR, known(props.availabilityZoneCount) ?? DEFAULT_ZONES);
}

function checkZones(rules: PropRules, scope: Construct, count: number | undefined): void {
  rules.check(!Token.isUnresolved(count), {
    rule: 'availabilityZoneCount must be known before deployment: subnets are made for each zone',
    fix: `write ${DEFAULT_ZONES} or ${MOST_ZONES}`,
  });
  rules.integer('availabilityZoneCount', count, DEFAULT_ZONES, MOST_ZONES, 'what a database in several zones needs');

  const stack = Stack.of(scope);
  const { length } = stack.availabilityZones;
  const agnostic = Token.isUnresolved(stack.region) || Token.isUnresolved(stack.account);
  rules.check((known(count) ?? DEFAULT_ZONES) <= length || (count ?? 0) > MOST_ZONES, {
    rule: agnostic
      ? `availabilityZoneCount must be at most ${length} in a stack that does not say where it is deployed: not every region has more`
      : `availabilityZoneCount must be at most ${length}, which ${stack.region} has`,
    value: count,
    fix: agnostic ? `give the stack an env with account and region, or lower it to ${length}` : 'lower it, or choose another region',
  });
}

function checkCidr(rules: PropRules, cidr: string, zones: number): void {
  if (Token.isUnresolved(cidr)) {
    rules.check(false, { rule: 'cidr must be known before deployment: it is divided among subnets', fix: 'write it, or read it from context' });
    return;
  }
  const range = addressRange(cidr);
  if (!range) {
    rules.check(false, { rule: 'cidr must be an IPv4 range', value: cidr, fix: `write an address and a mask, such as '${DEFAULT_CIDR}'` });
    return;
  }
  rules.check(aligned(range) === cidr, { rule: 'cidr must begin at the first address of its range', value: cidr, fix: `write '${aligned(range)}'` });
  rules.check(isPossible(range), {
    rule: 'cidr must not be in what is set aside (0, 127, 169.254, 224 and above)',
    value: cidr,
    fix: 'choose a private range, of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
  });
  rules.check(isAllowed(range), { rule: 'cidr must have a mask of 16 or more: AWS makes no larger VPC', value: cidr, fix: 'choose a mask from 16 to 20' });

  const longest = longestMask(Math.min(Math.max(zones, DEFAULT_ZONES), MOST_ZONES));
  rules.check(range.mask <= longest, {
    rule: `cidr must have room for ${3 * zones} subnets of a /24 each: public, private and isolated in ${zones} zones, a mask of ${longest} or less`,
    value: cidr,
    fix: `choose a mask from 16 to ${longest}`,
  });
}

function checkEndpoints(rules: PropRules, { endpoints = [], existingEndpoints = [] }: SecureNetworkProps): void {
  const existing = new Set(existingEndpoints.map(({ service }) => service));
  const both = endpoints.filter(({ service }) => existing.has(service));
  rules.check(both.length === 0, {
    rule: 'endpoints must not name what existingEndpoints names: a VPC has one endpoint for a service',
    value: namesOf(both),
    fix: 'leave it in existingEndpoints alone, if the VPC has it',
  });
}

function checkPlaces(rules: PropRules, places: Record<'functionSubnets' | 'databaseSubnets', Places>): void {
  for (const [prop, { problem, zones, isPublic }] of Object.entries(places)) {
    const whom = prop === 'functionSubnets' ? 'functions' : 'databases';
    if (problem !== undefined) {
      rules.check(false, {
        rule: `vpc must have private or isolated subnets for ${whom}`,
        value: problem,
        fix: `give a VPC that has some, or say in ${prop} which they are`,
      });
      continue;
    }
    rules.check(!isPublic, {
      rule: `${prop} must not be public: ${whom === 'functions' ? 'a function has no public address and gets nowhere' : 'databases stay within'} there`,
      fix: 'choose private or isolated subnets',
    });
    rules.check(zones === undefined || zones >= 2, {
      rule: `vpc must have subnets for ${whom} in at least 2 availability zones, or one that fails takes everything with it`,
      value: zones,
      fix: `add subnets in another zone, or choose others in ${prop}`,
    });
  }
}

/** Endpoints as they are written in code. */
export function namesOf(endpoints: readonly NetworkEndpoint[]): string {
  return endpoints.map(String).join(', ');
}
