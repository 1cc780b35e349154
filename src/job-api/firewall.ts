import { ArnFormat, Aws, Fn, Names, Stack } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ApiFirewall, type ManagedFirewallOptions } from './api-firewall';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createLogGroup } from '../internal/log-group';

/** Rule groups of AWS, in the order in which they are asked. */
const COMMON = 'AWSManagedRulesCommonRuleSet';
const GROUPS = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet', COMMON];

/** It blocks bodies over 8 KB; payloads have 64. */
const BODY_SIZE_RULE = 'SizeRestrictions_BODY';

/** More than a customer needs who uses the allowances of an API key to the full: some 5,400. */
const DEFAULT_REQUESTS = 10_000;

/** What names a caller, or lets somebody act as one. */
const CREDENTIALS = ['authorization', 'x-api-key', 'x-amz-security-token', 'cookie'];

/** What a firewall is made from. */
export interface FirewallProps {
  readonly stage: apigateway.Stage;
  readonly profile: EnvironmentProfile;
  readonly encryptionKey?: kms.IKey;
}

/** The firewall of an API where nothing is said of it. */
export function defaultFirewall(profile: EnvironmentProfile): ApiFirewall {
  return profile.webFirewall ? ApiFirewall.managed() : ApiFirewall.none();
}

/** How many requests an IP address may make in five minutes, as far as this library says it. */
export function addressLimit({ _managed: managed }: ApiFirewall): number | undefined {
  return managed && (managed.requestsPerFiveMinutes ?? DEFAULT_REQUESTS);
}

/** A web ACL in front of a stage. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, firewall: ApiFirewall, private readonly props: FirewallProps) {
    super(scope, id);
    const webAclArn = firewall._managed ? this.createWebAcl(firewall._managed).attrArn : firewall._webAclArn!;
    new wafv2.CfnWebACLAssociation(this, 'Association', { resourceArn: props.stage.stageArn, webAclArn });
  }

  private createWebAcl(options: ManagedFirewallOptions): wafv2.CfnWebACL {
    const counted = [...new Set([BODY_SIZE_RULE, ...(options.countedRules ?? [])])];
    const acl = new wafv2.CfnWebACL(this, 'WebAcl', {
      description: 'Guards an API for jobs',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
      rules: [
        {
          name: 'RateOfAddress',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: options.requestsPerFiveMinutes ?? DEFAULT_REQUESTS, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
          visibilityConfig: visibility('RateOfAddress'),
        },
        ...GROUPS.map((name, index) => ({
          name,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name,
              ...(name === COMMON && { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
            },
          },
          visibilityConfig: visibility(name),
        })),
      ],
      visibilityConfig: visibility(Names.uniqueResourceName(this, { maxLength: 128, separator: '-' })),
    });
    this.log(acl);
    return acl;
  }

  /** CloudWatch Logs lets AWS WAF in by a policy that AWS WAF adds by itself when logging is switched on. */
  private log(acl: wafv2.CfnWebACL): void {
    const { profile, encryptionKey } = this.props;
    const logs = createLogGroup(this, 'Logs', {
      logGroupName: this.logGroupName(),
      retention: profile.logRetention,
      removalPolicy: profile.removalPolicy,
      encryptionKey,
    });
    new wafv2.CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // the group's own ARN ends with `:*`, which AWS WAF refuses
      logDestinationConfigs: [Stack.of(this).formatArn({
        service: 'logs', resource: 'log-group', resourceName: logs.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      })],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [{
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
        }],
      },
      redactedFields: [
        ...CREDENTIALS.map((name) => ({ singleHeader: { Name: name } })),
        { queryString: {} }, // requests signed by their query have the signature and the session's token there
      ],
    });
  }

  /** AWS WAF asks for the beginning. The unique part of the stack's id is in it, so that no other deployment has it, nor one of which it was kept. */
  private logGroupName(): string {
    const name = Names.uniqueResourceName(this, { maxLength: 128, separator: '-', allowedSpecialCharacters: '-' });
    return `aws-waf-logs-${name}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
  }
}

/** No samples of requests: they are shown with their headers, and so with the callers' keys. */
function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
