import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import { SecureNetwork } from '../../src/secure-network/secure-network';

const { dev, staging, prod } = { dev: EnvironmentProfile.dev(), staging: EnvironmentProfile.staging(), prod: EnvironmentProfile.prod() };

test('sizes grow from dev to prod', () => {
  const of = [dev, staging, prod].map(({ sizes }) => sizes);
  expect(of.map(({ auroraMinCapacity, auroraMaxCapacity }) => [auroraMinCapacity, auroraMaxCapacity])).toEqual([[0.5, 2], [0.5, 4], [1, 8]]);
  expect(of.map(({ workerConcurrency }) => workerConcurrency)).toEqual([5, 10, 50]);
  expect(of.map(({ workerMemory }) => workerMemory.toMebibytes())).toEqual([512, 1_024, 1_024]);
  expect(of.map(({ apiProvisionedConcurrency }) => apiProvisionedConcurrency)).toEqual([0, 0, 2]);
  expect(of.map(({ monthlyBudgetDollars }) => monthlyBudgetDollars)).toEqual([100, 200, 500]);
  const { DESTROY, SNAPSHOT } = RemovalPolicy;
  expect(of.map(({ databaseRemovalPolicy }) => databaseRemovalPolicy)).toEqual([DESTROY, SNAPSHOT, SNAPSHOT]);
});

/** What a database and its network are made with. */
function madeWith(profile: EnvironmentProfile, engine: PostgresEngine): Template {
  const stack = new Stack(new App(), 'Stack');
  const network = new SecureNetwork(stack, 'Network', { profile });
  new ProxiedPostgres(stack, 'Database', { profile, network, engine });
  return Template.fromStack(stack);
}

test.each([dev, staging, prod])('networks and databases of $name are made with them', (profile) => {
  const { sizes } = profile;
  const instance = madeWith(profile, PostgresEngine.instance());
  instance.resourceCountIs('AWS::EC2::NatGateway', sizes.natGatewayPerZone ? 2 : 1);
  instance.hasResourceProperties('AWS::RDS::DBInstance', {
    DBInstanceClass: `db.${sizes.databaseInstance}`, MultiAZ: sizes.databaseMultiAz, DeletionProtection: sizes.databaseDeletionProtection,
  });
  instance.resourceCountIs('AWS::RDS::DBProxy', sizes.databaseProxy ? 1 : 0);
  const aurora = madeWith(profile, PostgresEngine.auroraServerlessV2());
  aurora.hasResourceProperties('AWS::RDS::DBCluster', {
    ServerlessV2ScalingConfiguration: { MinCapacity: sizes.auroraMinCapacity, MaxCapacity: sizes.auroraMaxCapacity },
  });
  aurora.resourceCountIs('AWS::RDS::DBInstance', 1 + sizes.auroraReaders);
});

test.each([
  ['dev', 't4g.micro', 1], ['staging', 't4g.small', 1], ['prod', 'm7g.large', 2],
] as const)('%s has an instance of %s and %i NAT gateways', (name, type, gateways) => {
  const template = madeWith(EnvironmentProfile[name](), PostgresEngine.instance());
  template.hasResourceProperties('AWS::RDS::DBInstance', { DBInstanceClass: `db.${type}` });
  template.resourceCountIs('AWS::EC2::NatGateway', gateways);
});
