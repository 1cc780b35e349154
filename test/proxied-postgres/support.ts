import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import type { ProxiedPostgresProps } from '../../src/proxied-postgres/proxied-postgres-props';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { SecureNetwork } from '../../src/secure-network/secure-network';

export const ENV = { account: '123456789012', region: 'eu-west-1' };

/** A database in an app of its own. */
export interface DatabaseFixture {
  readonly app: App;
  readonly stack: Stack;
  readonly network: SecureNetwork;
  readonly database: ProxiedPostgres;
}

export function databaseWith(props: Partial<ProxiedPostgresProps> = {}): DatabaseFixture {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: ENV });
  const profile = props.profile ?? EnvironmentProfile.prod();
  const network = props.network ?? new SecureNetwork(stack, 'Network', { profile, natGateways: NatGateways.one() });
  return { app, stack, network, database: new ProxiedPostgres(stack, 'Database', { profile, network, ...props }) };
}

export function functionIn(stack: Stack, id = 'Worker', props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {}'), ...props,
  });
}

export const templateOf = ({ stack }: { readonly stack: Stack }): Template => Template.fromStack(stack);

/** The properties of the only resource of a type. */
export function only(template: Template, type: string): Record<string, unknown> {
  const all = Object.values(template.findResources(type)) as Array<{ readonly Properties: Record<string, unknown> }>;
  expect(all).toHaveLength(1);
  return all[0].Properties;
}

export const warningsOf = (stack: Stack): string[] => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

export function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing failed');
}
