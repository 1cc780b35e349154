import { Aws, Fn, Names, type RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct, IConstruct } from 'constructs';
import { allowLogs } from './encryption';

/** How a log group is made. */
export interface LogGroupOptions {
  /** Only where a service expects one of its own; else CloudFormation makes it. */
  readonly logGroupName?: string;
  readonly retention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  /** The key that its events are encrypted with; service-managed encryption without. */
  readonly encryptionKey?: IKey;
}

/** A log group that ends (retention) and that its key knows of. */
export function createLogGroup(scope: Construct, id: string, options: LogGroupOptions): LogGroup {
  if (options.encryptionKey) {
    allowLogs(scope, options.encryptionKey);
  }
  return new LogGroup(scope, id, {
    logGroupName: options.logGroupName,
    retention: options.retention,
    removalPolicy: options.removalPolicy,
    encryptionKey: options.encryptionKey,
  });
}

/**
 * A name for logs that a service has delivered: what delivers them names each group in one policy of the account, which is full after some ten of
 * them; groups whose names begin so are in it as one. The unique part of the stack's id is in the name, so that no other deployment has it.
 *
 * @param service such as `apis` or `states`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
 */
export function vendedLogName(scope: IConstruct, service: string): string {
  const name = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-', allowedSpecialCharacters: '-' });
  return `/aws/vendedlogs/${service}/${name}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
}
