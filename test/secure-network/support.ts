import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import type { SecureNetworkProps } from '../../src/secure-network/secure-network-props';

export type Given = Partial<SecureNetworkProps>;
export type Resource = { readonly Type: string; readonly Properties: Record<string, unknown> };

export function newStack(app = new App(), id = 'Stack'): Stack {
  return new Stack(app, id);
}

/** A stack that says where it is deployed: the CDK takes it to have three zones until somebody has looked. */
export function placedStack(app = new App()): Stack {
  return new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
}

/** A network of a development environment, unless told otherwise. */
export function networkIn(stack: Stack, props: Given = {}): SecureNetwork {
  return new SecureNetwork(stack, 'Network', { profile: EnvironmentProfile.dev(), ...props });
}

export function synthesise(props: Given = {}, stack = newStack()): { network: SecureNetwork; template: Template } {
  const network = networkIn(stack, props);
  return { network, template: Template.fromStack(stack) };
}

/** The message with which a network refuses its props. */
export function refusal(props: Given, stack = newStack()): string {
  try {
    networkIn(stack, props);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The props were accepted.');
}

/** What an app says that does not synthesise. */
export function failureOf(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It synthesised.');
}

/** A VPC that was made elsewhere; with private and isolated subnets in two zones, unless told otherwise. */
export function theirs(stack: Stack, attributes: Partial<ec2.VpcAttributes> = {}): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Theirs', {
    vpcId: 'vpc-1',
    vpcCidrBlock: '172.16.0.0/16',
    availabilityZones: ['a', 'b'],
    privateSubnetIds: ['private-a', 'private-b'],
    privateSubnetRouteTableIds: ['routes-a', 'routes-b'],
    isolatedSubnetIds: ['isolated-a', 'isolated-b'],
    isolatedSubnetRouteTableIds: ['isolated-routes-a', 'isolated-routes-b'],
    ...attributes,
  });
}

export function functionIn(stack: Stack, props: Partial<lambda.FunctionProps> = {}, id = 'Fn'): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X, code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', ...props,
  });
}

/** Resources of a type, by logical id. */
export function resources(template: Template, type: string): [id: string, properties: Record<string, unknown>][] {
  return Object.entries(template.findResources(`AWS::${type}`) as Record<string, Resource>).map(([id, { Properties }]) => [id, Properties]);
}

/** References as texts, so that rules fit on a line. */
export function said(value: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute } = (value ?? {}) as { readonly 'Ref'?: string; readonly 'Fn::GetAtt'?: readonly string[] };
  return Ref ?? attribute?.join('.') ?? (typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Ids without the hash that the CDK adds. */
export function plain(id: string): string {
  return id.replace(/[0-9A-F]{8}(?=\.|$)/, '');
}
