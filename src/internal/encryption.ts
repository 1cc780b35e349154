import { ArnFormat, Stack, type RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';

/** How a key is made. */
export interface EncryptionKeyOptions {
  /** What the key is for, shown in the console. */
  readonly description: string;
  /** What happens to the key when it leaves the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A customer-managed key that rotates every year.
 *
 * Queues and tables need no statement of their own in its policy: SQS and DynamoDB use a key with the permissions of whoever calls them,
 * and the account's own identities are governed by IAM. Services that come by themselves do: `allowLogs`, `allowAlarmTopics`.
 */
export function createEncryptionKey(scope: Construct, id: string, options: EncryptionKeyOptions): Key {
  return new Key(scope, id, {
    description: options.description,
    enableKeyRotation: true,
    removalPolicy: options.removalPolicy,
  });
}

/** The stacks whose logs each key knows of: one statement is for all log groups of a stack, and making it again for each takes its time. */
const logsOf = new WeakMap<IKey, Set<Stack>>();

/**
 * Lets CloudWatch Logs use a key for the log groups of this account and region, and for nothing else.
 *
 * The names of log groups are made at deployment, after the key, so the context cannot name one.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowLogs(scope: IConstruct, key: IKey): void {
  const stack = Stack.of(scope);
  const known = logsOf.get(key) ?? new Set();
  if (known.has(stack)) {
    return;
  }
  logsOf.set(key, known.add(stack));
  key.addToResourcePolicy(new PolicyStatement({
    sid: 'CloudWatchLogs',
    principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:DescribeKey',
    ],
    resources: ['*'], // in a key's policy: this key
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    },
  }));
}

/** The services that tell of alarms: CloudWatch, budgets and cost anomalies. */
export const ALARM_PUBLISHERS = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com', 'costalerts.amazonaws.com'] as const;

/**
 * Lets the alarms of this account publish to a topic that is encrypted with the key.
 *
 * @returns whether they are: the policy of an imported key is its owner's
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function allowAlarmTopics(scope: IConstruct, key: IKey): boolean {
  return key.addToResourcePolicy(new PolicyStatement({
    sid: 'Alarms',
    principals: ALARM_PUBLISHERS.map((service) => new ServicePrincipal(service)),
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'], // in a key's policy: this key
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  })).statementAdded;
}
