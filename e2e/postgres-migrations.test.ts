import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Deployment } from './local-cloud/deploy';
import { deployDatabases, useCloud } from './postgres/use-databases';
import { invoke } from './support/invoke';
import { SqlMigrations } from '../src/index';

/** SQL files at deployment, one deployment after the other: each test goes on where the one before it stopped. */
const cloud = useCloud();
let folder: string;
let deployment: Deployment;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'jobworks-sql-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const deployFiles = async () => { deployment = await deployDatabases(cloud(), ['Direct'], () => SqlMigrations.fromDirectory(folder, { extensions: ['citext'] })); };
const ask = async (sql: string) => (await invoke<{ rows: unknown[] }>(cloud(), deployment.output('DirectReader'), { sql })).rows;
const status = async () =>
  (await new CloudFormationClient(cloud().clientConfig).send(new DescribeStacksCommand({ StackName: 'Direct' }))).Stacks![0].StackStatus;

/** What has been applied, as whoever looks after the server sees it. */
async function applied(): Promise<string[]> {
  const { server, request } = cloud().databases.server();
  const { rows } = await server.asMaster(request.database!, async client => client.query<{ name: string }>(
    'SELECT format(\'%s %s\', number, name) AS name FROM jobworks.migrations WHERE history = \'app\' ORDER BY number'));
  return rows.map(({ name }) => name);
}

test('files are applied before the function that needs them runs', async () => {
  write('0001_notes.sql', 'CREATE TABLE notes (id int PRIMARY KEY, text citext NOT NULL);\nINSERT INTO notes VALUES (1, \'One\');\n');
  await deployFiles();
  expect(await ask('SELECT id, text FROM notes WHERE text = \'one\'')).toStrictEqual([{ id: 1, text: 'One' }]);
  expect(await applied()).toHaveLength(1);
}, 200_000);

test('a file that fails fails the deployment, which says where and why; those before it are there', async () => {
  write('0002_two.sql', 'INSERT INTO notes VALUES (2, \'two\');\n');
  write('0003_three.sql', 'INSERT INTO notes VALUES (3, \'three\');\n\nINSERT INTO nots VALUES (4, \'four\');\n');
  const failure = await deployFiles().then(() => 'nothing failed', error => (error as Error).message);
  expect(failure).toMatch(/Migrations.*Custom::JobWorksMigrations/);
  expect(failure).toMatch(/0003_three\.sql/);
  expect(failure).toMatch(/line 3/);
  expect(failure).toMatch(/42P01/);
  expect(failure).toMatch(/relation "nots" does not exist/);
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE'); // with the directory of before, which lacks the second file
  expect(await ask('SELECT id FROM notes ORDER BY id')).toStrictEqual([{ id: 1 }, { id: 2 }]);
  expect(await applied()).toHaveLength(2);
}, 200_000);

test('the next deployment goes on there', async () => {
  write('0003_three.sql', 'INSERT INTO notes VALUES (3, \'three\');\n');
  write('0004_four.sql', 'INSERT INTO notes VALUES (4, \'four\');\n');
  await deployFiles();
  expect(await ask('SELECT id FROM notes ORDER BY id')).toStrictEqual([1, 2, 3, 4].map(id => ({ id })));
  expect(await applied()).toHaveLength(4);
}, 200_000);

test('a file that was applied must stay as it was', async () => {
  write('0002_two.sql', 'INSERT INTO notes VALUES (22, \'twenty-two\');\n');
  await expect(deployFiles()).rejects.toThrow(/0002_two\.sql/);
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await ask('SELECT count(*)::int AS notes FROM notes')).toStrictEqual([{ notes: 4 }]);
}, 200_000);
