import { databaseOf, DATABASES, type DatabaseKind } from './databases';
import { Permissions, type Resource, type Statement } from './policies';

const ACCOUNT = 'arn:${AWS::Partition}:iam::123456789012:root';
const LOG_GROUPS = 'arn:${AWS::Partition}:logs:eu-west-1:123456789012:log-group:*';
/** What the functions bring that connect, but for what the library adds to them. */
const OF_THE_APP = /^Given(Worker|Reports)Role(?!DefaultPolicy)/;

const known = new Map<DatabaseKind, Permissions>();
/** Made once: nobody changes it. */
function permissions(kind: DatabaseKind): Permissions {
  const all = known.get(kind) ?? new Permissions(databaseOf(kind).stack);
  known.set(kind, all);
  return all;
}

const roleOf = (all: Permissions, prefix: string): Resource => all.all('IAM::Role').find(({ id }) => new RegExp(`^${prefix}[0-9A-F]{8}$`).test(id))!;
const connecting = (statements: readonly Statement[]): string[] =>
  statements.filter(({ actions }) => actions.includes('rds-db:connect')).flatMap(({ resources }) => resources).sort();
const hasProxy = (all: Permissions) => all.all('RDS::DBProxy').length > 0;

/** Allowed with a wildcard because AWS knows nothing narrower, or because what it stands for is not known before. */
const ACKNOWLEDGED: { readonly of: RegExp; readonly actions: RegExp; readonly resources: RegExp }[] = [
  { of: /Role/, actions: /^xray:Put(TraceSegments|TelemetryRecords)$/, resources: /^\*$/ },
  { of: /(JobWorksNetwork|RotationRole|MigrationsFunctionRole)/, actions: /^ec2:(\w*NetworkInterfaces?|\w+PrivateIpAddresses|DescribeSubnets)$/, resources: /^\*$/ },
  { of: /^DatabaseMigrationsProvider/, actions: /^lambda:InvokeFunction$/, resources: /^\$\{DatabaseMigrations(Function|Providerframework)\w+\.Arn\}:\*$/ },
  { of: /^DatabaseMigrationsProvider/, actions: /^lambda:InvokeFunction$/, resources: /^\$\{DatabaseMigrations(Function|Providerframework(isComplete|onTimeout))\w{8}\.Arn\}:\*$/ },
  { of: /^DatabaseMonitoringRolePolicy/, actions: /^logs:\w+$/, resources: /:log-group:RDSOSMetrics:(log-stream:)?\*$/ },
];

describe.each(DATABASES)('%s', (kind) => {
  test('nothing is allowed by a wildcard, except what has its reason', () => {
    const all = permissions(kind);
    const keys = all.all('KMS::Key').map(({ id }) => id);
    const wild = all.every().filter(({ effect, of }) => effect === 'Allow' && !OF_THE_APP.test(of) && !keys.includes(of) && !of.startsWith('Network') && !of.startsWith('Custom'))
      .flatMap(({ of, actions, resources }) => actions.flatMap((action) => resources.map((resource) => ({ of, action, resource }))))
      .filter(({ action, resource }) => action.includes('*') || resource.includes('*'))
      .filter(({ of, action, resource }) => !ACKNOWLEDGED.some((one) => one.of.test(of) && one.actions.test(action) && one.resources.test(resource)));
    expect(wild).toEqual([]);
  });

  test('a function comes as its role alone, to the proxy where there is one, and to no other server', () => {
    const all = permissions(kind);
    const statements = all.ofRole(roleOf(all, 'GivenWorkerRole'));
    const [proxy] = all.all('RDS::DBProxy');
    const [allowed, ...others] = connecting(statements);
    expect(others).toEqual([]);
    expect(allowed).toMatch(/^arn:\$\{AWS::Partition\}:rds-db:eu-west-1:123456789012:dbuser:[^*]+\/app$/);
    if (proxy) expect(allowed).toContain(`\${${proxy.id}.DBProxyArn}`);
    else expect(allowed).toContain(all.all('RDS::DBCluster').length > 0 ? '.DBClusterResourceId}' : '.DbiResourceId}');
  });

  test('the proxy comes as the two roles of applications alone, and may read no secret', () => {
    const all = permissions(kind);
    if (!hasProxy(all)) {
      expect(all.all('IAM::Role').filter(({ properties }) => JSON.stringify(properties).includes('"rds.amazonaws.com"'))).toEqual([]);
      return;
    }
    const role = roleOf(all, 'DatabaseProxyRole');
    const statements = all.ofRole(role);
    expect(connecting(statements).map((resource) => resource.split('/').pop())).toEqual(['app', 'readonly']);
    expect(new Set(statements.flatMap(({ actions }) => actions))).toEqual(new Set(['rds-db:connect']));
    expect(role.properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Principal: { Service: 'rds.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }],
    });
  });

  test('whoever migrates may read the master\'s password, whoever changes it may write it, and nobody may do anything with another secret', () => {
    const all = permissions(kind);
    const [secret, ...others] = all.all('SecretsManager::Secret');
    expect(others).toEqual([]);
    const allowed = all.every().filter(({ effect, actions }) => effect === 'Allow' && actions.some((action) => action.startsWith('secretsmanager:')));
    const attachments = [secret, ...all.all('SecretsManager::SecretTargetAttachment')].map(({ id }) => `\${${id}}`);
    expect(allowed.flatMap(({ resources }) => resources).filter((resource) => !attachments.includes(resource))).toEqual([]);
    const handlers = (action: string) => all.all('Lambda::Function').filter((fn) => all.ofFunction(fn).some(({ actions }) => actions.includes(`secretsmanager:${action}`)))
      .map(({ properties }) => properties.Handler).sort();
    const rotating = kind.includes('pauses') ? [] : ['rotate.handler'];
    expect([handlers('GetSecretValue'), handlers('PutSecretValue')]).toEqual([['migrate.handler', ...rotating], rotating]);
  });

  test('functions that connect wait for the migrations, and so does what they may do', () => {
    const all = permissions(kind);
    const [step] = all.resources.filter(({ type }) => type === 'Custom::JobWorksMigrations');
    const connected = all.all('Lambda::Function').filter(({ properties }) => JSON.stringify(properties.Environment ?? {}).includes('JOBWORKS_DATABASE_ROLE'));
    expect(connected.length).toBe(kind.endsWith('maximal') ? 2 : 1);
    expect(connected.filter(({ dependsOn }) => !dependsOn.includes(step.id)).map(({ id }) => id)).toEqual([]);
    const server = [...all.all('RDS::DBInstance'), ...all.all('RDS::DBCluster')].map(({ id }) => id);
    expect(step.dependsOn.some((id) => server.includes(id))).toBe(true);
  });

  test('keys let in their account; and CloudWatch Logs and, through Secrets Manager, this account, each by a condition', () => {
    const all = permissions(kind);
    for (const key of all.all('KMS::Key')) {
      const [account, ...others] = all.statementsOf(key);
      expect(account).toMatchObject({ principals: [ACCOUNT], actions: ['kms:*'], resources: ['*'] });
      expect(others.length).toBeGreaterThan(0);
      for (const { principals, condition } of others) {
        const logs = principals[0].startsWith('logs.');
        expect(principals).toEqual([logs ? 'logs.eu-west-1.amazonaws.com' : ACCOUNT]);
        expect(condition).toEqual(logs ? { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': LOG_GROUPS } } : { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } });
      }
    }
  });
});
