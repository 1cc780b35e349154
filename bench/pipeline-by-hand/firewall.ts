import { ArnFormat, Aws, Fn, Names, Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { logs } from './shared';

/** A web ACL with managed rules and a limit for each address, which logs what it blocks or counts. */
export function firewall(api: Construct, stage: Stage, key: Key): void {
  const scope = new Construct(api, 'Firewall');
  const managed = (name: string, priority: number, counted: string[] = []): CfnWebACL.RuleProperty => ({
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ...(counted.length > 0 && { ruleActionOverrides: counted.map(rule => ({ name: rule, actionToUse: { count: {} } })) }),
      },
    },
    visibilityConfig: visibility(name),
  });
  const acl = new CfnWebACL(scope, 'WebAcl', {
    description: 'Guards an API for jobs',
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
    rules: [
      {
        name: 'RateOfAddress',
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { limit: 10_000, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
        visibilityConfig: visibility('RateOfAddress'),
      },
      managed('AWSManagedRulesAmazonIpReputationList', 1),
      managed('AWSManagedRulesKnownBadInputsRuleSet', 2),
      managed('AWSManagedRulesCommonRuleSet', 3, ['SizeRestrictions_BODY']),
    ],
    visibilityConfig: visibility(Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' })),
  });
  const name = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-', allowedSpecialCharacters: '-' });
  const logGroup = logs(scope, 'Logs', key, `aws-waf-logs-${name}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`);
  new CfnLoggingConfiguration(scope, 'Logging', {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [Stack.of(scope).formatArn({
      service: 'logs', resource: 'log-group', resourceName: logGroup.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })],
    loggingFilter: {
      DefaultBehavior: 'DROP',
      Filters: [{ Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }] }],
    },
    redactedFields: [
      ...['authorization', 'x-api-key', 'x-amz-security-token', 'cookie'].map(header => ({ singleHeader: { Name: header } })), { queryString: {} },
    ],
  });
  new CfnWebACLAssociation(scope, 'Association', { resourceArn: stage.stageArn, webAclArn: acl.attrArn });
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
