import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
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
