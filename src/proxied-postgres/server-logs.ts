import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { AURORA_LOGS } from './aurora-server';
import { INSTANCE_LOGS } from './instance-server';
import type { PostgresSettings } from './postgres-settings';
import { createLogGroup, type LogGroupOptions } from '../internal/log-group';

/**
 * The logs of a server and its readers, that of the writer first. Made before the server, which would make them without a key and keep them for ever.
 *
 * @param identifier what the server is called in AWS
 */
export function createServerLogs(scope: Construct, { instance }: PostgresSettings, identifier: string, options: LogGroupOptions): ILogGroup[] {
  const group = (id: string, server: string, kind: string) => createLogGroup(scope, id, { ...options, logGroupName: `/aws/rds/${server}/${kind}` });
  const capital = (kind: string) => kind.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
  if (!instance) {
    return AURORA_LOGS.map((kind) => group(`${capital(kind)}Logs`, `cluster/${identifier}`, kind));
  }
  const readers = Array.from({ length: instance.readers }, (_, index) => index + 1);
  return [
    ...INSTANCE_LOGS.map((kind) => group(`${capital(kind)}Logs`, `instance/${identifier}`, kind)),
    ...readers.flatMap((number) => INSTANCE_LOGS.map((kind) => group(`Reader${number}${capital(kind)}Logs`, `instance/${identifier}-r${number}`, kind))),
  ];
}
