import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/**
 * What whoever writes to a table or sends to a queue needs of its key, each action by name: `grantEncryptDecrypt` would use wildcards.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function grantKeyUse(key: IKey | undefined, grantee: IGrantable): void {
  key?.grant(
    grantee,
    'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
  );
}
