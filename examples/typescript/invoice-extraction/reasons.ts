import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export const BASIC_POLICY = 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]';

/** Tells cdk-nag why rules are fine to break here. */
export function explain(construct: IConstruct, reason: string, ...ids: string[]): void {
  Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
}
