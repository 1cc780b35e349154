import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { fixture, type Fixture } from './fixture';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { PIPELINE_KINDS } from '../../src/job-processing-pipeline/pipeline-kinds';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { JobStore } from '../../src/job-store/job-store';
import { JobsTable } from '../../src/job-store/jobs-table';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

/** As JavaScript creates it: with anything. */
const create = (props: unknown) => () => new JobProcessingPipeline(given.stack, 'Jobs', props as never);
const beside = (props: object) => create({ processor: JobProcessor.inFunction(given.handler), ...props });

test.each<[string, () => unknown, string]>([
  ['no props', () => undefined, 'Stack/Jobs: props must be an object. Given: nothing. Fix: pass { processor: JobProcessor.inFunction(fn) }.'],
  ['no processor', () => ({}),
    'Stack/Jobs: processor must be a JobProcessor. Given: nothing. Fix: write processor: JobProcessor.inFunction(fn), with const fn = new lambda.Function(…).'],
  ['a Lambda function for a processor', () => ({ processor: given.handler }), 'processor must be a JobProcessor. Given: a Function (Stack/Analyse).'],
  ['a function of JavaScript for a processor', () => ({ processor: async () => 1 }), 'processor must be a JobProcessor. Given: the JavaScript function processor.'],
  ['a function of JavaScript to run jobs in', () => ({ processor: JobProcessor.inFunction((() => 1) as never) }),
    'processor: JobProcessor.inFunction() must be given a lambda.Function. Given: the JavaScript function. Fix: write JobProcessor.inFunction(fn), with const fn'],
  ['nothing to run jobs in', () => ({ processor: JobProcessor.inFunction(undefined as never) }), 'JobProcessor.inFunction() must be given a lambda.Function. Given: nothing.'],
  ['an ARN to call', () => ({ processor: JobProcessor.callFunction('arn:x' as never) }),
    "processor: JobProcessor.callFunction() must be given a lambda.IFunction. Given: 'arn:x'. Fix: write JobProcessor.callFunction(fn), with const fn"],
])('%s is told', (_what, props, message) => {
  expect(create(props())).toThrow(message);
  expect(given.stack.node.findChild('Jobs').node.children).toEqual([]);
});

test.each<[string, object, string]>([
  ['options for an API', { api: { ratePerSecond: 3 } }, 'api must be a JobApi. Given: an object { ratePerSecond }. Fix: write api: JobApi.rest({ … }), or JobApi.http({ … }), or JobApi.none().'],
  ['options for a retry policy', { retryPolicy: { maxAttempts: 3 } },
    'retryPolicy must be a RetryPolicy. Given: an object { maxAttempts }. Fix: write retryPolicy: RetryPolicy.exponential({ maxAttempts: 3 }), or what its other factories make.'],
  ['a number of attempts', { retryPolicy: 5 }, 'retryPolicy must be a RetryPolicy. Given: 5. Fix: write retryPolicy: RetryPolicy.exponential({ maxAttempts: 5 }), or what'],
  ['nothing for a retention', { retention: null }, 'retention must be a Duration. Given: null. Fix: write retention: Duration.days(30), or in the unit that you mean.'],
  ['a number of days', { retention: 14 }, 'retention must be a Duration. Given: 14. Fix: write retention: Duration.days(14), or in the unit that you mean.'],
  ['a part of a second', { deadline: Duration.millis(90_500) }, 'deadline must be 1 minute or more, in whole seconds. Given: 90.5 seconds. Fix: give whole seconds.'],
  ['the name of an authentication', { api: JobApi.rest({ authentication: 'apiKeys' as never }) },
    "api.authentication must be an ApiAuthentication. Given: 'apiKeys'. Fix: write authentication: ApiAuthentication.apiKeys()."],
  ['the name of a firewall', { api: JobApi.rest({ firewall: 'none' as never }) }, "api.firewall must be an ApiFirewall. Given: 'none'. Fix: write firewall: ApiFirewall.none()."],
  ['a factory of which more must be said', { api: JobApi.rest({ firewall: 'WEB_ACL' as never }) },
    "api.firewall must be an ApiFirewall. Given: 'WEB_ACL'. Fix: write firewall: ApiFirewall.webAcl(…)."],
  ['a factory that was not called', { api: JobApi.rest({ authentication: ApiAuthentication.none as never }) },
    'api.authentication must be an ApiAuthentication. Given: the JavaScript function none. Fix: write authentication: ApiAuthentication.none().'],
  ['a word that is no factory', { api: JobApi.rest({ firewall: 'name' as never }) }, "api.firewall must be an ApiFirewall. Given: 'name'. Fix: write firewall: ApiFirewall.managed()."],
  ['the name of a store', { store: 'dynamodb' }, "store must be a JobStore. Given: 'dynamodb'. Fix: write store: JobStore.dynamoDb()."],
  ['a number for a deadline', { deadline: 3600 }, 'deadline must be a Duration. Given: 3600. Fix: write deadline: Duration.seconds(3600), or in the unit that you mean.'],
  ['the name of a profile', { profile: 'prod' }, "profile must be an EnvironmentProfile. Given: 'prod'. Fix: write profile: EnvironmentProfile.prod(), one of .dev(), .staging() and .prod()."],
  ['a profile that was not made', { profile: EnvironmentProfile.prod }, 'profile must be an EnvironmentProfile. Given: the JavaScript function prod.'],
  ['a schema that was not made', { payloadSchema: { type: 'object' } }, 'payloadSchema must be a PayloadSchema. Given: an object { type }. Fix: write payloadSchema: PayloadSchema.fromObject({ … }), or'],
  ['the name of a bucket', { bucket: 'files' }, "bucket must be an s3.IBucket. Given: 'files'. Fix: write bucket: bucket, with const bucket = new s3.Bucket(…)"],
  ['alarms switched off as a whole', { alarms: false }, 'alarms must be an object. Given: false. Fix: write alarms: { apiErrors: { enabled: false } }, alarm by alarm.'],
  ['one alarm switched off', { alarms: { worker: { throttles: false } } },
    'alarms.worker.throttles must be an object. Given: false. Fix: write throttles: { enabled: false }, or { threshold: … } to tune it.'],
])('%s is told, with what to write', (_what, props, message) => {
  expect(beside(props)).toThrow(`Stack/Jobs: 1 rule is broken.\n  1. Stack/Jobs: ${message}`);
});

test('what no prop takes is told of every prop', () => {
  const names = Object.keys(PIPELINE_KINDS);
  expect(names).toHaveLength(16);
  expect(create(Object.fromEntries(names.map((name) => [name, () => 1])))).toThrow(new RegExp(names.map((name) => `Stack/Jobs: ${name} must be `).join('[^]*')));
});

test('options of factories are told where they are given', () => {
  const imported = lambda.Function.fromFunctionName(given.stack, 'Imported', 'name');
  const { table } = new JobsTable(given.stack, 'Records');
  expect(() => JobProcessor.callFunction(imported, { timeout: 60 } as never))
    .toThrow('JobProcessor.callFunction(): timeout must be a Duration. Given: 60. Fix: write timeout: Duration.seconds(60), or in the unit that you mean.');
  expect(() => JobProcessor.callFunction(imported, Duration.minutes(1) as never)).toThrow('options must be an object. Given: a Duration. Fix: pass any of { timeout: … }.');
  expect(() => JobStore.dynamoDb(table as never)).toThrow('JobStore.dynamoDb(): options must be an object. Given: a Table (Stack/Records/Default). Fix: pass any of { table: … }.');
  expect(() => JobStore.dynamoDb({ table: 'jobs' } as never))
    .toThrow("JobStore.dynamoDb(): table must be a dynamodb.ITable. Given: 'jobs'. Fix: write table: jobs.table, with const jobs = new JobsTable(…).");
  expect(() => new JobsTable(given.stack, 'Other', { profile: 'dev' } as never)).toThrow("Stack/Other: profile must be an EnvironmentProfile. Given: 'dev'.");
  expect(() => new JobsTable(given.stack, 'Third', { encryptionKey: 'alias/a' } as never)).toThrow("Stack/Third: encryptionKey must be a kms.IKey. Given: 'alias/a'.");
});
