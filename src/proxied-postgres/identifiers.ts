import { createHash } from 'node:crypto';
import { Aws, Fn, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * What a database, or what belongs to it, is called in AWS: known before it is made, so that its log groups are there before the first line is, with
 * their key and their retention. The unique part of the stack's id is in it, so that no other deployment has the same.
 *
 * It follows that what would replace the database fails, instead of beginning anew with an empty one.
 *
 * @param movedTo what only another resource can be changed to, so that it has another name and may take the place of this one
 * @returns at most 59 characters, so that there is room for a suffix of 4
 */
export function identifierOf(scope: IConstruct, movedTo?: unknown): string {
  const id = scope.node.id.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 10);
  const own = movedTo === undefined ? scope.node.addr : hashOf([scope.node.addr, Stack.of(scope).resolve(movedTo)]);
  return ['pg', ...(id === '' ? [] : [id]), own.slice(-8), Fn.select(2, Fn.split('/', Aws.STACK_ID))].join('-');
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
