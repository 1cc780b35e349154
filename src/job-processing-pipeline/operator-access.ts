import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { grantInvokeExactly } from '../internal/grant-invoke';
import { OPERATORS_PARAMETER } from '../runtime/wire/operators';

/**
 * How operators find a pipeline by its name: a parameter says which function they call. As parameters are unique, it also refuses a second
 * pipeline of the same name in an account and region, whose metrics and files would be those of the first.
 */
export class OperatorAccess extends Construct {
  private readonly parameter: ssm.StringParameter;

  /** @param keys looks after API keys; only where there are some to be issued */
  constructor(
    scope: Construct, id: string, pipelineName: string, private readonly operate: lambda.IFunction, private readonly keys?: lambda.IFunction,
  ) {
    super(scope, id);
    this.parameter = new ssm.StringParameter(this, 'Parameter', {
      description: `Where operators of ${pipelineName} find what they call`,
      parameterName: `${OPERATORS_PARAMETER}${pipelineName}`,
      simpleName: false,
      stringValue: Stack.of(this).toJsonString({ operate_function: operate.functionName, ...(keys && { keys_function: keys.functionName }) }),
    });
  }

  /** Lets somebody find the function and call it. */
  grant(grantee: iam.IGrantable): iam.Grant {
    return this.grantFound(this.operate, grantee);
  }

  /** Lets somebody find the function that looks after API keys, and call it. @throws where there is none */
  grantKeys(grantee: iam.IGrantable): iam.Grant {
    if (!this.keys) {
      throw new Error(`${this.node.scope!.node.path}: grantManageKeys() needs an HTTP API with API keys: there are no keys to look after. `
        + 'Fix: pass api: JobApi.http({ authentication: ApiAuthentication.apiKeys() }), or leave the grant out.');
    }
    return this.grantFound(this.keys, grantee);
  }

  private grantFound(fn: lambda.IFunction, grantee: iam.IGrantable): iam.Grant {
    return grantInvokeExactly(fn, grantee).combine(iam.Grant.addToPrincipal({
      grantee,
      actions: ['ssm:GetParameter'],
      resourceArns: [this.parameter.parameterArn],
    }));
  }
}
