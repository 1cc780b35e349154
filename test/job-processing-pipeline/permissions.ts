import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** What a role may do, as lines such as `dynamodb:GetItem JobsTable…`, with what every function may (log, trace) left out. */
export function permissionsOf(stack: Stack, role: string): string[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  const lines = Object.values(policies)
    .filter(({ Properties: { Roles = [] } }) => Roles.some(({ Ref }: { Ref?: string }) => Ref?.replace(/[0-9A-F]{8}$/, '') === role))
    .flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument.Statement as Statement[])
    .flatMap(({ Action, Resource }) => [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${said(resource)}`)));
  return [...new Set(lines)].filter((line) => !/^(logs|xray):/.test(line)).sort();
}

/** A resource without the hashes of its logical id: names of what it refers to, and the text around them. */
function said(resource: unknown): string {
  if (typeof resource === 'string') {
    return resource;
  }
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, ...other } = resource as {
    readonly 'Ref'?: string; readonly 'Fn::GetAtt'?: [string, string]; readonly 'Fn::Join'?: [string, unknown[]];
  };
  const name = Ref ?? attribute?.[0];
  return name?.replace(/[0-9A-F]{8}$/, '') ?? join?.[1].map(said).join('') ?? JSON.stringify(other);
}
