import { Aws, Fn } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * What a database, or what belongs to it, is called in AWS: known before it is made, so that its log groups are there before the first line is, with
 * their key and their retention. The unique part of the stack's id is in it, so that no other deployment has the same.
 *
 * It follows that what would replace the database fails, instead of beginning anew with an empty one.
 *
 * @returns at most 63 characters, as RDS takes, with a suffix of up to 3
 */
export function identifierOf(scope: IConstruct, suffix = ''): string {
  const id = scope.node.id.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 10);
  return ['pg', ...(id === '' ? [] : [id]), scope.node.addr.slice(-8), Fn.select(2, Fn.split('/', Aws.STACK_ID)), ...(suffix === '' ? [] : [suffix])].join('-');
}
