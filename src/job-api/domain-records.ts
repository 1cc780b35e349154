import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { JobApiDomain } from './api-domain';

/** Leads a domain name to where API Gateway answers for it, by IPv4 and IPv6, where its zone is known. */
export function addDomainRecords(scope: Construct, { domainName, hostedZone }: JobApiDomain, target: route53.AliasRecordTargetConfig): void {
  if (!hostedZone) {
    return;
  }
  const record = { zone: hostedZone, recordName: `${domainName}.`, target: route53.RecordTarget.fromAlias({ bind: () => target }) };
  new route53.ARecord(scope, 'Ipv4Record', record);
  new route53.AaaaRecord(scope, 'Ipv6Record', record);
}
