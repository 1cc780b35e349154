import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A resource of a template; what refers to others is a text such as `${Queue.Arn}`. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  readonly dependsOn: readonly string[];
}

/** A statement of a policy, with everything as lists of texts. */
export interface Statement {
  /** The policy, role, key or queue that has it. */
  readonly of: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly condition?: Record<string, Record<string, unknown>>;
}

/** A template as its permissions see it. */
export class Permissions {
  readonly resources: readonly Resource[];

  constructor(stack: Stack) {
    const { Resources } = Template.fromStack(stack).toJSON() as { readonly Resources: Record<string, Record<string, unknown>> };
    this.resources = Object.entries(Resources).map(([id, { Type, Properties, DependsOn }]) => ({
      id,
      type: String(Type).replace(/^AWS::/, ''),
      properties: (plain(Properties) ?? {}) as Record<string, unknown>,
      dependsOn: [DependsOn ?? []].flat() as string[],
    }));
  }

  all(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** What a reference such as `${Queue.Arn}` or `${Queue}` is about. */
  resource(reference: unknown): Resource {
    const id = /\$\{(\w+)[.}]/.exec(String(reference))?.[1];
    const found = this.resources.find((resource) => resource.id === id);
    if (!found) throw new Error(`${String(reference)} refers to no resource`);
    return found;
  }

  /** The function itself, also of an alias. */
  functionOf(reference: unknown): Resource {
    const resource = this.resource(reference);
    return resource.type === 'Lambda::Alias' ? this.functionOf(resource.properties.FunctionName) : resource;
  }

  /** What the role of a function may do. */
  ofFunction(fn: Resource): Statement[] {
    return this.ofRole(this.resource(fn.properties.Role));
  }

  ofRole(role: Resource): Statement[] {
    const policies = this.all('IAM::Policy').filter(({ properties }) => ((properties.Roles ?? []) as string[]).includes(`\${${role.id}}`));
    return [...policies, role].flatMap((resource) => this.statementsOf(resource));
  }

  /** Every statement of the template, whatever has it. */
  every(): Statement[] {
    return this.resources.flatMap((resource) => this.statementsOf(resource));
  }

  statementsOf({ id, properties }: Resource): Statement[] {
    const inline = ((properties.Policies ?? []) as { readonly PolicyDocument: unknown }[]).map(({ PolicyDocument }) => PolicyDocument);
    return [properties.PolicyDocument, properties.KeyPolicy, ...inline].flatMap((document) => statements(id, document));
  }

  /** Roles that may do something with a resource, as the functions that have them. */
  whoMay(action: string, arn: string): string[] {
    return this.all('Lambda::Function').filter((fn) => may(this.ofFunction(fn), action, arn)).map(({ properties }) => String(properties.Handler)).sort();
  }
}

/** Whether statements allow an action on exactly what is named. */
export function may(all: readonly Statement[], action: string, arn: string): boolean {
  return all.some(({ effect, actions, resources }) => effect === 'Allow' && actions.includes(action) && resources.includes(arn));
}

function statements(of: string, document: unknown): Statement[] {
  const { Statement: list = [] } = (document ?? {}) as { readonly Statement?: readonly Record<string, unknown>[] };
  return list.map(({ Effect, Action, NotAction, Resource: resource, NotResource, Principal, Condition }) => ({
    of,
    effect: String(Effect),
    actions: texts(Action ?? (NotAction ? '*' : [])), // whoever may do all but something may do anything
    resources: texts(resource ?? (NotResource ? '*' : [])),
    principals: typeof Principal === 'object' && Principal ? Object.values(Principal).flatMap(texts) : texts(Principal ?? []),
    condition: Condition as Statement['condition'],
  }));
}

function texts(value: unknown): string[] {
  return [value].flat().map(String);
}

/** References as texts: `${Id}`, `${Id.Attribute}`, what is joined of them, and parts of them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::Select': select } = value as {
    readonly 'Ref'?: string;
    readonly 'Fn::GetAtt'?: readonly string[];
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
    readonly 'Fn::Select'?: readonly [number, { readonly 'Fn::Split'?: readonly [string, unknown] }];
  };
  if (Ref !== undefined) return `\${${Ref}}`;
  if (attribute) return `\${${attribute.join('.')}}`;
  if (join) return join[1].map(plain).join(join[0]);
  if (select?.[1]['Fn::Split']) return `part ${select[0]} of ${String(plain(select[1]['Fn::Split'][1]))}`;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
