import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { JobApiDomain } from './api-domain';
import { addDomainRecords } from './domain-records';

/** Gives an API a domain name of one's own, without the stage in its paths; with its records where the zone is known. */
export function addCustomDomain(scope: Construct, api: apigateway.RestApi, domain: JobApiDomain): apigateway.DomainName {
  const name = new apigateway.DomainName(scope, 'Domain', {
    domainName: domain.domainName,
    certificate: domain.certificate,
    endpointType: apigateway.EndpointType.REGIONAL,
    securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
  });
  // Without it the name has no IPv6 address, and the AAAA record would lead nowhere.
  (name.node.defaultChild as apigateway.CfnDomainName).addPropertyOverride('EndpointConfiguration.IpAddressType', 'dualstack');
  name.addBasePathMapping(api, { stage: api.deploymentStage });
  addDomainRecords(scope, domain, { dnsName: name.domainNameAliasDomainName, hostedZoneId: name.domainNameAliasHostedZoneId });
  return name;
}
