import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { databaseWith, ENV, functionIn, only, templateOf } from './support';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { PostgresEngine } from '../../src/proxied-postgres/postgres-engine';
import { PostgresProxy } from '../../src/proxied-postgres/postgres-proxy';
import { PostgresRole } from '../../src/proxied-postgres/postgres-role';
import { ProxiedPostgres } from '../../src/proxied-postgres/proxied-postgres';
import { SqlMigrations } from '../../src/proxied-postgres/sql-migrations';
import { NatGateways } from '../../src/secure-network/nat-gateways';
import { NetworkEndpoint } from '../../src/secure-network/network-endpoint';
import { SecureNetwork } from '../../src/secure-network/secure-network';
import { findingsOf } from '../support/findings';

const STEP = 'Custom::JobWorksMigrations';
const SECRET = { Ref: expect.stringMatching(/^DatabaseMasterSecretAttachment/) };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  write('0001_a.sql', 'CREATE TABLE a (id int);\n');
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const migrations = (...extensions: string[]) => SqlMigrations.fromDirectory(folder, { extensions });

interface Found { readonly Properties: Record<string, unknown>; readonly DependsOn?: string[] }
const found = (template: Template, type: string, prefix: string): [string, Found][] =>
  Object.entries(template.findResources(type) as Record<string, Found>).filter(([id]) => id.startsWith(prefix));
const functionOf = (template: Template) => found(template, 'AWS::Lambda::Function', 'DatabaseMigrationsFunction')[0][1];

/** What a role of the step may do, by the names that resources have without their hash. */
function allowed(template: Template, role: string): string[] {
  return found(template, 'AWS::IAM::Policy', `DatabaseMigrations${role}RoleDefaultPolicy`)
    .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] }).Statement)
    .flatMap(({ Action, Resource }) => [Action].flat().map((action) => `${String(action)} ${JSON.stringify(Resource).replace(/[0-9A-F]{8}"/g, '"')}`)).sort();
}

describe('the step', () => {
  test('is there in any case: it makes the roles that functions come as', () => {
    const template = templateOf(databaseWith());
    expect(only(template, STEP)).toMatchObject({
      Extensions: [],
      Roles: [
        { Name: 'app', Access: 'write', LibraryTables: ['jobs', 'job_results', 'counters', 'slots'] },
        { Name: 'readonly', Access: 'read', LibraryTables: [] },
      ],
    });
  });

  test('is done again when a file or an extension is another, and for nothing else', () => {
    const files = (...extensions: string[]) => only(templateOf(databaseWith({ migrations: migrations(...extensions) })), STEP);
    const before = files('vector');
    expect(before.Extensions).toEqual(['vector']);
    write('0001_a.sql', '\ufeffCREATE TABLE a (id int);\r\n');
    write('README.md', '# about');
    expect(files('vector')).toEqual(before);
    write('0002_b.sql', 'CREATE TABLE b ();');
    const { Files } = files('vector');
    expect(Files).not.toBe(before.Files);
    write('0002_b.sql', 'CREATE TABLE c ();');
    expect(files('vector').Files).not.toBe(Files);
  });

  test.each([
    ['an instance', PostgresEngine.instance(), /^DatabaseInstance/],
    ['the writer of a cluster', PostgresEngine.auroraServerlessV2(), /^DatabaseClusterWriter/],
  ])('waits for %s, its secret, and the rules by which it comes there', (_, engine, server) => {
    const template = templateOf(databaseWith({ engine }));
    const [[, { DependsOn }]] = found(template, STEP, 'Database');
    expect(DependsOn).toEqual(expect.arrayContaining([
      server, /^DatabaseMasterSecretAttachment/, /^DatabaseSecurityGroupfromStackDatabaseMigrations/, /^DatabaseMigrationsSecurityGrouptoStackDatabaseSecurityGroup/,
    ].map((id) => expect.stringMatching(id))));
  });

  test('waits for the endpoint of Secrets Manager and the rule by which it is let in there, and for nobody else that is', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const profile = EnvironmentProfile.dev();
    const network = new SecureNetwork(stack, 'Network', { profile, natGateways: NatGateways.none(), endpoints: [NetworkEndpoint.SECRETS_MANAGER] });
    const database = new ProxiedPostgres(stack, 'Database', { profile, network });
    const worker = functionIn(stack, 'Worker');
    database.grantConnect(worker, { role: PostgresRole.APP, concurrency: 1, services: [NetworkEndpoint.SECRETS_MANAGER] });
    worker.node.addDependency(database.migrations); // its group is let in at the endpoint as well, and waits
    const [[, { DependsOn }]] = found(templateOf({ stack }), STEP, 'Database');
    expect(DependsOn!.filter((id) => id.startsWith('NetworkEndpoints'))).toEqual([
      expect.stringMatching(/^NetworkEndpointsSecretsmanager/), expect.stringMatching(/^NetworkEndpointsSecurityGroupfromStackDatabaseMigrations/),
    ]);
  });

  test('leaves everything in the database when it goes, since nothing is asked for then', () => {
    const { RemovalPolicy, ...properties } = only(templateOf(databaseWith()), STEP);
    expect(RemovalPolicy).toBeUndefined();
    expect(Object.keys(properties).sort()).toEqual(['Extensions', 'Files', 'Roles', 'ServiceToken']);
  });

  test('can be waited for by others', () => {
    const fixture = databaseWith();
    functionIn(fixture.stack, 'Other').node.addDependency(fixture.database.migrations);
    const template = templateOf(fixture);
    const [[id]] = found(template, STEP, 'Database');
    expect(found(template, 'AWS::Lambda::Function', 'Other')[0][1].DependsOn).toContain(id);
  });

  test('is waited for by a function that comes past the proxy, without a circle', () => {
    const fixture = databaseWith({ proxy: PostgresProxy.none() });
    const worker = functionIn(fixture.stack, 'Worker');
    fixture.database.grantConnect(worker, { role: PostgresRole.APP, concurrency: 1 });
    worker.node.addDependency(fixture.database.migrations); // its role and group wait, too
    expect(() => templateOf(fixture)).not.toThrow(); // which a circle does
  });
});

describe('its function', () => {
  test('has its entry, the library\'s files and the user\'s, and no more', () => {
    const temporary = jest.spyOn(jest.requireActual<typeof import('node:fs')>('node:fs'), 'mkdtempSync');
    const { app, stack } = databaseWith({ migrations: migrations() });
    const template = templateOf({ stack });
    const made = temporary.mock.results.map(({ value }) => String(value)).filter((path) => path.includes('jobworks-migrations-'));
    temporary.mockRestore();
    const { S3Key } = functionOf(template).Properties.Code as { S3Key: string };
    const code = join(app.outdir, `asset.${S3Key.replace('.zip', '')}`);
    const files = readdirSync(code, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map((entry) => join(entry.parentPath, entry.name).slice(code.length + 1)).sort()).toEqual(['migrate.js', 'migrations/app/0001_a.sql', 'migrations/jobworks/0001_jobs.sql']);
    expect(readFileSync(join(code, 'migrations/app/0001_a.sql'), 'utf8')).toBe('CREATE TABLE a (id int);\n');
    expect(readFileSync(join(code, 'migrations/jobworks/0001_jobs.sql'), 'utf8')).toBe(readFileSync('src/runtime/store/postgres/schema/0001_jobs.sql', 'utf8'));
    expect(made.map((path) => existsSync(path))).toEqual([false]);
  });

  test('comes to the writer as the master, and verifies it', () => {
    const { Properties } = functionOf(templateOf(databaseWith({ databaseName: 'invoices' })));
    expect(Properties).toMatchObject({
      Handler: 'migrate.handler',
      Timeout: 900,
      TracingConfig: { Mode: 'Active' },
      Layers: [{ Ref: expect.stringMatching(/^JobWorksPostgresLayer/) }],
      KmsKeyArn: { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseKey/), 'Arn'] },
    });
    expect(Properties.Environment).toEqual({
      Variables: {
        JOBWORKS_DATABASE_HOST: { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseInstance/), 'Endpoint.Address'] },
        JOBWORKS_DATABASE_PORT: '5432',
        JOBWORKS_DATABASE_NAME: 'invoices',
        JOBWORKS_DATABASE_CA: '/opt/nodejs/node_modules/cdk-jobworks/rds-ca.pem',
        JOBWORKS_DATABASE_SECRET_ARN: SECRET,
      },
    });
  });

  test('may read the secret, with its key, and write its log: nothing else', () => {
    expect(allowed(templateOf(databaseWith()), 'Function')).toEqual([
      'kms:Decrypt {"Fn::GetAtt":["DatabaseKey","Arn"]}',
      'logs:CreateLogStream {"Fn::GetAtt":["DatabaseMigrationsFunctionLogs","Arn"]}',
      'logs:PutLogEvents {"Fn::GetAtt":["DatabaseMigrationsFunctionLogs","Arn"]}',
      'secretsmanager:GetSecretValue {"Ref":"DatabaseMasterSecretAttachment"}',
    ]);
    expect(allowed(templateOf(databaseWith({ profile: EnvironmentProfile.dev() })), 'Function')).not.toContainEqual(expect.stringContaining('kms'));
  });

  test('is in private subnets, let out to the database and to Secrets Manager', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const profile = EnvironmentProfile.prod();
    const network = new SecureNetwork(stack, 'Network', { profile, natGateways: NatGateways.none(), endpoints: [NetworkEndpoint.SECRETS_MANAGER] });
    new ProxiedPostgres(stack, 'Database', { profile, network });
    const template = templateOf({ stack });
    const egress = found(template, 'AWS::EC2::SecurityGroupEgress', 'DatabaseMigrations').map(([, { Properties: { FromPort, DestinationSecurityGroupId } }]) =>
      [FromPort, (DestinationSecurityGroupId as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0].replace(/[0-9A-F]{8}$/, '')]);
    expect(egress).toEqual(expect.arrayContaining([[5432, 'DatabaseSecurityGroup'], [443, expect.stringMatching(/^NetworkEndpoints/)]]));
    expect(egress).toHaveLength(2);
    const [[, { Properties: { SecurityGroupEgress } }]] = found(template, 'AWS::EC2::SecurityGroup', 'DatabaseMigrations');
    expect(SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
    expect(JSON.stringify(functionOf(template).Properties.VpcConfig)).toContain('PrivateSubnet1');
  });
});

describe('the provider', () => {
  test('asks for an hour until it is complete', () => {
    const template = templateOf(databaseWith());
    const [[, { Properties }]] = found(template, 'AWS::StepFunctions::StateMachine', 'Database');
    const [interval, attempts] = ['IntervalSeconds', 'MaxAttempts'].map((name) => Number(new RegExp(`\\\\?"${name}\\\\?":(\\d+)`).exec(JSON.stringify(Properties))![1]));
    expect(interval * attempts).toBe(3600);
  });

  test('may call this function and go on asking, and nothing else', () => {
    const template = templateOf(databaseWith());
    const called = '[{"Fn::GetAtt":["DatabaseMigrationsFunction","Arn"]},{"Fn::Join":["",[{"Fn::GetAtt":["DatabaseMigrationsFunction","Arn"]},":*"]]}]';
    const common = [
      'kms:Decrypt {"Fn::GetAtt":["DatabaseKey","Arn"]}',
      'lambda:GetFunction {"Fn::GetAtt":["DatabaseMigrationsFunction","Arn"]}',
      `lambda:InvokeFunction ${called}`,
      'logs:CreateLogStream {"Fn::GetAtt":["DatabaseMigrationsProviderLogs","Arn"]}',
      'logs:PutLogEvents {"Fn::GetAtt":["DatabaseMigrationsProviderLogs","Arn"]}',
    ];
    expect(allowed(template, 'ProviderComplete')).toEqual(common);
    expect(allowed(template, 'ProviderBegin')).toEqual([...common, 'states:StartExecution {"Ref":"DatabaseMigrationsProviderwaiterstatemachine"}']);
  });

  test('logs to groups that end, with the key; its functions are traced, and in no network', () => {
    const template = templateOf(databaseWith());
    const functions = found(template, 'AWS::Lambda::Function', 'DatabaseMigrationsProvider');
    expect(functions).toHaveLength(3);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        LoggingConfig: { LogGroup: { Ref: expect.stringMatching(/^DatabaseMigrationsProviderLogs/) } },
        TracingConfig: { Mode: 'Active' },
        KmsKeyArn: { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseKey/), 'Arn'] },
      });
      expect(Properties.VpcConfig).toBeUndefined();
    }
    for (const prefix of ['DatabaseMigrationsFunctionLogs', 'DatabaseMigrationsProviderLogs']) {
      expect(found(template, 'AWS::Logs::LogGroup', prefix)[0][1].Properties).toMatchObject({ RetentionInDays: 30, KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^DatabaseKey/), 'Arn'] } });
    }
    template.resourceCountIs('AWS::Lambda::Function', 6); // migrations and what asks for them, rotation, and the one that closes the default group
    template.hasResourceProperties(STEP, { ServiceToken: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DatabaseMigrationsProviderframeworkonEvent'), 'Arn'] } });
  });
});

test.each([['dev', EnvironmentProfile.dev], ['prod', EnvironmentProfile.prod]])('%s: there is no finding that nobody gave a reason for', (_, profile) => {
  expect(findingsOf(databaseWith({ profile: profile(), migrations: migrations('vector') }).app)).toEqual([]);
});

test('two databases in one stack have a step each', () => {
  const { stack, network } = databaseWith();
  new ProxiedPostgres(stack, 'Second', { profile: EnvironmentProfile.dev(), network, migrations: migrations() });
  const template = templateOf({ stack });
  template.resourceCountIs(STEP, 2);
  expect(new Set(Object.values(template.findResources(STEP)).map(({ Properties }) => Properties.Files)).size).toBe(2);
});
