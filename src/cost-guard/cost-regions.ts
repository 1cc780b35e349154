import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Where CloudFormation makes no budgets, as its resource schemas say (November 2026). Budgets and anomalies are of the whole account, whatever region
 * their stack is in.
 */
const WITHOUT_BUDGETS = new Set([
  'af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-3', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6',
  'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'il-central-1', 'me-central-1', 'mx-central-1',
  'us-gov-east-1', 'us-gov-west-1',
]);

/** Only a warning: AWS adds regions. */
export function warnOfRegion(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region) && WITHOUT_BUDGETS.has(region)) {
    Annotations.of(scope).addWarningV2('cdk-jobworks:costs.region',
      `CloudFormation makes no budgets in ${region}, as far as is known. Budgets are of the whole account: put the CostGuard into a stack of another `
      + "region, such as us-east-1 (its topics may be there, too), and tag this app's stacks with CostGuard.tag(). Acknowledge this where it does by now.");
  }
}
