import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnVPCEndpoint, InterfaceVpcEndpoint, type CfnNatGateway, type VpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { dropRate, natMetric, portErrors, type SecureNetworkAlarms } from './network-alarms';
import { monitoredAlarms, thresholdOf } from '../internal/alarm-factory';
import { costMetric, logUses } from '../monitoring/cost-metrics';
import { DashboardSection, LogKind, type CostMetric, type DashboardRow, type Monitoring } from '../monitoring/monitored';
import { graph, rows } from '../monitoring/widgets';
import { PRICES } from '../pricing/prices';

/** What a network is shown by. */
export interface WatchedNetwork {
  readonly title: string;
  readonly alarms: SecureNetworkAlarms;
  readonly natGateways: readonly CfnNatGateway[];
  readonly endpoints: ReadonlyMap<string, VpcEndpoint>;
  readonly vpcId: string;
  /** In so many zones each interface endpoint has a place. */
  readonly zones: number;
  readonly flowLogGroup?: ILogGroup;
}

const GIGABYTE = 1e9;

/** What there is to watch of a network. */
export function monitorNetwork(network: WatchedNetwork): Monitoring {
  const { title, alarms, natGateways, flowLogGroup } = network;
  return {
    title,
    alarms: monitoredAlarms(alarms),
    rows: [...natRows(network), ...endpointRows(network)],
    ...(natGateways.length > 0 && { verdict: { failed: portErrors(natGateways) } }),
    ...(flowLogGroup && { logs: [{ logGroup: flowLogGroup, kind: LogKind.OTHER }] }),
    costs: costs(network),
  };
}

function natRows({ title, natGateways, alarms }: WatchedNetwork): DashboardRow[] {
  const each = (metricName: string, what: string, statistic: string = Stats.SUM) =>
    natGateways.map((gateway, index) => natMetric(gateway, metricName, { statistic, label: natGateways.length === 1 ? what : `${what} ${index + 1}` }));
  return natGateways.length === 0 ? [] : rows(DashboardSection.NETWORK,
    graph(`${title}: through NAT gateways`, { left: [...each('BytesOutToDestination', 'out'), ...each('BytesInFromDestination', 'back')], unit: 'bytes' }),
    graph(`${title}: connections of NAT gateways`, { left: each('ActiveConnectionCount', 'open', Stats.MAXIMUM) }),
    graph(`${title}: what NAT gateways refused`, {
      left: [portErrors(natGateways)],
      lines: [{ label: 'alarm: ports', value: thresholdOf(alarms.portAllocation) }],
      right: [dropRate(natGateways)],
      rightUnit: '% dropped',
    }),
  );
}

/** Gateway endpoints, such as that of S3, have no metrics. */
function endpointRows({ title, endpoints, vpcId }: WatchedNetwork): DashboardRow[] {
  const there = interfaceEndpoints(endpoints);
  const each = (metricName: string, statistic: string) =>
    there.map(([service, endpoint]) => endpointMetric(endpoint, vpcId, metricName, statistic, service));
  return there.length === 0 ? [] : rows(DashboardSection.NETWORK,
    graph(`${title}: through endpoints`, { left: each('BytesProcessed', Stats.SUM), unit: 'bytes' }),
    graph(`${title}: connections of endpoints`, { left: each('ActiveConnections', Stats.MAXIMUM) }),
    graph(`${title}: packets dropped by endpoints`, { left: each('PacketsDropped', Stats.SUM) }),
  );
}

function costs({ alarms, natGateways, endpoints, vpcId, zones, flowLogGroup }: WatchedNetwork): CostMetric[] {
  const there = interfaceEndpoints(endpoints);
  const perGigabyte = PRICES.natGatewayGigabyte / GIGABYTE;
  return [
    ...costMetric('NAT gateways', natGateways.flatMap((gateway) => [
      { metric: natMetric(gateway, 'BytesInFromSource'), price: perGigabyte }, { metric: natMetric(gateway, 'BytesInFromDestination'), price: perGigabyte },
    ]), natGateways.length * (PRICES.natGatewayHour + PRICES.publicAddressHour) * PRICES.hoursPerMonth),
    ...costMetric('VPC endpoints', there.map(([service, endpoint]) => ({
      metric: endpointMetric(endpoint, vpcId, 'BytesProcessed', Stats.SUM, service), price: PRICES.interfaceEndpointGigabyte / GIGABYTE,
    })), there.length * zones * PRICES.interfaceEndpointHour * PRICES.hoursPerMonth),
    ...costMetric('Amazon CloudWatch', flowLogGroup ? logUses([flowLogGroup]) : [], monitoredAlarms(alarms).length * PRICES.alarmMetric),
  ];
}

function interfaceEndpoints(endpoints: ReadonlyMap<string, VpcEndpoint>): (readonly [service: string, endpoint: InterfaceVpcEndpoint])[] {
  return [...endpoints].flatMap(([service, endpoint]) => (endpoint instanceof InterfaceVpcEndpoint ? [[service, endpoint] as const] : []));
}

/** @see https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html */
function endpointMetric(endpoint: InterfaceVpcEndpoint, vpcId: string, metricName: string, statistic: string, label: string): Metric {
  const { serviceName } = endpoint.node.findChild('Resource') as CfnVPCEndpoint;
  return new Metric({
    namespace: 'AWS/PrivateLinkEndpoints',
    metricName,
    dimensionsMap: { 'Endpoint Type': 'Interface', 'Service Name': serviceName!, 'VPC Endpoint Id': endpoint.vpcEndpointId, 'VPC Id': vpcId },
    statistic,
    label,
  });
}
