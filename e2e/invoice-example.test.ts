import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendFile, uploading } from './demo/caller';
import { Customer } from './demo/invoices/customer';
import { assertLedger, readLedger } from './local-cloud/ledger';
import { inFolder, propertiesOf, templateOf, type ExampleTemplate } from './support/example';
import { INVOICES } from './support/synthesise';
import { ended, useStack } from './support/use';

/** The invoice extraction: what it deploys, and runs of it in which every permission that is missing shows. */
const subject = useStack({ app: INVOICES.folder, stack: INVOICES.stack, auth: true });

const PIPELINE = 'invoices';
const sample = (name: string) => readFileSync(join(INVOICES.folder, 'samples', `${name}.txt`), 'utf8');
const customer = async (name: string) => Customer.of(subject().cloud, subject().deployed.apiUrl(), PIPELINE, name);

async function rows(text: string, ...values: string[]): Promise<Record<string, unknown>[]> {
  const { server } = subject().cloud.databases.server();
  return server.asMaster('app', async (client) => (await client.query<Record<string, unknown>>(text, values)).rows);
}

/** Submits a file that must be accepted. */
async function submitted({ client }: Customer, file: string): Promise<string> {
  const { answer: { status, body } } = await uploading(file)(client, {});
  expect(status).toBe(202);
  return body.job_id;
}

describe('what is deployed', () => {
  let prod: ExampleTemplate;
  let dev: ExampleTemplate;
  beforeAll(async () => {
    prod = await templateOf(INVOICES, 'invoices-prod');
    dev = await templateOf(INVOICES, 'invoices-dev', { environment: 'dev' });
  }, 60_000);
  const all = ({ Resources }: ExampleTemplate, type: string) =>
    Object.values(Resources).filter(({ Type }) => Type === type).map(({ Properties }) => Properties);

  test('is the database that the system asks for', () => {
    expect(propertiesOf(prod, 'AWS::RDS::DBInstance')).toMatchObject({
      Engine: 'postgres',
      EngineVersion: expect.stringMatching(/^(1[6-9]|[2-9]\d)/),
      StorageType: 'gp3',
      AllocatedStorage: '20',
      MaxAllocatedStorage: 1_024,
      StorageEncrypted: true,
      BackupRetentionPeriod: 7,
      MultiAZ: true,
      DeletionProtection: true,
      PubliclyAccessible: false,
    });
    expect(propertiesOf(dev, 'AWS::RDS::DBInstance')).toMatchObject({ MultiAZ: false, DeletionProtection: false });
    expect([prod, dev].map((template) => propertiesOf(template, 'AWS::RDS::DBProxy')?.RequireTLS)).toStrictEqual([true, true]);
  });

  test('reserves 50 / 25 / 25, with alarms at 90 %, and has some ready, more when they are used', () => {
    const reserved = (id: string) => propertiesOf(prod, 'AWS::Lambda::Function', id)?.ReservedConcurrentExecutions;
    expect(['InvoicesSubmit', 'InvoicesStatus', 'Ocr', 'Extract'].map(reserved)).toStrictEqual([25, 25, 25, 25]);
    const alarms = all(prod, 'AWS::CloudWatch::Alarm').filter(({ MetricName }) => MetricName === 'ConcurrentExecutions');
    expect(alarms.map(({ Threshold }) => Threshold)).toStrictEqual(Array.from({ length: 5 }, () => 22.5)); // completion, too
    expect(propertiesOf(prod, 'AWS::Lambda::Alias', 'InvoicesSubmit')).toMatchObject({ ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    expect(all(prod, 'AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject([{ MinCapacity: 2, MaxCapacity: 15 }, { MinCapacity: 2, MaxCapacity: 15 }]);
    expect(all(dev, 'AWS::Lambda::Alias')).toStrictEqual([]); // billed by the hour
  });

  test('logs for 30 days, executions too, and every alarm is mailed', () => {
    const groups = all(prod, 'AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(10);
    expect(new Set(groups.map(({ RetentionInDays }) => RetentionInDays))).toStrictEqual(new Set([30]));
    expect(propertiesOf(prod, 'AWS::StepFunctions::StateMachine', 'Steps')).toMatchObject({ LoggingConfiguration: { Level: 'ALL' } });
    const counted = JSON.stringify(all(prod, 'AWS::Logs::MetricFilter').filter(({ FilterPattern }) => FilterPattern === '{ $.level = "ERROR" }'));
    expect(['OcrLogs', 'ExtractLogs', 'CompleteLogs'].filter((group) => !counted.includes(`{"Ref":"${group}`))).toStrictEqual([]);
    const rules = JSON.stringify(all(prod, 'AWS::CloudWatch::CompositeAlarm').map(({ AlarmRule }) => AlarmRule));
    const alarms = Object.entries(prod.Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm').map(([id]) => id);
    expect(alarms.length).toBeGreaterThan(20);
    expect(alarms.filter((id) => !rules.includes(`"${id}"`))).toStrictEqual([]);
    const topics = Object.entries(prod.Resources).filter(([, { Type }]) => Type === 'AWS::SNS::Topic').map(([id]) => id);
    const told = all(prod, 'AWS::CloudWatch::CompositeAlarm').filter(({ AlarmActions }) => AlarmActions !== undefined);
    expect(told.filter(({ AlarmActions }) => !topics.some((id) => JSON.stringify(AlarmActions) === JSON.stringify([{ Ref: id }])))).toStrictEqual([]);
    expect(propertiesOf(prod, 'AWS::SNS::Subscription')).toMatchObject({ Protocol: 'email', Endpoint: 'on-call@example.com' });
  });

  test('answers pages of the web client', () => {
    expect(propertiesOf(prod, 'AWS::ApiGatewayV2::Api')).toMatchObject({ ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['https://invoices.example.com'] } });
  });

  test('an environment is chosen by its name', async () => {
    await expect(templateOf(INVOICES, 'invoices-none', { environment: 'none' })).rejects.toThrow('the name must be dev, staging or prod. Given: \"none\"');
  });
});

test('the example compiles, its handlers included', () => {
  inFolder(INVOICES, 'tsc', '-p', '.');
});

test("the handlers' own tests pass", () => {
  expect(inFolder(INVOICES, 'tsx', '--test', 'test/handlers.test.js')).toMatch(/^# pass [1-9]\d*$/m);
});

test('an invoice becomes a row, and everything that does it may do what it does', async () => {
  const acme = await customer('acme');
  const id = await submitted(acme, sample('hinges'));
  const data = { number: 'BF-2026-0417', vendor: 'Brackwell Fittings Ltd', total: 22.9 };
  expect(await ended(acme.client, id, 60)).toMatchObject({ status: 'succeeded', result: { extracted_data: data, confidence_score: 1 } });
  expect(await rows('SELECT * FROM job_results WHERE job_id = $1', id)).toMatchObject([{ extracted_data: data, confidence_score: '1.000', tokens_used: 55 }]);
  const [{ pdf_url, ...job }] = await rows('SELECT j.status, j.pdf_url, j.error_message, k.name FROM jobs j JOIN api_keys k ON k.id = j.api_key_id WHERE j.id = $1', id);
  expect(job).toStrictEqual({ status: 'succeeded', error_message: null, name: 'acme' });
  expect(pdf_url).toMatch(/^[\w-]{43}\/uploads\/upl_\w{26}$/);
});

test('what is no invoice, or not there, or of somebody else fails at once, and leaves no row', async () => {
  const [acme, globex] = await Promise.all(['acme', 'globex'].map(customer));
  const file = await sendFile(globex.client, sample('coffee'));
  const lost = async (upload_id: string) => (await acme.client.submit({ upload_id })).body.job_id;
  const ids = await Promise.all([submitted(acme, sample('letter')), lost('upl_01HZZZZZZZZZZZZZZZZZZZZZZZ'), lost(file.body.upload_id)]);
  const ends = await Promise.all(ids.map(async (id) => ended(acme.client, id, 60)));
  expect(ends.map(({ status, error }) => [status, error?.type, error?.message])).toStrictEqual([
    ['failed', 'JobFailed', 'the text is no invoice: it has no number and no total'],
    ['failed', 'JobFailed', 'no file was uploaded under this upload_id'],
    ['failed', 'JobFailed', 'no file was uploaded under this upload_id'],
  ]);
  expect(await rows(`SELECT id FROM job_results WHERE job_id IN ('${ids.join("', '")}')`)).toStrictEqual([]);
  expect(await rows('SELECT error_message FROM jobs WHERE id = $1', ids[0])).toStrictEqual([{ error_message: ends[0].error?.message }]);
});

test('every resource became what the ledger promises', async () => {
  const { cloud, deployed: { deployment } } = subject();
  const ledger = await readLedger(cloud, deployment.stacks);
  assertLedger(ledger);
  expect(ledger.counts.skipped).toBe(0);
});
