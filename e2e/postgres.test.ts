import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import type { Deployment } from './local-cloud/deploy';
import { assertLedger, readLedger } from './local-cloud/ledger';
import { deployDatabases, useCloud } from './postgres/use-databases';
import { invoke } from './support/invoke';

/** Databases as they are deployed: by instance, proxy and cluster, with every role enforced. */
const cloud = useCloud();
let deployment: Deployment;
beforeAll(async () => { deployment = await deployDatabases(cloud(), ['Direct', 'Proxied', 'Cluster']); }, 300_000);

interface Read {
  readonly rows: ReadonlyArray<Record<string, unknown>>;
  readonly encrypted: boolean;
  readonly port: number;
}

const ask = async (output: string, sql: string): Promise<Read> => invoke<Read>(cloud(), deployment.output(output), { sql });

interface Master {
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly dbname: string;
}

async function master(kind: string): Promise<Master> {
  const secrets = new SecretsManagerClient(cloud().clientConfig);
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: deployment.output(`${kind}Secret`) }));
  return JSON.parse(SecretString!) as Master;
}

/** As whoever has the secret comes, past the proxy. */
async function asMaster<Row extends object>(kind: string, sql: string, password?: string): Promise<Row[]> {
  const known = await master(kind);
  const { host, port } = cloud().databases.doors[known.host];
  const client = new Client({
    host,
    port,
    user: known.username,
    password: password ?? known.password,
    database: known.dbname,
    ssl: { ca: cloud().databases.certificate.certificate },
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('every type became what the ledger promises', async () => {
  assertLedger(await readLedger(cloud(), deployment.stacks));
});

test.each(['DirectReader', 'ProxiedReader', 'ClusterReader'])('%s comes as its role, over TLS, to the tables of the library', async (output) => {
  const { rows, encrypted } = await ask(output, 'SELECT current_user, current_database(), (SELECT count(*)::int FROM jobworks.jobs) AS jobs');
  expect(rows).toStrictEqual([{ current_user: 'app', current_database: expect.any(String), jobs: 0 }]);
  expect(encrypted).toBe(true);
});

test('a proxy\'s door is not the instance\'s', async () => {
  const { port } = await ask('ProxiedReader', 'SELECT 1');
  const { host } = await master('Proxied');
  expect(port).not.toBe(cloud().databases.doors[host].port);
  const [proxy] = Object.entries(cloud().databases.doors).filter(([, door]) => door.port === port);
  expect(cloud().databases.counts(proxy[0])).toMatchObject({ pinned: 0, mostServerConnections: 1 });
});

test('readers of a cluster are for reading', async () => {
  expect((await ask('ClusterFromReaders', 'SELECT current_user')).rows).toStrictEqual([{ current_user: 'readonly' }]);
  await expect(ask('ClusterFromReaders', 'CREATE TEMP TABLE t (a int)')).rejects.toThrow(/read-only|permission denied/);
});

test('who may not connect is refused, whatever it knows', async () => {
  await expect(ask('ProxiedStranger', 'SELECT 1')).rejects.toThrow('The IAM authentication failed for the role app.');
});

test('the migration has made roles that come by IAM and can change no table', async () => {
  expect(await asMaster('Proxied', `SELECT rolname, rolcanlogin, rolsuper, pg_has_role(oid, 'rds_iam', 'MEMBER') AS iam, has_schema_privilege(oid, 'public', 'CREATE') AS creates
    FROM pg_roles WHERE rolname IN ('app', 'readonly') ORDER BY 1`)).toStrictEqual(
    ['app', 'readonly'].map(rolname => ({ rolname, rolcanlogin: true, rolsuper: false, iam: true, creates: false })));
  expect((await asMaster<{ history: string }>('Proxied', 'SELECT DISTINCT history FROM jobworks.migrations')).map(({ history }) => history)).toStrictEqual(['jobworks']);
});

test('the secret has a password that nobody chose, and the server takes no other', async () => {
  expect((await master('Direct')).password).toMatch(/^\S{20,}$/);
  await expect(asMaster('Direct', 'SELECT 1', 'another')).rejects.toMatchObject({ code: '28P01' });
});

test('the master\'s password is changed while a function is connected', async () => {
  const before = (await master('Proxied')).password;
  const ClientRequestToken = randomUUID();
  for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
    await invoke(cloud(), deployment.output('ProxiedRotation'), { Step, SecretId: deployment.output('ProxiedSecret'), ClientRequestToken });
  }
  expect((await master('Proxied')).password).not.toBe(before);
  expect(await asMaster('Proxied', 'SELECT current_user AS name')).toStrictEqual([{ name: 'jobworks_master' }]);
  await expect(asMaster('Proxied', 'SELECT 1', before)).rejects.toMatchObject({ code: '28P01' });
  expect((await ask('ProxiedReader', 'SELECT 1 AS one')).rows).toStrictEqual([{ one: 1 }]);
});
