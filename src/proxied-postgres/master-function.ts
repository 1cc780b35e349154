import { CfnSecurityGroupIngress, Port, type ISecurityGroup, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { CA_FILE, postgresLayer } from './postgres-layer';
import { PORT } from './server';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { jobFunction, type JobFunctionProps } from '../job-functions/job-function';
import { ENVIRONMENT } from '../runtime/wire/environment';
import { NetworkEndpoint } from '../secure-network/network-endpoint';
import type { SecureNetwork } from '../secure-network/secure-network';

/** Where a database is, for functions that come to it as its master. */
export interface MasterTarget {
  readonly profile: EnvironmentProfile;
  readonly network: SecureNetwork;
  readonly encryptionKey?: IKey;
  /** The secret with its server in it. */
  readonly secret: ISecret;
  /** Of the writer. */
  readonly host: string;
  readonly databaseName: string;
  /** Of the function. */
  readonly securityGroup: SecurityGroup;
  /** Of the database. */
  readonly databaseSecurityGroup: SecurityGroup;
}

/** What tells one such function from the other. */
export interface MasterFunctionProps extends Pick<JobFunctionProps, 'entry' | 'code' | 'description' | 'timeout' | 'losesNothing'> {
  /** What its rule is for, as EC2 takes it. */
  readonly ruleDescription: string;
  /** Beside where the database is. */
  readonly environment?: Record<string, string>;
}

/**
 * A function that comes to the writer, past the proxy, and to Secrets Manager, and nowhere else. What it may do with the secret it is granted by
 * whoever makes it.
 *
 * @returns the function, and what to wait for before it is called: each rule by itself and not a whole group, as rules of others are in it that may
 *   wait for the call
 */
export function createMasterFunction(
  scope: Construct, id: string, target: MasterTarget, { ruleDescription, environment, ...props }: MasterFunctionProps,
): { readonly fn: LambdaFunction; readonly way: Construct[] } {
  const { network, securityGroup, databaseSecurityGroup } = target;
  const fn = jobFunction(scope, id, {
    ...props,
    profile: target.profile,
    encryptionKey: target.encryptionKey,
    network: { vpc: network.vpc, vpcSubnets: network.functionSubnets, securityGroups: [securityGroup] },
    environment: {
      [ENVIRONMENT.databaseHost]: target.host,
      [ENVIRONMENT.databasePort]: String(PORT),
      [ENVIRONMENT.databaseName]: target.databaseName,
      [ENVIRONMENT.databaseCa]: CA_FILE,
      ...environment,
    },
  });
  fn.addLayers(postgresLayer(fn));
  const rules = rulesMade([databaseSecurityGroup, network.endpointSecurityGroup], () => {
    securityGroup.connections.allowTo(databaseSecurityGroup, Port.tcp(PORT), ruleDescription);
    network._connect(fn, fn, [NetworkEndpoint.SECRETS_MANAGER]);
  });
  const endpoint = network.findEndpoint(NetworkEndpoint.SECRETS_MANAGER);
  return { fn, way: [securityGroup, ...rules, ...(endpoint ? [endpoint] : [])] };
}

/** The rules by which groups let somebody in from now on. */
function rulesMade(groups: ReadonlyArray<ISecurityGroup | undefined>, make: () => void): Construct[] {
  const rules = () => groups.flatMap((group) => (group?.node.children ?? []).filter((child) => child instanceof CfnSecurityGroupIngress));
  const before = new Set(rules());
  make();
  return rules().filter((rule) => !before.has(rule));
}
