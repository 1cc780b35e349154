import { createHash } from 'node:crypto';
import { Annotations as Acknowledging, CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
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
    ['a deadline and a pause that outlive the message', { deadline: Duration.days(4) }, /deadline and the longest pause between attempts \(15 minutes unless retryPolicy is given\) and one attempt .*lower deadline to 95 hours\./],
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
      expect.stringContaining('Stack/Jobs: deadline and the longest pause'),
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

  test('name no props that a pipeline does not have: its own rule comes before', () => {
    const fn = userFunction(given.stack, 'Slow', { timeout: Duration.minutes(15) });
    expect(refusal({ processor: JobProcessor.inFunction(fn), retryPolicy: RetryPolicy.attempts(94) }).slice(1)).toEqual([
      '  1. Stack/Jobs: retryPolicy.maxAttempts must be at most 93 where an attempt may take 15 minutes, the timeout of the function:'
      + ' a message is received twice for each attempt and 5 times more, each time hidden for 30 minutes, and the queue keeps it for 4 days.'
      + ' Given: 94. Fix: lower maxAttempts, or the timeout of the function.',
    ]);
    expect(() => new JobProcessingPipeline(given.stack, 'Fits', { processor: JobProcessor.inFunction(fn), retryPolicy: RetryPolicy.attempts(93) })).not.toThrow();
  });
});

describe('one message for one cause', () => {
  const lines = (props: () => Partial<JobProcessingPipelineProps>): string[] => {
    try {
      create(props());
    } catch (error) {
      return (error as Error).message.split('\n').slice(1).map((line) => line.replace(/^ {2}\d\. Stack\/Jobs: /, ''));
    }
    throw new Error('The props were accepted.');
  };
  const called = (props: Partial<lambda.FunctionProps>) => ({ processor: JobProcessor.callFunction(userFunction(given.stack, 'Own', props)) });

  test.each<[string, () => Partial<JobProcessingPipelineProps>, string[]]>([
    ['a function that may take too long', () => ({ ...called({ timeout: Duration.minutes(15) }), deadline: Duration.minutes(10), retryPolicy: RetryPolicy.attempts(100) }),
      ['processor: JobProcessor.callFunction(): the timeout of the function must be from 1 second to 14 minutes']],
    ['a function that takes no whole seconds', () => ({
      processor: JobProcessor.callFunction(lambda.Function.fromFunctionArn(given.stack, 'Imported', 'arn:aws:lambda:eu-west-1:123456789012:function:theirs'), {
        timeout: Duration.millis(1_500),
      }),
    }), ['processor: JobProcessor.callFunction(): the timeout of']],
    ['a deadline within an attempt', () => ({ ...called({ timeout: Duration.minutes(14) }), deadline: Duration.minutes(14) }),
      ['deadline must leave time for one attempt, which may take 14 minutes 30 seconds, the timeout of the function, and 30 seconds around the call. Given: 14 minutes.']],
    ['a deadline of nothing', () => ({ deadline: Duration.seconds(30) }), ['deadline must be 1 minute or more, in whole seconds. Given: 30 seconds. Fix: give 1 minute or more.']],
    ['a deadline of a fraction', () => ({ deadline: Duration.millis(60_500) }), ['deadline must be 1 minute or more, in whole seconds. Given: 1 minute 500 millis. Fix: give whole seconds.']],
    ['a pause beyond the queue\'s', () => ({ retryPolicy: RetryPolicy.exponential({ maxDelay: Duration.hours(20) }) }),
      ['retryPolicy.maxDelay must be from 1 second to 11 hours, in whole seconds. Given: 20 hours. Fix: give 11 hours or less (SQS hides a message for 12 hours at most']],
    ['a first pause beyond the queue\'s', () => ({ retryPolicy: RetryPolicy.exponential({ firstDelay: Duration.hours(20) }) }), ['retryPolicy.firstDelay must be from']],
    ['no pause at all', () => ({ retryPolicy: RetryPolicy.exponential({ maxDelay: Duration.seconds(0) }) }), ['retryPolicy.maxDelay must be from']],
    ['a pause beyond the queue\'s, and a deadline', () => ({ deadline: Duration.days(4), retryPolicy: RetryPolicy.exponential({ maxDelay: Duration.hours(20) }) }),
      ['retryPolicy.maxDelay must be from', 'deadline and one attempt (1 minute, the timeout of the function) must fit into the 4 days']],
    ['a pause that leaves no time', () => ({ deadline: Duration.hours(90), retryPolicy: RetryPolicy.exponential({ maxDelay: Duration.hours(11) }) }),
      ['deadline and the longest pause between attempts (11 hours) and one attempt (1 minute, the timeout of the function) must fit into the 4 days for which the queue'
      + ' keeps a message. Given: 3 days 18 hours. Fix: lower deadline to 84 hours, or retryPolicy.maxDelay.']],
    ['more attempts than the library allows', () => ({ retryPolicy: RetryPolicy.attempts(498) }),
      ['retryPolicy.maxAttempts must be a whole number from 1 to 100. Given: 498. Fix: give 100 or less (a limit of cdk-jobworks: what failed so often fails again).']],
    ['fewer than no attempts', () => ({ retryPolicy: RetryPolicy.attempts(-3) }), ['retryPolicy.maxAttempts must be']],
    ['attempts that are no number', () => ({ retryPolicy: RetryPolicy.attempts(NaN) }), ['retryPolicy.maxAttempts must be a whole number from 1 to 100. Given: NaN. Fix: give a whole number.']],
    ['more jobs at once than Lambda allows', () => ({ ...called({ reservedConcurrentExecutions: 100 }), maximumConcurrency: 2_000 }),
      ['maximumConcurrency must be a whole number from 2 to 1,000. Given: 2,000. Fix: give 1,000 or less (Lambda\'s limit).']],
    ['more jobs at once than are reserved', () => ({ ...called({ reservedConcurrentExecutions: 1 }), maximumConcurrency: 5 }),
      ['maximumConcurrency must not be above the function\'s reserved concurrency (1). Given: 5. Fix: lower maximumConcurrency to 2, the least that a queue can cause, or raise']],
    ['too short a retention', () => ({ retention: Duration.days(3) }),
      ['retention must be from 4 days to 3650 days, in whole seconds. Given: 3 days. Fix: give 4 days or more (the queue keeps a message for 4 days, and none may outlive its record).']],
    ['too long a retention', () => ({ retention: Duration.days(4_000) }), ['retention must be from 4 days to 3650 days, in whole seconds. Given: 4000 days. Fix: give 3650 days or less (a limit of cdk-jobworks).']],
  ])('%s', (_what, props, messages) => {
    expect(lines(props)).toEqual(messages.map((message) => expect.stringContaining(message)));
  });
});

describe('warnings', () => {
  const warnings = (): [string, string][] => Annotations.fromStack(given.stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data as string]);
  const own = (props: Partial<lambda.FunctionProps>) => userFunction(given.stack, 'Own', props);

  test.each<[string, () => JobProcessor, string, string]>([
    ['a function that runs jobs', () => JobProcessor.inFunction(own({ timeout: undefined })), '/Stack/Jobs/Worker', 'worker'],
    ['a function that is called', () => JobProcessor.callFunction(own({ timeout: undefined })), '/Stack/Jobs', 'pipeline'],
    ['a version of one', () => JobProcessor.callFunction(own({ timeout: undefined }).currentVersion), '/Stack/Jobs', 'pipeline'],
  ])('%s has a timeout that nobody chose', (_what, processor, path, id) => {
    create({ processor: processor() });
    expect(warnings()).toEqual([[path, expect.stringMatching(
      new RegExp(`^The function has no timeout, so Lambda stops it after its default of 3 seconds.*\\[ack: cdk-jobworks:${id}\\.defaultTimeout\\]$`),
    )]]);
  });

  test('but not where it was chosen, be it the default, nor where it cannot be known; and it can be acknowledged', () => {
    const imported = lambda.Function.fromFunctionArn(given.stack, 'Imported', 'arn:aws:lambda:eu-west-1:123456789012:function:theirs');
    const small = { api: JobApi.none(), maximumConcurrency: 5 };
    create({ ...small, processor: JobProcessor.inFunction(own({ timeout: Duration.seconds(3) })) });
    new JobProcessingPipeline(given.stack, 'Calls', { ...small, processor: JobProcessor.callFunction(imported, { timeout: Duration.minutes(1) }) });
    Acknowledging.of(given.stack).acknowledgeWarning('cdk-jobworks:worker.defaultTimeout');
    new JobProcessingPipeline(given.stack, 'Third', { ...small, processor: JobProcessor.inFunction(userFunction(given.stack, 'Default', { timeout: undefined })) });
    expect(warnings()).toEqual([]);
  });

  test('nor has one inside a prop, nor an option of the API', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', {
      processor: JobProcessor.callFunction(given.handler),
      maximumConcurrency: 5,
      alarms: { worker: { throttels: { enabled: false } } as object },
      api: JobApi.rest({
        submitlimit: 1,
        authentication: ApiAuthentication.apiKeys(),
        submitLimit: SubmitLimit.usagePlan({ rate: 5 } as object),
        keyLimits: { submitRatePerSecond: 1 },
      } as object),
    });
    const said = warnings().filter(([, text]) => text.includes('cdk-jobworks:pipeline.unknownProps')).map(([, text]) => text.replace(/ are .*?\./g, '')).sort();
    expect(said).toEqual([
      expect.stringMatching(/^There is no prop alarms\.worker\.throttels: it has no effect\. The props of alarms\.worker/),
      'There is no prop api.submitlimit: it has no effect. The props of api There is no prop api.submitLimit: usagePlan().rate: it has no effect. '
      + 'The props of api.submitLimit: usagePlan() There is no prop api.keyLimits.submitRatePerSecond: it has no effect. The props of api.keyLimits '
      + '[ack: cdk-jobworks:pipeline.unknownProps]',
    ]);
  });

  test('a prop that there is not has no effect; a class that extends the pipeline may have more', () => {
    const props = { processor: JobProcessor.callFunction(given.handler), maximumConcurrency: 5, jobStore: 'dynamodb', environment: undefined };
    new JobProcessingPipeline(given.stack, 'Jobs', props);
    class Extended extends JobProcessingPipeline {}
    new Extended(given.stack, 'Extended', { ...props });
    expect(warnings()).toEqual([['/Stack/Jobs', expect.stringMatching(
      /^There is no prop jobStore: it has no effect\. The props are processor, store, .* alarms\. \[ack: cdk-jobworks:pipeline\.unknownProps\]$/,
    )]]);
  });
});

describe('a customer', () => {
  test('needs API keys', () => {
    expect(() => create().addCustomer('acme')).toThrow(/addCustomer\(\) needs an API with keys.*ApiAuthentication\.apiKeys\(\)/);
  });

  test('and its options are of their kind', () => {
    const pipeline = create({ api: JobApi.rest({ authentication: ApiAuthentication.apiKeys() }) });
    expect(() => pipeline.addCustomer(5 as never)).toThrow("Stack/Jobs: addCustomer() takes a text. Given: 5. Fix: write addCustomer('acme'), with a name of your own.");
    expect(() => pipeline.addCustomer({ name: 'acme' } as never)).toThrow(/Given: an object \{ name \}\. Fix: write addCustomer\('acme'\)/);
    expect(() => pipeline.addCustomer('acme', '2027' as never)).toThrow("addCustomer() takes an object. Given: '2027'. Fix: write addCustomer('acme', { keyName: '2027' }).");
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

describe('attempts that may come after the deadline', () => {
  const WARNING = 'cdk-jobworks:pipeline.retriesPastDeadline';
  const warned = (deadline: Duration, retryPolicy: RetryPolicy) => {
    withHandler({ timeout: Duration.seconds(60) });
    new JobProcessingPipeline(given.stack, 'Others', {
      processor: JobProcessor.inFunction(userFunction(given.stack, 'Other', { timeout: Duration.seconds(60) })), deadline, retryPolicy,
    });
    return Annotations.fromStack(given.stack).findWarning('*', Match.stringLikeRegexp(WARNING)).map(({ id, entry }) => `${id} ${String(entry.data)}`);
  };
  const patient = RetryPolicy.exponential({ maxAttempts: 4, firstDelay: Duration.minutes(5), maxDelay: Duration.minutes(10) });

  test('are told with the arithmetic', () => {
    expect(warned(Duration.minutes(10), patient)).toEqual([expect.stringMatching(
      /^\/Stack\/Others The deadline \(10 minutes\) may come before attempt 3 of 4: attempts take up to \d+ s each, with pauses of up to 300 s, 600 s after them\./)]);
  });

  test('and not where the last one begins before it', () => {
    expect(warned(Duration.minutes(30), patient)).toEqual([]); // 3 attempts of a minute, and pauses of 5, 10 and 10
  });
});
