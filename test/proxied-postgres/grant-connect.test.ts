import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { databaseWith, ENV, failureOf, functionIn, templateOf, warningsOf } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import type { GrantConnectOptions } from '../../src/proxied-postgres/grant-connect';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';
import { PostgresRole } from '../../src/proxied-postgres/postgres-role';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';
import { SecureNetwork } from '../../src/secure-network/secure-network';

const { APP, READONLY } = PostgresRole;
const PROFILE = EnvironmentProfile.prod();

/** What IAM lets the worker connect as, and to what. */
function connectable(template: Template): string[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('Worker'));
  return policies.map(([, { Properties }]) => Properties as { PolicyDocument: { Statement: { Action: string; Resource: unknown }[] } })
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => Action === 'rds-db:connect').flatMap(({ Resource }) => [Resource].flat()).map((resource) => JSON.stringify(resource));
}

const workerOf = (template: Template) => Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) => id.startsWith('Worker'))![1] as {
  readonly Properties: {
    readonly VpcConfig: { readonly SubnetIds: { readonly Ref: string }[]; readonly SecurityGroupIds: unknown[] };
    readonly Environment: object;
    readonly Layers: unknown[];
  };
  readonly DependsOn: string[];
};

describe('a function that is in no network', () => {
  function granted(options: GrantConnectOptions = { role: APP }) {
    const fixture = databaseWith();
    const fn = functionIn(fixture.stack, 'Worker', { reservedConcurrentExecutions: 5 });
    fixture.database.grantConnect(fn, options);
    return { ...fixture, fn, template: templateOf(fixture) };
  }

  test('is placed in private subnets, with a group of its own, once it may manage interfaces', () => {
    const { template, fn } = granted();
    const { Properties: { VpcConfig }, DependsOn } = workerOf(template);
    expect(VpcConfig.SubnetIds.map(({ Ref }) => /PrivateSubnet\d/.exec(Ref)?.[0])).toEqual(['PrivateSubnet1', 'PrivateSubnet2']);
    expect(VpcConfig.SecurityGroupIds).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^WorkerJobWorksSecurityGroup/), 'GroupId'] }]);
    expect(DependsOn).toContainEqual(expect.stringMatching(/^WorkerJobWorksNetwork/));
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^WorkerJobWorksNetwork'),
      PolicyDocument: { Statement: [{ Action: Match.arrayWith(['ec2:CreateNetworkInterface']), Resource: '*' }] },
    });
    expect(fn.isBoundToVpc).toBe(true);
  });

  test('waits for tables and roles, and for a proxy that knows its server', () => {
    const { DependsOn } = workerOf(granted().template);
    expect(DependsOn).toContainEqual(expect.stringMatching(/^DatabaseMigrations/));
    expect(DependsOn).toContainEqual(expect.stringMatching(/^DatabaseProxyProxyTargetGroup/));
  });

  test('gets out to the proxy on 5432, and nowhere else', () => {
    const { template } = granted();
    const egress = Object.values(template.findResources('AWS::EC2::SecurityGroupEgress')).map(({ Properties }) => Properties as Record<string, unknown>)
      .filter(({ GroupId }) => JSON.stringify(GroupId).includes('WorkerJobWorks'));
    expect(egress).toEqual([expect.objectContaining({
      FromPort: 5432, ToPort: 5432, DestinationSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseProxySecurityGroup/), 'GroupId'] },
    })]);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('A function of Stack/Worker'),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
  });

  test('may come to the proxy as exactly its role', () => {
    expect(connectable(granted().template)).toEqual([expect.stringMatching(/dbuser:.*DBProxyArn.*\/app"/)]);
    expect(connectable(granted({ role: READONLY }).template)).toEqual([expect.stringMatching(/dbuser:.*DBProxyArn.*\/readonly"/)]);
  });

  test('is told where to come, and has the layer', () => {
    const { Environment, Layers } = workerOf(granted({ role: READONLY, maxConnections: 3 }).template).Properties;
    expect(Environment).toEqual({
      Variables: {
        JOBWORKS_DATABASE_HOST: { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseProxy/), 'Endpoint'] },
        JOBWORKS_DATABASE_PORT: '5432',
        JOBWORKS_DATABASE_NAME: 'app',
        JOBWORKS_DATABASE_ROLE: 'readonly',
        JOBWORKS_DATABASE_CA: '/opt/nodejs/node_modules/cdk-jobworks/rds-ca.pem',
        JOBWORKS_DATABASE_MAX_CONNECTIONS: '3',
      },
    });
    expect(Layers).toEqual([{ Ref: expect.stringMatching(/^JobWorksPostgresLayer/) }]);
  });

  test('has its code after the migrations, of which its role and its group know nothing', () => {
    const { template } = granted();
    const [[step]] = Object.entries(template.findResources('Custom::JobWorksMigrations'));
    const resources = Object.entries(template.toJSON().Resources as Record<string, { DependsOn?: string[] }>);
    const waiting = resources.filter(([, { DependsOn }]) => DependsOn?.includes(step)).map(([id]) => id);
    expect(waiting).toEqual([expect.stringMatching(/^Worker[0-9A-F]{8}$/)]);
  });

  test('is let out to what else it calls, now or later', () => {
    const { network, fn, stack } = granted({ role: APP, services: [NetworkEndpoint.SQS] });
    expect(() => network.allowServices(fn, NetworkEndpoint.S3)).not.toThrow();
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup', {
      Properties: { GroupDescription: 'A function of Stack/Worker' },
    }))).toContain('HTTPS to sqs');
  });

  test('may be granted the same twice, as constructs do that share a function', () => {
    const fixture = databaseWith();
    const fn = functionIn(fixture.stack, 'Worker', { reservedConcurrentExecutions: 5 });
    fixture.database.grantConnect(fn, { role: APP });
    fixture.database.grantConnect(fn, { role: APP });
    expect(workerOf(templateOf(fixture)).Properties.Layers).toHaveLength(1);
  });
});

describe('where it comes to', () => {
  function granted(props: Parameters<typeof databaseWith>[0], options: Partial<GrantConnectOptions> = {}) {
    const fixture = databaseWith(props);
    fixture.database.grantConnect(functionIn(fixture.stack, 'Worker', { reservedConcurrentExecutions: 5 }), { role: READONLY, ...options });
    const template = templateOf(fixture);
    const [resource] = connectable(template);
    const { Variables } = workerOf(template).Properties.Environment as { Variables: Record<string, unknown> };
    return { host: JSON.stringify(Variables.JOBWORKS_DATABASE_HOST), resource };
  }
  const none = PostgresProxy.none();
  const aurora = PostgresEngine.auroraServerlessV2({ readers: 1 });
  const instance = PostgresEngine.instance({ readers: 2 });

  test.each([
    ['an instance without a proxy', { proxy: none }, {}, /DatabaseInstance.*Endpoint\.Address/, /DatabaseInstance.*DbiResourceId/],
    ['a reader of an instance, past its proxy', { engine: instance }, { toReaders: true }, /DatabaseReader1.*Endpoint\.Address/, /DatabaseReader1.*DbiResourceId/],
    ['a cluster without a proxy', { proxy: none, engine: aurora }, {}, /DatabaseCluster.*"Endpoint\.Address/, /DatabaseCluster.*DBClusterResourceId/],
    ['the readers of a cluster without a proxy', { proxy: none, engine: aurora }, { toReaders: true }, /DatabaseCluster.*ReadEndpoint\.Address/, /DBClusterResourceId/],
    ['the readers of a cluster', { engine: aurora }, { toReaders: true }, /DatabaseProxyReaders.*Endpoint/, /DatabaseProxy.*DBProxyArn/],
  ] as const)('%s', (_, props, options, host, resource) => {
    const found = granted(props, options);
    expect(found.host).toMatch(host);
    expect(found.resource).toMatch(resource);
  });

  test('readers of an instance take functions in turn', () => {
    const fixture = databaseWith({ engine: instance });
    for (const id of ['WorkerA', 'WorkerB', 'WorkerC']) {
      fixture.database.grantConnect(functionIn(fixture.stack, id), { role: READONLY, toReaders: true, concurrency: 1 });
    }
    const hosts = Object.entries(templateOf(fixture).findResources('AWS::Lambda::Function')).filter(([id]) => id.startsWith('Worker'))
      .map(([, { Properties }]) => /Reader\d/.exec(JSON.stringify(Properties.Environment.Variables.JOBWORKS_DATABASE_HOST))?.[0]);
    expect(hosts).toEqual(['Reader1', 'Reader2', 'Reader1']);
  });
});

test('a function that is in the network stays where it is', () => {
  const fixture = databaseWith();
  const { network, stack } = fixture;
  const group = network.securityGroupFor(stack, 'Mine');
  const fn = functionIn(stack, 'Worker', { vpc: network.vpc, vpcSubnets: network.functionSubnets, securityGroups: [group] });
  fixture.database.grantConnect(fn, { role: APP, concurrency: 1 });
  const { VpcConfig } = workerOf(templateOf(fixture)).Properties;
  expect(VpcConfig.SecurityGroupIds).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^Mine/), 'GroupId'] }]);
});

test('a function of another stack', () => {
  const app = new App();
  const [first, second] = [new Stack(app, 'First', { env: ENV }), new Stack(app, 'Second', { env: ENV })];
  const network = new SecureNetwork(first, 'Network', { profile: PROFILE });
  const database = new ProxiedPostgres(first, 'Database', { profile: PROFILE, network });
  database.grantConnect(functionIn(second, 'Worker'), { role: APP, concurrency: 1 });
  const template = Template.fromStack(second);
  expect(JSON.stringify(workerOf(template).Properties.Environment)).toContain('First:ExportsOutput');
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
});

describe('refused, with the reason', () => {
  const refused = (fn: (fixture: ReturnType<typeof databaseWith>) => lambda.IFunction, options: object = { role: APP }) => {
    const fixture = databaseWith();
    return failureOf(() => fixture.database.grantConnect(fn(fixture), options as GrantConnectOptions));
  };

  test.each<[string, (fixture: ReturnType<typeof databaseWith>) => lambda.IFunction, object, string]>([
    ['a function that is imported', ({ stack }) => lambda.Function.fromFunctionArn(stack, 'Theirs', 'arn:aws:lambda:eu-west-1:123456789012:function:x'), { role: APP }, 'fn must be a function of this app'],
    ['an alias', ({ stack }) => functionIn(stack).currentVersion, { role: APP }, 'nor a version or an alias'],
    ['a function in another network', ({ stack }) => functionIn(stack, 'Worker', { vpc: new ec2.Vpc(stack, 'Other') }), { role: APP }, 'fn must be in the network of the database, Stack/Network'],
    ['no role', ({ stack }) => functionIn(stack), {}, 'role must be PostgresRole.APP or PostgresRole.READONLY. Given: nothing. Fix: write role: PostgresRole.APP'],
    ['an unknown role', ({ stack }) => functionIn(stack), { role: 'postgres' }, "role must be PostgresRole.APP or PostgresRole.READONLY. Given: 'postgres'"],
    ['too many connections', ({ stack }) => functionIn(stack), { role: APP, maxConnections: 101 }, 'maxConnections must be a whole number from 1 to 100'],
    ['no readers', ({ stack }) => functionIn(stack), { role: APP, toReaders: true }, 'toReaders cannot be given where there are no readers'],
  ])('%s', (_, fn, options, message) => {
    expect(refused(fn, options)).toContain(message);
  });

  test('a second role', () => {
    const { stack, database } = databaseWith();
    const fn = functionIn(stack);
    database.grantConnect(fn, { role: APP, concurrency: 1 });
    expect(failureOf(() => database.grantConnect(fn, { role: READONLY }))).toContain('fn (Stack/Worker) must connect to one database, as one role: its environment names no more. '
      + 'Given: Stack/Database as PostgresRole.APP (granted before); Stack/Database as PostgresRole.READONLY is asked for now. '
      + 'Fix: grant PostgresRole.APP both times, as a pipeline does, or use another function');
  });

  test('nothing is changed then', () => {
    const fixture = databaseWith();
    const fn = functionIn(fixture.stack, 'Worker');
    failureOf(() => fixture.database.grantConnect(fn, { role: APP, maxConnections: 0 }));
    expect(fn.isBoundToVpc).toBe(false);
    expect(workerOf(templateOf(fixture)).Properties.Layers).toBeUndefined();
  });
});

describe('connections of all functions together', () => {
  const dev = { profile: EnvironmentProfile.dev(), proxy: PostgresProxy.none() }; // db.t4g.micro: about 83 connections, 75 for functions
  function synthesised(props: Parameters<typeof databaseWith>[0], ...concurrency: [number, number][]) {
    const { app, stack, database } = databaseWith(props);
    concurrency.forEach(([reservedConcurrentExecutions, maxConnections], index) => {
      database.grantConnect(functionIn(stack, `Worker${index}`, { reservedConcurrentExecutions }), { role: APP, maxConnections });
    });
    return app.synth();
  }

  test('fit into the engine', () => {
    expect(() => synthesised(dev, [50, 1], [25, 1])).not.toThrow();
    expect(failureOf(() => synthesised(dev, [50, 1], [26, 1]))).toMatch(/must fit into the 75 .*Given: 76 \(Stack\/Worker0 50 × 1; Stack\/Worker1 26 × 1\)\. Fix: .*use PostgresProxy\.pooled\(\)/);
    expect(failureOf(() => synthesised(dev, [50, 2]))).toContain('Given: 100');
  });

  test('share a proxy ten to one', () => {
    const proxied = { ...dev, proxy: PostgresProxy.pooled({ maxConnectionsPercent: 25 }) }; // 20 connections
    expect(() => synthesised(proxied, [200, 1])).not.toThrow();
    expect(failureOf(() => synthesised(proxied, [201, 1]))).toMatch(/at most 200 \(10 for each of the 20 that .*Given: 201/);
  });

  test('are not counted where nobody said how many, which is warned of', () => {
    const { stack, database } = databaseWith();
    database.grantConnect(functionIn(stack), { role: APP });
    expect(warningsOf(stack)).toEqual([expect.stringContaining('Nothing is known of how many processes of Stack/Worker run at once')]);
    const said = databaseWith();
    said.database.grantConnect(functionIn(said.stack), { role: APP, concurrency: 3 });
    expect(warningsOf(said.stack)).toEqual([]);
  });

  test('of a function that is granted twice, as of one that runs the jobs of a pipeline, are what both say', () => {
    const { app, stack, database } = databaseWith(dev);
    const fn = functionIn(stack);
    database.grantConnect(fn, { role: APP });
    database.grantConnect(fn, { role: APP, concurrency: 38, maxConnections: 2 });
    database.grantConnect(fn, { role: APP, concurrency: 5 });
    expect(failureOf(() => app.synth())).toContain('Given: 76 (Stack/Worker 38 × 2)');
    expect(stack.resolve((fn.node.defaultChild as lambda.CfnFunction).environment)).toMatchObject({ variables: { JOBWORKS_DATABASE_MAX_CONNECTIONS: '2' } });
  });

  test('are warned of where a security group has no room for so many functions', () => {
    const { stack, database } = databaseWith();
    const grant = (number: number) => database.grantConnect(functionIn(stack, `Worker${number}`), { role: APP, concurrency: 1 });
    for (let number = 1; number <= 57; number += 1) grant(number);
    expect(warningsOf(stack)).toEqual([]);
    grant(58);
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/^More than 57 functions .* \[ack: cdk-jobworks:postgres\.manyClients\]$/)]);
  });
});

test('without a way to Secrets Manager, synthesis says what migrations and rotation need', () => {
  const synthesised = (props: object, endpoints: NetworkEndpoint[] = []) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const network = new SecureNetwork(stack, 'Network', { profile: PROFILE, natGateways: NatGateways.none(), endpoints });
    new ProxiedPostgres(stack, 'Database', { profile: PROFILE, network, ...props });
    return app.synth();
  };
  expect(failureOf(() => synthesised({}))).toContain('Missing: NetworkEndpoint.SECRETS_MANAGER, which Stack/Database/Migrations/Function and Stack/Database/Rotation need');
  expect(failureOf(() => synthesised({ rotateMasterSecret: false }))).toContain('which Stack/Database/Migrations/Function needs');
  expect(() => synthesised({}, [NetworkEndpoint.SECRETS_MANAGER])).not.toThrow();
});
