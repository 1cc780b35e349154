import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { deployedPipeline, deployedWorker } from './support';
import { GradualDeployment } from '../../src/gradual-deployment/gradual-deployment';
import { SmokeTest } from '../../src/gradual-deployment/smoke-test';
import { PayloadSchema } from '../../src/job-api/payload-schema';
import { userFunction } from '../job-processing-pipeline/fixture';

const { canary, linear, allAtOnce } = GradualDeployment;
const imported = () => lambda.Function.fromFunctionName(new Stack(), 'Theirs', 'theirs');

function alarms(count: number) {
  const stack = new Stack();
  return Array.from({ length: count }, (_, index) => Alarm.fromAlarmArn(stack, `Alarm${index}`, `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${index}`));
}

test.each<[string, GradualDeployment, RegExp]>([
  ['0 percent', canary({ percent: 0 }), /deployment\.percent must be a whole number from 1 to 99\. Given: 0\. Fix: give 1 or more/],
  ['100 percent', linear({ percent: 100 }), /deployment\.percent .* Given: 100\. Fix: give 99 or less \(all of it is GradualDeployment\.allAtOnce\(\)\)/],
  ['half a percent', canary({ percent: 0.5 }), /deployment\.percent/],
  ['30 seconds', canary({ interval: Duration.seconds(30) }), /deployment\.interval must be from 1 minute to 2 days, in whole minutes\. Given: 30 seconds/],
  ['90 seconds', canary({ interval: Duration.seconds(90) }), /deployment\.interval must be .* whole minutes/],
  ['3 days', canary({ interval: Duration.days(3) }), /deployment\.interval must be from 1 minute to 2 days/],
  ['steps of 6 hours', linear({ interval: Duration.hours(6) }), /all steps together must take 2 days at most \(CodeDeploy's limit\)\. Given: 2 days 6 hours/],
  ['10 alarms', canary({ alarms: alarms(10) }), /deployment\.alarms must be 9 at most.*Given: 10/],
  ['alarms that are not to be heard', canary({ alarms: alarms(1), rollbackOnAlarms: false }), /deployment\.alarms cannot be given beside rollbackOnAlarms: false/],
])('a pipeline and a worker refuse %s', (_, deployment, message) => {
  expect(() => deployedPipeline({ deployment })).toThrow(message);
  expect(() => deployedWorker({ deployment })).toThrow(message);
});

test.each([
  canary({ percent: 1, interval: Duration.minutes(1) }), canary({ percent: 99, interval: Duration.days(2) }),
  linear({ percent: 50, interval: Duration.days(2) }), linear({ interval: Duration.hours(5) }), canary({ alarms: alarms(9) }), allAtOnce(),
])('the limits themselves are fine', (deployment) => {
  expect(() => deployedWorker({ deployment })).not.toThrow();
});

describe('the smoke test of a pipeline', () => {
  const job = (options: Partial<Parameters<typeof SmokeTest.job>[0]>) => canary({ smokeTest: SmokeTest.job({ payload: { url: 'x' }, ...options }) });
  const payloadSchema = PayloadSchema.fromObject({ type: 'object', required: ['url'], properties: { url: { type: 'string' } } });

  test.each<[string, GradualDeployment, RegExp]>([
    ['is an event', canary({ smokeTest: SmokeTest.call({ event: {} }) }), /deployment\.smokeTest must be SmokeTest\.job\(\) where there are jobs/],
    ['is over in a moment', job({ timeout: Duration.seconds(5) }), /deployment\.smokeTest\.timeout must be from 10 seconds to 14 minutes.*Given: 5 seconds/],
    ['outlives what waits for it', job({ timeout: Duration.minutes(15) }), /deployment\.smokeTest\.timeout .*Fix: give 14 minutes or less \(what waits for it has Lambda's 15 minutes\)/],
    ['has a payload that the API refuses', job({ payload: { uri: 'x' } }), /deployment\.smokeTest\.payload must be what payloadSchema allows: payload\.url is missing/],
    ['is long', job({ payload: { url: 'x'.repeat(3_000) } }), /deployment\.smokeTest: payload and expectedResult must take at most 2048 bytes.*Given: 3,012/],
  ])('cannot be one that %s', (_, deployment, message) => {
    expect(() => deployedPipeline({ deployment, payloadSchema })).toThrow(message);
  });

  test('cannot stand beside a function of the user\'s own for the same moment', () => {
    const { stack } = deployedWorker();
    const afterTraffic = userFunction(stack, 'Own');
    expect(() => deployedPipeline({ deployment: canary({ smokeTest: SmokeTest.job({ payload: {} }), afterTraffic }) }))
      .toThrow(/deployment\.afterTraffic and SmokeTest\.job\(\) are alternatives/);
    expect(() => deployedWorker({ deployment: canary({ smokeTest: SmokeTest.call({ event: {} }), beforeTraffic: afterTraffic }) }))
      .toThrow(/deployment\.beforeTraffic and SmokeTest\.call\(\) are alternatives/);
  });
});

describe('the function of a worker', () => {
  const one = { code: lambda.Code.fromInline('//'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X, timeout: Duration.seconds(5) };

  test('cannot be imported', () => {
    expect(() => deployedWorker({ function: imported(), timeout: Duration.seconds(5) })).toThrow(/function must be defined in this app beside deployment/);
  });

  test('cannot be an alias or a version', () => {
    const fn = new lambda.Function(new Stack(), 'Fn', one);
    for (const given of [fn.addAlias('mine'), fn.currentVersion]) {
      expect(() => deployedWorker({ function: given })).toThrow(/function must be the function itself, and no version or alias, beside deployment/);
    }
  });

  test('cannot be in another stack, or have an alias of that name', () => {
    const fn = new lambda.Function(new Stack(new App(), 'Elsewhere'), 'Fn', one);
    fn.addAlias('live');
    expect(() => deployedWorker({ function: fn })).toThrow(/must be in the same stack beside deployment[^]*function must have no alias 'live' beside deployment/);
  });

  test('has jobs run by a job, and no job runs by messages', () => {
    expect(() => deployedWorker({ deployment: canary({ smokeTest: SmokeTest.job({ payload: {} }) }) })).toThrow(/deployment\.smokeTest must be SmokeTest\.call\(\) here/);
    expect(() => deployedWorker({ deployment: canary({ smokeTest: SmokeTest.call({ event: { text: 'x'.repeat(3_000) } }) }) }))
      .toThrow(/deployment\.smokeTest: event and expectedAnswer must take at most 2048 bytes/);
  });
});

test('the function of a pipeline can have no alias of that name either', () => {
  const { stack, fn } = deployedPipeline({ deployment: undefined });
  const other = userFunction(stack, 'Other');
  other.addAlias('live');
  fn.addAlias('live');
  expect(() => deployedPipeline({}, {})).not.toThrow();
  const taken = new Stack();
  const takenFn = userFunction(taken, 'Taken', { functionName: 'taken' });
  new lambda.Alias(taken, 'Elsewhere', { aliasName: 'live', version: takenFn.currentVersion });
  expect(() => deployedWorkerOf(taken, takenFn)).toThrow(/function must have no alias 'live'/);
});

test('what is of another kind is refused by the factories', () => {
  expect(() => canary({ percent: '10' as never })).toThrow(/GradualDeployment\.canary\(\): .*percent must be a number/);
  expect(() => SmokeTest.job({} as never)).toThrow(/payload must be an object/);
  expect(() => SmokeTest.call({ event: 'x' } as never)).toThrow(/event must be an object/);
  expect(() => deployedPipeline({ deployment: 'canary' as never })).toThrow(/deployment must be a GradualDeployment.*write deployment: GradualDeployment\.canary\(/);
});

test('a short time, in which no alarm rings, gets a warning; none where alarms have no say', () => {
  const warnings = (deployment: GradualDeployment) => deployedWorker({ deployment }).app.synth().getStackByName('Stack').messages
    .map(({ entry: { data } }) => String(data)).filter((text) => text.includes('before an alarm'));
  expect(warnings(canary({ interval: Duration.minutes(4) }))).toEqual([expect.stringContaining('has all traffic after 4 minutes')]);
  expect(warnings(canary({ interval: Duration.minutes(5) }))).toEqual([]);
  expect(warnings(canary({ interval: Duration.minutes(4), rollbackOnAlarms: false }))).toEqual([]);
  expect(warnings(allAtOnce())).toEqual([]);
});

test('a misspelt option gets a warning', () => {
  const { app } = deployedWorker({ deployment: canary({ intervall: Duration.minutes(5) } as never) });
  const said = app.synth().getStackByName('Stack').messages.map(({ entry: { data } }) => String(data));
  expect(said.filter((text) => text.includes('deployment: canary().intervall'))).toHaveLength(1);
});

function deployedWorkerOf(stack: Stack, fn: lambda.Function) {
  return deployedWorker({ function: fn, profile: undefined, label: stack.node.path });
}
