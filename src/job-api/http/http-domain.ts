import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import type { JobApiDomain } from '../api-domain';
import { addDomainRecords } from '../domain-records';

/** Gives an HTTP API a domain name of one's own; with its records where the zone is known. */
export function addHttpDomain(scope: Construct, stage: apigatewayv2.HttpStage, domain: JobApiDomain): apigatewayv2.DomainName {
  const name = new apigatewayv2.DomainName(scope, 'Domain', {
    domainName: domain.domainName,
    certificate: domain.certificate,
    endpointType: apigatewayv2.EndpointType.REGIONAL,
    securityPolicy: apigatewayv2.SecurityPolicy.TLS_1_2,
    ipAddressType: apigatewayv2.IpAddressType.DUAL_STACK, // else the AAAA record would lead nowhere
  });
  new apigatewayv2.ApiMapping(scope, 'Mapping', { api: stage.api, domainName: name, stage });
  addDomainRecords(scope, domain, { dnsName: name.regionalDomainName, hostedZoneId: name.regionalHostedZoneId });
  return name;
}
