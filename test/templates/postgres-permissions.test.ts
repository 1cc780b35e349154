import { pipelineOf, type Kind } from './kinds';
import { Permissions, type Resource } from './policies';

/** It signs the address of a large result, and calls nobody for that. */
const SIGNS = 'status.handler';
const WORKER = '/opt/nodejs/node_modules/cdk-jobworks-worker/worker.handler';

/** Where a group leads that leads nowhere: EC2 would let it out everywhere if it had no rule. */
const NOWHERE = '255.255.255.255/32';

/** Functions that work on records, and so connect to the database; and those that do not, and so are in no network. */
const TABLE: [Kind, { readonly connected: string[]; readonly outside: string[] }][] = [
  ['postgres', { connected: ['change', 'dead-letter', 'operate', 'status', 'submit', 'sweeper', WORKER], outside: [] }],
  ['dev, postgres', { connected: ['change', 'dead-letter', 'operate', 'status', 'submit', 'sweeper', WORKER], outside: [] }],
  ['postgres, calling a function, IAM', { connected: ['change', 'dead-letter', 'operate', 'runner', 'status', 'submit', 'sweeper'], outside: ['index'] }],
  ['maximal postgres, IAM', { connected: ['change', 'dead-letter', 'operate', 'status', 'submit', 'sweeper', WORKER], outside: ['uploads'] }],
  ['maximal HTTP postgres state machine, keys', {
    connected: ['change', 'dead-letter', 'execution-ended', 'operate', 'start-execution', 'status', 'submit', 'sweeper'],
    outside: ['authorize', 'index', 'index', 'index', 'index', 'keys', 'uploads'],
  }],
];

const names = (functions: readonly Resource[]) => functions.map(({ properties }) => String(properties.Handler)).map((name) => (name === WORKER ? name : name.replace(/\.handler$/, ''))).sort();
const variables = ({ properties }: Resource) => ((properties.Environment ?? {}) as { readonly Variables?: Record<string, string> }).Variables ?? {};

describe.each(TABLE)('%s', (kind, { connected, outside }) => {
  const all = new Permissions(pipelineOf(kind).stack);
  const functions = all.all('Lambda::Function').filter(({ id }) => !/^(GivenDatabase|GivenNetwork|Custom)/.test(id));
  const told = functions.filter((fn) => variables(fn).JOBWORKS_DATABASE_HOST !== undefined);
  const rest = functions.filter((fn) => !told.includes(fn));

  test('functions that work on records connect, and no other is in a network', () => {
    expect({ connected: names(told), outside: names(rest) }).toEqual({ connected: [...connected].sort(), outside });
    expect(told.filter(({ properties }) => properties.VpcConfig === undefined)).toEqual([]);
    expect(rest.filter(({ properties }) => properties.VpcConfig !== undefined)).toEqual([]);
  });

  test('they come as the role that reads and writes, which is all that they may do to a database, and the rest may not come', () => {
    const statements = (fn: Resource) => all.ofFunction(fn).filter(({ actions }) => actions.some((action) => /^(rds|secretsmanager)/.test(action)));
    for (const fn of told) {
      expect(variables(fn)).toMatchObject({ JOBWORKS_DATABASE_ROLE: 'app', JOBWORKS_DATABASE_PORT: '5432' });
      expect(statements(fn)).toEqual([expect.objectContaining({ actions: ['rds-db:connect'], resources: [expect.stringMatching(/:dbuser:[^*]+\/app$/)] })]);
    }
    expect(rest.flatMap(statements)).toEqual([]);
  });

  test('they come by the proxy where there is one', () => {
    const [proxy] = all.all('RDS::DBProxy');
    const [instance] = all.all('RDS::DBInstance');
    const host = proxy ? `\${${proxy.id}.Endpoint}` : `\${${instance.id}.Endpoint.Address}`;
    expect(proxy === undefined).toBe(kind.startsWith('dev'));
    expect(new Set(told.map((fn) => variables(fn).JOBWORKS_DATABASE_HOST))).toEqual(new Set([host]));
  });

  test('their code comes after the tables', () => {
    const [step] = all.resources.filter(({ type }) => type === 'Custom::JobWorksMigrations');
    expect(told.filter(({ dependsOn }) => !dependsOn.includes(step.id)).map(({ id }) => id)).toEqual([]);
  });

  test('there is no table of records, nor a permission for one', () => {
    const tables = all.all('DynamoDB::Table').filter(({ id }) => !id.startsWith('Given'));
    expect(tables.filter(({ properties }) => JSON.stringify(properties.KeySchema).includes('job_id'))).toEqual([]);
    const keys = tables.map(({ id }) => `\${${id}.Arn}`);
    const resources = all.every().filter(({ actions }) => actions.some((action) => action.startsWith('dynamodb:'))).flatMap((one) => one.resources);
    expect(resources.filter((resource) => !keys.includes(resource))).toEqual([]);
  });

  test('each is let out to the database, by HTTPS where it calls something else, and nowhere else', () => {
    for (const fn of told) {
      const { SecurityGroupIds: [group] } = fn.properties.VpcConfig as { readonly SecurityGroupIds: string[] };
      const { id, properties } = all.resource(group);
      const inline = (properties.SecurityGroupEgress ?? []) as { readonly FromPort?: unknown; readonly CidrIp?: string }[];
      const apart = all.all('EC2::SecurityGroupEgress').map((rule) => rule.properties).filter(({ GroupId }) => GroupId === `\${${id}.GroupId}`);
      const ports = [...inline.filter(({ CidrIp }) => CidrIp !== NOWHERE), ...apart].map(({ FromPort }) => FromPort as unknown);
      const calls = fn.properties.Handler !== SIGNS && all.ofFunction(fn).some(({ actions }) => actions.some((action) => /^(sqs|s3|states|lambda|dynamodb):/.test(action)));
      expect([fn.id, ...[...new Set(ports)].sort()]).toEqual([fn.id, ...(calls ? [443] : []), 5432]);
      expect(properties.SecurityGroupIngress ?? []).toEqual([]);
    }
  });
});
