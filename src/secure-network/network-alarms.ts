import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats, type Alarm, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnNatGateway, type IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { AlarmOptions } from '../alarms/alarm-options';
import { checkAlarmOptions, createAlarm, NOTHING_USUAL, type AlarmDefaults } from '../internal/alarm-factory';
import type { PropRules } from '../internal/prop-rules';

/** Tunes or removes the alarms of a `SecureNetwork`, which are those of its NAT gateways. */
export interface SecureNetworkAlarmOptions {
  /**
   * A NAT gateway had no port left for a connection, so that it failed: 55,000 at once lead to one address and port. Threshold in connections.
   *
   * @default - 1 or more over 5 minutes, twice in a row
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway-cloudwatch.html
   */
  readonly portAllocation?: AlarmOptions;

  /**
   * NAT gateways drop packets. Threshold in percent of all packets.
   *
   * @default - 0.01 or more for 15 minutes, from where on AWS advises to look for a cause
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway-cloudwatch.html
   */
  readonly packetsDropped?: AlarmOptions;
}

/** The alarms of a `SecureNetwork`: those that were not removed, where there are NAT gateways. */
export interface SecureNetworkAlarms {
  /**
   * A NAT gateway had no port left.
   *
   * @default - removed, or no NAT gateways were made here
   */
  readonly portAllocation?: Alarm;

  /**
   * NAT gateways drop packets.
   *
   * @default - removed, or no NAT gateways were made here
   */
  readonly packetsDropped?: Alarm;
}

/** Over what time each alarm judges where that is not tuned. */
export function networkAlarmDefaults(): Record<keyof SecureNetworkAlarmOptions, AlarmDefaults> {
  return { portAllocation: { evaluationPeriods: 2, noBand: NOTHING_USUAL }, packetsDropped: { percent: true, evaluationPeriods: 3 } };
}

/** The NAT gateways of a VPC that is made here. */
export function natGatewaysOf(vpc: IVpc): CfnNatGateway[] {
  return vpc.node.findAll().filter((construct) => construct instanceof CfnNatGateway);
}

/** One of the metrics of a NAT gateway. */
export function natMetric({ attrNatGatewayId }: CfnNatGateway, metricName: string, options: MetricOptions = {}): Metric {
  return new Metric({ namespace: 'AWS/NATGateway', metricName, dimensionsMap: { NatGatewayId: attrNatGatewayId }, statistic: Stats.SUM, ...options });
}

/** Creates the alarms of NAT gateways inside a scope of their own; none without any. */
export function createNetworkAlarms(
  scope: Construct, subject: string, gateways: readonly CfnNatGateway[], options: SecureNetworkAlarmOptions = {},
): SecureNetworkAlarms {
  const defaults = networkAlarmDefaults();
  if (gateways.length === 0) {
    return {};
  }
  return {
    portAllocation: createAlarm(scope, 'PortAllocation', {
      metric: ({ period }) => portErrors(gateways, period),
      threshold: 1,
      ...defaults.portAllocation,
      id: ['network', 'portAllocation'],
      subject,
      meaning: 'a NAT gateway has no ports left for connections to one address, so that they fail',
      action: 'Keep connections open and use them again, reach AWS services by endpoints, or give each zone a NAT gateway.',
    }, options.portAllocation),
    packetsDropped: createAlarm(scope, 'PacketsDropped', {
      metric: ({ period }) => dropRate(gateways, period),
      threshold: 0.01,
      ...defaults.packetsDropped,
      id: ['network', 'packetsDropped'],
      subject,
      meaning: 'NAT gateways drop packets, in percent of all',
      action: 'Look at the AWS Health Dashboard; if it says nothing, at what sends so much at once in the flow logs.',
    }, options.packetsDropped),
  };
}

/** The rules that tuned alarms may break. */
export function checkNetworkAlarms(rules: PropRules, options: SecureNetworkAlarmOptions = {}): void {
  for (const [name, defaults] of Object.entries(networkAlarmDefaults())) {
    checkAlarmOptions(rules, `alarms.${name}`, options[name as keyof SecureNetworkAlarmOptions], defaults);
  }
}

/** Connections that failed for want of a port, of all gateways. */
export function portErrors(gateways: readonly CfnNatGateway[], period = Duration.minutes(5)): MathExpression {
  return new MathExpression({
    expression: sum('errors', gateways), usingMetrics: each('errors', gateways, 'ErrorPortAllocation', period), period, label: 'Connections without a port',
  });
}

/** The share of packets that were dropped, of all gateways; 0 while there are none. */
export function dropRate(gateways: readonly CfnNatGateway[], period = Duration.minutes(5)): MathExpression {
  const all = `${sum('out', gateways)} + ${sum('back', gateways)}`;
  return new MathExpression({
    expression: `IF(${all} > 0, 100 * (${sum('drops', gateways)}) / (${all}), 0)`,
    usingMetrics: {
      ...each('drops', gateways, 'PacketsDropCount', period),
      ...each('out', gateways, 'PacketsInFromSource', period),
      ...each('back', gateways, 'PacketsInFromDestination', period),
    },
    period,
    label: 'Packets dropped, %',
  });
}

function sum(id: string, gateways: readonly CfnNatGateway[]): string {
  return gateways.map((_, index) => `FILL(${id}${index + 1}, 0)`).join(' + ');
}

function each(id: string, gateways: readonly CfnNatGateway[], metricName: string, period: Duration): Record<string, Metric> {
  return Object.fromEntries(gateways.map((gateway, index) => [`${id}${index + 1}`, natMetric(gateway, metricName, { period })]));
}
