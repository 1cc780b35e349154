import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * Lets somebody call a function by exactly the name that is handed on: `grantInvoke` adds all its versions and aliases by a wildcard. Whoever
 * has no policy of their own (a service, an imported role) is let in by the function's.
 */
export function grantInvokeExactly(fn: IFunction, grantee: iam.IGrantable): iam.Grant {
  const grant = iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [fn.functionArn] });
  return grant.success ? grant : fn.grantInvoke(grantee);
}
