import { createHash } from 'node:crypto';
import { CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { fixture, userFunction, type Fixture } from './fixture';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { JobApi } from '../../src/job-api/job-api';
import { PayloadSchema } from '../../src/job-api/payload-schema';
import { SubmitLimit } from '../../src/job-api/submit-limit';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import type { JobProcessingPipelineProps } from '../../src/job-processing-pipeline/pipeline-props';
import { JobProcessor } from '../../src/job-processor/job-processor';
import { RetryPolicy } from '../../src/queued-lambda-worker/retry-policy';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const create = (props: Partial<JobProcessingPipelineProps> = {}) =>
  new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.inFunction(given.handler), ...props });
const withHandler = (props: Partial<lambda.FunctionProps>) => create({ processor: JobProcessor.inFunction(userFunction(given.stack, 'Own', props)) });
const schema = (text: Record<string, unknown>) => ({ payloadSchema: PayloadSchema.fromObject(text) });
const incompressible = () => Array.from({ length: 60 }, (_, index) => createHash('sha512').update(String(index)).digest('base64')).join('');

describe('fails', () => {
  test.each<[string, Partial<JobProcessingPipelineProps>, RegExp]>([
    ['a deadline out of range', { deadline: Duration.seconds(30) }, /deadline must be 1 minute or more/],
    ['a deadline shorter than one attempt', { deadline: Duration.seconds(59) }, /deadline must leave time for one attempt/],
    ['a retention shorter than the life of a message', { retention: Duration.days(3) }, /retention must be from 4 days/],
    ['a name of dots', { pipelineName: '..' }, /pipelineName must be 1 to 128 letters, digits, dots, dashes and underscores, one letter or digit.*Given: \.\./],
    ['a name that no metric can have', { pipelineName: 'my jobs' }, /pipelineName must be 1 to 128 letters.*Given: my jobs\. Fix: give a name/],
    ['a submit path that is none', { api: JobApi.rest({ submitPath: 'jobs' }) }, /api\.submitPath must begin with \/.*Given: jobs/],
    ['a status path without the id', { api: JobApi.rest({ statusPath: '/status' }) }, /api\.statusPath must begin with \/.*\{job_id\}/],
    ['a stage that no URL can have', { api: JobApi.rest({ stageName: 'v-1' }) }, /api\.stageName must be/],
    ['a rate of nothing', { api: JobApi.rest({ ratePerSecond: 0 }) }, /api\.ratePerSecond must be a whole number from 1/],
    ['a burst beyond the account\'s', { api: JobApi.rest({ burst: 5_001 }) }, /api\.burst must be a whole number from 1 to 5,000/],
    ['a path of uploads without a bucket', { api: JobApi.rest({ uploadPath: '/files' }) },
      /api\.uploadPath cannot be given without a bucket: there is nowhere to upload to\. Fix: give bucket, or remove api\.uploadPath/],
    ['a size of uploads without a bucket', { api: JobApi.rest({ maxUploadSize: Size.mebibytes(1) }) }, /api\.maxUploadSize cannot be given without a bucket/],
    ['a schema that does not fit', { payloadSchema: PayloadSchema.fromObject({ description: incompressible() }) }, /payloadSchema must take/],
    ['a retry policy out of range', { retryPolicy: RetryPolicy.attempts(0) }, /retryPolicy\.maxAttempts must be/],
    ['a deadline and a pause that outlive the message', { deadline: Duration.days(4) }, /deadline, the longest pause between attempts \(900 s\).*lower deadline to 95 hours/],
    ['no rate', { api: JobApi.rest({ authentication: ApiAuthentication.apiKeys(), submitLimit: SubmitLimit.usagePlan({ ratePerSecond: 0 }) }) },
      /ratePerSecond must be/],
    ['too much of a burst', { api: JobApi.rest({ authentication: ApiAuthentication.apiKeys(), keyLimits: { statusBurst: 6_000 } }) }, /statusBurst must be/],
    ['a status path too long', { api: JobApi.rest({ statusPath: `/${'x'.repeat(128)}/{job_id}` }) }, /api\.statusPath must begin with \/, have up to 128/],
    ['a schema of another draft', schema({ $schema: 'https://json-schema.org/draft/2020-12/schema' }), /payloadSchema\.\$schema must be draft-07/],
    ['a type that is none', schema({ properties: { a: { type: ['string', 'strng'] } } }), /payloadSchema\.properties\.a\.type must be one of .*Given: strng/],
    ['a pattern that is none', schema({ items: [{ pattern: '[' }] }), /payloadSchema\.items\[0\]\.pattern must be a regular expression/],
    ['a name pattern that is none', schema({ patternProperties: { '(': {} } }), /payloadSchema\.patternProperties must be a regular expression/],
    ['a reference to elsewhere', schema({ not: { $ref: 'other.json' } }), /payloadSchema\.not\.\$ref must point into the schema/],
    ['a dead-letter alarm of half a minute', { alarms: { deadLettered: { period: Duration.seconds(30) } } }, /alarms\.deadLettered\.period/],
    ['an alarm of half a minute', { alarms: { failureRate: { period: Duration.seconds(30) } } }, /alarms\.failureRate\.period/],
    ['an API alarm of half a minute', { alarms: { apiErrors: { period: Duration.seconds(30) } } }, /alarms\.apiErrors\.period/],
  ])('on %s', (_what, props, message) => {
    expect(() => create(props)).toThrow(message);
  });

  test('on an imported function, and on a version of one', () => {
    const imported = lambda.Function.fromFunctionName(given.stack, 'Imported', 'name') as lambda.Function;
    expect(() => create({ processor: JobProcessor.inFunction(imported) })).toThrow(/must be defined in this app, not imported.*Given: Stack\/Imported/);
    const version = given.handler.currentVersion as unknown as lambda.Function;
    expect(() => new JobProcessingPipeline(given.stack, 'Second', { processor: JobProcessor.inFunction(version) })).toThrow(/no version or alias/);
  });

  test('on a container image', () => {
    const image = new lambda.DockerImageFunction(given.stack, 'Image', { code: lambda.DockerImageCode.fromEcr(new Repository(given.stack, 'Images')) });
    expect(() => create({ processor: JobProcessor.inFunction(image) })).toThrow(/cannot be a container image/);
  });

  test('on another runtime', () => {
    expect(() => withHandler({ runtime: lambda.Runtime.PYTHON_3_13 })).toThrow(/must run on Node\.js\. Given: python3\.13\. Fix: use lambda\.Runtime/);
  });

  test('on a Node.js that the layer is not built for', () => {
    expect(() => withHandler({ runtime: lambda.Runtime.NODEJS_20_X })).toThrow(/must run on Node\.js 22 or newer\. Given: nodejs20\.x/);
  });

  test('on a handler that is not known yet', () => {
    const handler = new CfnParameter(given.stack, 'Handler').valueAsString;
    expect(() => withHandler({ handler })).toThrow(/must have a handler that is known at synthesis/);
  });

  test('on a sixth layer', () => {
    const layers = [1, 2, 3, 4, 5].map((index) => lambda.LayerVersion.fromLayerVersionArn(given.stack, `L${index}`, `arn:aws:lambda:eu-west-1:123456789012:layer:l:${index}`));
    expect(() => withHandler({ layers })).toThrow(/must have at most 4 layers.*Given: 5/);
  });

  test('on a function that another pipeline has', () => {
    create();
    expect(() => new JobProcessingPipeline(given.stack, 'Second', { processor: JobProcessor.inFunction(given.handler) }))
      .toThrow(/must be a function that no other pipeline has/);
  });

  test('on a function of another stack', () => {
    const elsewhere = userFunction(new Stack(given.app, 'Elsewhere'), 'Far');
    expect(() => create({ processor: JobProcessor.inFunction(elsewhere) })).toThrow(/must be in the stack of the pipeline/);
  });

  test('says everything that is wrong at once, with the path of the construct', () => {
    expect(() => create({ pipelineName: '', retention: Duration.days(1), api: JobApi.rest({ submitPath: 'x', statusPath: 'y' }) }))
      .toThrow(/^Stack\/Jobs: 4 rules are broken\./);
  });
});

test('a format that nothing judges is warned of at the pipeline', () => {
  create({ ...schema({ format: 'emial' }), api: JobApi.none() });
  expect(Annotations.fromStack(given.stack).findWarning('/Stack/Jobs', Match.stringLikeRegexp('cdk-jobworks:pipeline.unknownFormat'))).toHaveLength(1);
});

describe('the rules of the worker inside', () => {
  const refusal = (props: Partial<JobProcessingPipelineProps>): string[] => {
    try {
      create(props);
    } catch (error) {
      return (error as Error).message.split('\n');
    }
    throw new Error('The props were accepted.');
  };

  test('are said with the others, before anything is created', () => {
    expect(refusal({ deadline: Duration.days(9), maximumConcurrency: 1 })).toEqual([
      'Stack/Jobs: 2 rules are broken.',
      expect.stringContaining('Stack/Jobs: deadline, the longest pause'),
      expect.stringContaining('Stack/Jobs: maximumConcurrency must be a whole number from 2 to 1,000. Given: 1.'),
    ]);
    expect(given.stack.node.findChild('Jobs').node.children).toEqual([]);
  });

  test('name alarms as the user of the pipeline wrote them', () => {
    expect(refusal({ alarms: { worker: { errors: { period: Duration.days(2) }, throttles: { evaluationPeriods: 1_000 } } } })).toEqual([
      'Stack/Jobs: 1 rule is broken.',
      expect.stringContaining('Stack/Jobs: alarms.worker.throttles.period times alarms.worker.throttles.evaluationPeriods must not exceed one day'),
    ]);
  });

  test('name no props that a pipeline does not have', () => {
    const fn = userFunction(given.stack, 'Slow', { timeout: Duration.minutes(15) });
    expect(refusal({ processor: JobProcessor.inFunction(fn), retryPolicy: RetryPolicy.attempts(498) }).slice(2)).toEqual([
      '  2. Stack/Jobs: the receives of a message (2 × retryPolicy.maxAttempts + 5) must be a whole number from 1 to 1,000. Given: 1,001.'
      + ' Fix: choose a number within the limits of AWS.',
      '  3. Stack/Jobs: the retention of the queue must leave time for all receives (1001 × 30 minutes). Given: 4 days.'
      + ' Fix: lower the number of attempts or the timeout of the function: a message would expire before it is a dead letter.',
    ]);
  });
});

describe('a customer', () => {
  test('needs API keys', () => {
    expect(() => create().addCustomer('acme')).toThrow(/addCustomer\(\) needs an API with keys.*ApiAuthentication\.apiKeys\(\)/);
  });

  test('and its options are of their kind', () => {
    const pipeline = create({ api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }) });
    expect(() => pipeline.addCustomer(5 as never)).toThrow("Stack/Jobs: addCustomer(): name must be a text. Given: 5. Fix: write name: 'acme'.");
    expect(() => pipeline.addCustomer('acme', '2027' as never)).toThrow("addCustomer(): options must be an object. Given: '2027'. Fix: write options: { keyName: '2027' }.");
    expect(() => pipeline.addCustomer('acme', { keyName: 2027 as never })).toThrow('addCustomer(): options.keyName must be a text. Given: 2027.');
  });

  test('has a plain name, once, and there is room for so many', () => {
    const pipeline = create({ api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }) });
    pipeline.addCustomer('acme');
    expect(() => pipeline.addCustomer('acme')).toThrow(/a key can be added once\. Given: acme/);
    expect(pipeline.addCustomer('acme', { keyName: '2027' }).keyId).toBeDefined();
    expect(() => pipeline.addCustomer('acme', { keyName: '2027' })).toThrow(/Given: acme@2027/);
    expect(() => pipeline.addCustomer('a"b')).toThrow(/a name must be 1 to 64/);
    expect(() => Array.from({ length: 40 }, (_, index) => pipeline.addCustomer(`customer-${index}-${'x'.repeat(30)}`))).toThrow(/must fit into 1024 bytes/);
  });
});

test('what is only known at deployment breaks no rule', () => {
  expect(() => create({
    pipelineName: Lazy.string({ produce: () => 'later' }),
    api: JobApi.rest({ stageName: Lazy.string({ produce: () => 'later' }) }),
  })).not.toThrow();
});
