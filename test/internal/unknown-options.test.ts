import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as library from '../../src';
import { userFunction } from '../job-processing-pipeline/fixture';

const {
  ApiAuthentication, ApiFirewall, BackupCopy, EnvironmentProfile, JobApi, JobProcessor, JobStore, PostgresEngine, PostgresProxy, RetryPolicy,
  SubmitLimit,
} = library;

const VAULT = 'arn:aws:backup:eu-central-1:123456789012:backup-vault:copies';

/** Options as JavaScript lets pass. */
const odd = (options: object) => options as never;

let stack: Stack;
let fn: lambda.Function;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  fn = userFunction(stack, 'Fn');
});

const pipeline = (props: Partial<library.JobProcessingPipelineProps>) => {
  new library.JobProcessingPipeline(stack, 'It', { processor: JobProcessor.inFunction(fn), maximumConcurrency: 5, api: JobApi.none(), ...props });
};
const api = (options: object) => pipeline({
  api: JobApi.rest({ authentication: ApiAuthentication.apiKeys(), firewall: ApiFirewall.none(), ...options }),
});
const worker = (props: object) => new library.QueuedLambdaWorker(stack, 'It', { function: fn, maximumConcurrency: 5, ...props });
const steps = (props: object) => new library.JobSteps(stack, 'It', { functions: [fn], ...props });
const network = (props: object, id = 'It') => new library.SecureNetwork(stack, id, { profile: EnvironmentProfile.dev(), ...props });
const database = (props: object) => {
  new library.ProxiedPostgres(stack, 'It', { profile: EnvironmentProfile.dev(), network: network({}, 'Network'), ...props });
};

function sqlFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sql-'));
  writeFileSync(join(folder, '0001_first.sql'), 'CREATE TABLE first (id integer);');
  return folder;
}

describe('an option that there is not is warned of, and has no effect', () => {
  test.each<[string, string, () => void]>([
    ['retryPolicy: exponential().maxAttemps', 'pipeline', () => pipeline({ retryPolicy: RetryPolicy.exponential(odd({ maxAttemps: 5 })) })],
    ['processor: callFunction().timeOut', 'pipeline',
      () => pipeline({ processor: JobProcessor.callFunction(fn, odd({ timeOut: Duration.minutes(1) })) })],
    ['processor: runStateMachine().maxRetries', 'pipeline', () => pipeline({
      processor: JobProcessor.runStateMachine(new library.JobSteps(stack, 'Steps', { functions: [fn] }).stateMachine, odd({ maxConcurrency: 5, maxRetries: 2 })),
    })],
    ['store: dynamoDb().tabel', 'pipeline', () => pipeline({ store: JobStore.dynamoDb(odd({ tabel: 1 })) })],
    ['api.submitpath', 'pipeline', () => api({ submitpath: '/x' })],
    ['api.submitLimit: exact().perSecond', 'pipeline', () => api({ submitLimit: SubmitLimit.exact(odd({ perSecond: 1 })) })],
    ['api.submitLimit: usagePlan().perMinute', 'pipeline', () => api({ submitLimit: SubmitLimit.usagePlan(odd({ perMinute: 1 })) })],
    ['api.firewall: managed().perMinute', 'pipeline', () => api({ firewall: ApiFirewall.managed(odd({ perMinute: 1 })) })],
    ['api.keycaching', 'pipeline', () => pipeline({ api: JobApi.http(odd({ authentication: ApiAuthentication.apiKeys(), keycaching: 1 })) })],
    ['api.authentication: jwt().scope', 'pipeline', () => pipeline({
      api: JobApi.http({ authentication: ApiAuthentication.jwt(odd({ issuer: 'https://login.example.com/', audience: ['jobs'], scope: 'x' })) }),
    })],
    ['alarms.sweeperErrors.treshold', 'pipeline', () => pipeline({ alarms: { sweeperErrors: odd({ treshold: 1 }) } })],
    ['batchsize', 'worker', () => worker({ batchsize: 1 })],
    ['maxAttempt', 'jobSteps', () => steps({ maxAttempt: 1 })],
    ['alarms.error', 'jobSteps', () => steps({ alarms: { error: {} } })],
    ['natGateway', 'network', () => network({ natGateway: 1 })],
    ['engine.reader', 'postgres', () => database({ engine: PostgresEngine.instance(odd({ reader: 1 })) })],
    ['engine.maxCapacityUnits', 'postgres', () => database({ engine: PostgresEngine.auroraServerlessV2(odd({ maxCapacityUnits: 1 })) })],
    ['proxy.maxConnections', 'postgres', () => database({ proxy: PostgresProxy.pooled(odd({ maxConnections: 1 })) })],
    ['backupCopy.days', 'postgres', () => database({ backupCopy: BackupCopy.dailyToVault(odd({ vaultArn: VAULT, days: 3 })) })],
    ['migrations.extension', 'postgres',
      () => database({ migrations: library.SqlMigrations.fromDirectory(sqlFolder(), odd({ extension: ['vector'] })) })],
    ['backupsRetention', 'postgres', () => database({ backupsRetention: Duration.days(1) })],
  ])('%s of a %s', (name, of, create) => {
    create();
    const said = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('There is no prop')).map(({ entry }) => String(entry.data));
    const whole = said.filter((one) => one.includes(`There is no prop ${name}: it has no effect. The props`) && one.includes(`cdk-jobworks:${of}.unknownProps`));
    expect(whole).toHaveLength(1);
  });
});

test('what there is is not warned of, nor what a class that extends one of these takes beside it', () => {
  class Own extends library.JobSteps {}
  new Own(stack, 'Own', odd({ functions: [fn], more: 1 }));
  new library.JobSteps(stack, 'Steps', { functions: [fn], maxAttempts: 2, alarms: { errors: { threshold: 20 } } });
  database({ engine: PostgresEngine.instance({ readers: 1 }), proxy: PostgresProxy.pooled({ maxConnectionsPercent: 80 }) });
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('There is no prop'))).toEqual([]);
});

describe('an option of the wrong kind is told, with what to write', () => {
  test.each<[string, RegExp, () => void]>([
    ['attempts as a text', /RetryPolicy\.exponential\(\): maxAttempts must be a number\. Given: '5'\. Fix: write maxAttempts: 5/,
      () => RetryPolicy.exponential(odd({ maxAttempts: '5' }))],
    ['a timeout as a number', /JobProcessor\.callFunction\(\): timeout must be a Duration\. Given: 60\. Fix: write timeout: Duration\.seconds\(60\)/,
      () => JobProcessor.callFunction(fn, odd({ timeout: 60 }))],
    ['no concurrency', /JobProcessor\.runStateMachine\(\): maxConcurrency must be a number\. Given: nothing/,
      () => JobProcessor.runStateMachine(odd({}), odd({}))],
    ['a table by its name', /JobStore\.dynamoDb\(\): table must be a dynamodb\.ITable\. Given: 'jobs'/,
      () => JobStore.dynamoDb(odd({ table: 'jobs' }))],
    ['a limit as a text', /api\.submitLimit: exact\(\)\.perMinute must be a number\. Given: '60'\. Fix: write perMinute: 60/,
      () => api({ submitLimit: SubmitLimit.exact(odd({ perMinute: '60' })) })],
    ['a rule that is none', /api\.firewall: managed\(\)\.countedRules must be a list/,
      () => api({ firewall: ApiFirewall.managed(odd({ countedRules: 'GenericRFI_BODY' })) })],
    ['steps that are none', /functions must be a list/, () => steps({ functions: fn })],
    ['readers as a text', /engine\.readers must be a number\. Given: '1'\. Fix: write readers: 1/,
      () => database({ engine: PostgresEngine.instance(odd({ readers: '1' })) })],
    ['ACU as a text', /engine\.maxCapacity must be a number/,
      () => database({ engine: PostgresEngine.auroraServerlessV2(odd({ maxCapacity: '8' })) })],
    ['time as a number', /proxy\.borrowTimeout must be a Duration\. Given: 30\. Fix: write borrowTimeout: Duration\.seconds\(30\)/,
      () => database({ proxy: PostgresProxy.pooled(odd({ borrowTimeout: 30 })) })],
    ['no region', /backupCopy\.region must be a text\. Given: nothing\. Fix: write region: 'eu-central-1'/,
      () => database({ backupCopy: BackupCopy.replication(odd({})) })],
    ['days as a number', /backupCopy\.retention must be a Duration\. Given: 7/,
      () => database({ backupCopy: BackupCopy.dailyToVault(odd({ vaultArn: 'arn', retention: 7 })) })],
  ])('%s', (_, message, create) => {
    expect(create).toThrow(message);
  });
});
