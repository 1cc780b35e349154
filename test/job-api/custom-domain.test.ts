import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { restApi } from './fixture';

function withDomain(zone: boolean) {
  const stack = new Stack(new App(), 'Stack');
  const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/x');
  const hostedZone = zone ? route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }) : undefined;
  return restApi({ domain: { domainName: 'jobs.example.com', certificate, hostedZone } }, { stack });
}

test('without a domain the address is API Gateway\'s, with the stage', () => {
  const { stack, api, template } = restApi();
  expect(JSON.stringify(stack.resolve(api.url))).toMatch(/execute-api/);
  template.resourceCountIs('AWS::ApiGateway::DomainName', 0);
  const [rest] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
  expect(rest.Properties).not.toHaveProperty('DisableExecuteApiEndpoint');
});

test('a domain is the only address', () => {
  const { api, template } = withDomain(false);
  expect(api.url).toBe('https://jobs.example.com/');
  template.hasResourceProperties('AWS::ApiGateway::RestApi', {
    DisableExecuteApiEndpoint: true,
    EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'dualstack' },
  });
  template.hasResourceProperties('AWS::ApiGateway::DomainName', {
    DomainName: 'jobs.example.com',
    RegionalCertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/x',
    SecurityPolicy: 'TLS_1_2',
    EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'dualstack' },
  });
  const [stage] = Object.keys(template.findResources('AWS::ApiGateway::Stage'));
  template.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: Match.absent(), Stage: { Ref: stage } });
  template.resourceCountIs('AWS::Route53::RecordSet', 0);
});

test('its zone gets a record for each kind of address', () => {
  const { template } = withDomain(true);
  template.resourceCountIs('AWS::Route53::RecordSet', 2);
  for (const Type of ['A', 'AAAA']) {
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'jobs.example.com.',
      Type,
      HostedZoneId: 'Z1',
      AliasTarget: {
        DNSName: { 'Fn::GetAtt': [Match.anyValue(), 'RegionalDomainName'] },
        HostedZoneId: { 'Fn::GetAtt': [Match.anyValue(), 'RegionalHostedZoneId'] },
      },
    });
  }
});
