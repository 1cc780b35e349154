import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { customerKey, guarded, restApi } from './fixture';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ApiFirewall } from '../../src/job-api/api-firewall';

const ARN = 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mine/1234';

const managed = (options = {}) => restApi({ firewall: ApiFirewall.managed(options) }).template;
const rulesOf = (template: ReturnType<typeof managed>) => Object.values(template.findResources('AWS::WAFv2::WebACL'))[0].Properties.Rules;

describe('by default', () => {
  test.each(['staging', 'prod'] as const)('%s has a web ACL of its own', (profile) => {
    const { template } = restApi({}, { profile: EnvironmentProfile[profile]() });
    template.resourceCountIs('AWS::WAFv2::WebACL', 1);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    template.resourceCountIs('AWS::WAFv2::LoggingConfiguration', 1);
  });

  test('dev has none', () => {
    const { template } = restApi({}, { profile: EnvironmentProfile.dev() });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  });
});

test('what the app says wins over the profile', () => {
  restApi({ firewall: ApiFirewall.none() }, guarded()).template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  managed().resourceCountIs('AWS::WAFv2::WebACL', 1);
});

test('a web ACL that exists is put in front of the stage, and none is made', () => {
  const { template } = restApi({ firewall: ApiFirewall.webAcl(ARN) }, guarded());
  template.resourceCountIs('AWS::WAFv2::WebACL', 0);
  const [stage] = Object.keys(template.findResources('AWS::ApiGateway::Stage'));
  template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
    WebACLArn: ARN,
    ResourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':apigateway:'), { Ref: stage }])] },
  });
});

describe('the managed one', () => {
  test('limits each address, and asks three groups of rules', () => {
    const rules = rulesOf(managed());
    expect(rules[0]).toMatchObject({
      Action: { Block: {} },
      Statement: { RateBasedStatement: { Limit: 10000, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } },
    });
    expect(rules.slice(1).map((rule: { Statement: { ManagedRuleGroupStatement: object } }) => rule.Statement.ManagedRuleGroupStatement)).toEqual([
      { VendorName: 'AWS', Name: 'AWSManagedRulesAmazonIpReputationList' },
      { VendorName: 'AWS', Name: 'AWSManagedRulesKnownBadInputsRuleSet' },
      expect.objectContaining({ VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' }),
    ]);
    expect(new Set(rules.map((rule: { Priority: number }) => rule.Priority)).size).toBe(4);
  });

  test('counts large bodies and does not block them, as other rules where the app says so', () => {
    const counting = (name: string) => ({ Name: name, ActionToUse: { Count: {} } });
    const overrides = (template: ReturnType<typeof managed>) => rulesOf(template)[3].Statement.ManagedRuleGroupStatement.RuleActionOverrides;
    expect(overrides(managed())).toEqual([counting('SizeRestrictions_BODY')]);
    expect(overrides(managed({ countedRules: ['GenericRFI_BODY', 'SizeRestrictions_BODY'] })))
      .toEqual([counting('SizeRestrictions_BODY'), counting('GenericRFI_BODY')]);
  });

  test('has the app\'s own limit', () => {
    expect(rulesOf(managed({ requestsPerFiveMinutes: 50 }))[0].Statement.RateBasedStatement.Limit).toBe(50);
  });

  test('lets through what no rule blocks, looks into the whole of a payload, and shows no samples: they hold keys', () => {
    managed().hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      AssociationConfig: { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } } },
    });
    const [acl] = Object.values(managed().findResources('AWS::WAFv2::WebACL'));
    expect(JSON.stringify(acl).match(/"SampledRequestsEnabled":false/g)).toHaveLength(5);
    expect(JSON.stringify(acl)).not.toContain('"SampledRequestsEnabled":true');
  });

  test('logs what it blocked or counted, without credentials, into a group that no other deployment has', () => {
    const template = managed();
    const [[group, { Properties }]] = Object.entries(template.findResources('AWS::Logs::LogGroup'))
      .filter(([, one]) => JSON.stringify(one.Properties.LogGroupName ?? '').includes('aws-waf-logs-'));
    expect(Properties.LogGroupName['Fn::Join'][1][0]).toMatch(/^aws-waf-logs-[\w-]+-$/);
    expect(JSON.stringify(Properties.LogGroupName)).toContain('AWS::StackId');
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      ResourceArn: { 'Fn::GetAtt': Match.arrayWith(['Arn']) },
      LogDestinationConfigs: [{ 'Fn::Join': ['', Match.arrayWith([{ Ref: group }])] }],
      LoggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [{
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
        }],
      },
      RedactedFields: [
        ...['authorization', 'x-api-key', 'x-amz-security-token', 'cookie'].map((Name) => ({ SingleHeader: { Name } })),
        { QueryString: {} }, // signatures may stand there
      ],
    });
    const [logging] = Object.values(template.findResources('AWS::WAFv2::LoggingConfiguration'));
    expect(JSON.stringify(logging.Properties.LogDestinationConfigs)).not.toContain(':*');
  });

  test('encrypts its log with the pipeline\'s key, and keeps it as long as the profile says', () => {
    const stack = new Stack(new App(), 'Stack');
    const { template } = restApi({}, { ...guarded(), stack, encryptionKey: customerKey(stack) });
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup')).filter((one) => JSON.stringify(one).includes('aws-waf-logs-'));
    expect(groups).toEqual([expect.objectContaining({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: expect.objectContaining({ RetentionInDays: 30, KmsKeyId: expect.anything() }),
    })]);
  });

  test('two of them in one stack are told apart', () => {
    const stack = new Stack(new App(), 'Stack');
    for (const id of ['One', 'Two']) {
      restApi({ firewall: ApiFirewall.managed() }, { stack, id });
    }
    const acls = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
    const metrics = acls.map(({ Properties }) => Properties.VisibilityConfig.MetricName);
    expect(new Set(metrics).size).toBe(2);
  });
});
