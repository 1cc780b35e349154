import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { JobApi } from '../../src/job-api/job-api';
import { JobProcessingPipeline } from '../../src/job-processing-pipeline/job-processing-pipeline';
import { JobProcessor, type RunStateMachineOptions } from '../../src/job-processor/job-processor';
import { JobSteps } from '../../src/job-processor/state-machine/job-steps';
import { fixture, type Fixture, userFunction } from '../job-processing-pipeline/fixture';
import { permissionsOf } from '../job-processing-pipeline/permissions';
import { findingsOf } from '../support/findings';

let given: Fixture;
beforeEach(() => {
  given = fixture();
});

const machine = (props: Partial<sfn.StateMachineProps> = {}, id = 'Machine') => new sfn.StateMachine(given.stack, id, {
  definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(given.stack, `${id}Pass`)), timeout: Duration.minutes(20), ...props,
});
const imported = (arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:theirs') => sfn.StateMachine.fromStateMachineArn(given.stack, 'Imported', arn);
const run = (stateMachine: sfn.IStateMachine, options: Partial<RunStateMachineOptions> = {}, api = JobApi.none(), stack: Stack = given.stack) =>
  new JobProcessingPipeline(stack, 'Jobs', { processor: JobProcessor.runStateMachine(stateMachine, { maxConcurrency: 10, ...options }), api });
const template = () => Template.fromStack(given.stack);
const functionOf = (entry: string) => Object.values(template().findResources('AWS::Lambda::Function', { Properties: { Handler: `${entry}.handler` } }))[0].Properties;

describe('minimal', () => {
  test('a starter takes the messages, and is told how many executions there may be and how long each takes', () => {
    const pipeline = run(machine());
    expect(functionOf('start-execution')).toMatchObject({ Timeout: 30, RecursiveLoop: 'Allow' });
    expect(functionOf('start-execution').Environment.Variables).toMatchObject({
      JOBWORKS_STATE_MACHINE: { Ref: expect.stringMatching(/^Machine/) },
      JOBWORKS_EXECUTION_TIMEOUT_SECONDS: '1200',
      JOBWORKS_MAX_EXECUTIONS: '10',
    });
    template().hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1, FunctionName: { Ref: Match.stringLikeRegexp('JobsStarter') } });
    expect(pipeline.worker.function.node.path).toBe('Stack/Jobs/Starter');
  });

  test('the ends of its executions, and of no others, are told to a function', () => {
    run(machine());
    template().hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'source': ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        'detail': { stateMachineArn: [{ Ref: Match.stringLikeRegexp('^Machine') }], status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('ExecutionEnded'), 'Arn'] }, RetryPolicy: { MaximumRetryAttempts: 20, MaximumEventAgeInSeconds: 3600 } })],
    });
  });

  test('each function may do what it does', () => {
    run(machine(), {}, JobApi.rest());
    const states = (role: string) => permissionsOf(given.stack, role).filter((line) => line.startsWith('states:'))
      .map((line) => line.replace(/ (arn:.*:execution:).*(:job_\*)$/, ' $1…$2'));
    const executions = (action: string) => expect.stringMatching(new RegExp(`^states:${action} .*:execution:.*:job_\\*$`));
    expect(states('JobsStarterRole')).toEqual([executions('DescribeExecution'), 'states:StartExecution Machine', executions('StopExecution')]);
    expect(states('JobsExecutionEndedRole')).toEqual([executions('DescribeExecution')]);
    expect(states('JobsSweeperRole')).toEqual([executions('DescribeExecution'), executions('StopExecution')]);
    expect(states('JobsDeadLetterRole')).toEqual([executions('DescribeExecution')]);
    expect(states('JobsChangeRole')).toEqual([executions('StopExecution')]);
    expect(states('JobsOperateRole')).toEqual([executions('StopExecution')]);
    expect(states('JobsSubmitRole')).toEqual([]);
    expect(permissionsOf(given.stack, 'JobsExecutionEndedRole').filter((line) => /^(dynamodb|sqs):/.test(line)))
      .toEqual(['dynamodb:GetItem JobsTable', 'dynamodb:UpdateItem JobsTable', 'sqs:SendMessage JobsWorkerQueue']);
  });

  test('a pipeline whose jobs a function runs has none of it', () => {
    new JobProcessingPipeline(given.stack, 'Jobs', { processor: JobProcessor.inFunction(given.handler), api: JobApi.none() });
    expect(JSON.stringify(template())).not.toMatch(/states:|EXECUTION/);
  });
});

describe('timeout', () => {
  test.each<[string, () => sfn.IStateMachine, Partial<RunStateMachineOptions>, string]>([
    ['of the definition', () => machine({ timeout: Duration.hours(2) }), {}, '7200'],
    ['of a definition that is a text', () => machine({ timeout: undefined, definitionBody: sfn.DefinitionBody.fromString('{"StartAt":"A","TimeoutSeconds":77,"States":{"A":{"Type":"Succeed"}}}') }), {}, '77'],
    ['where the definition has none', () => machine({ timeout: undefined }), { timeout: Duration.minutes(5) }, '300'],
    ['of an imported one', () => imported(), { timeout: Duration.days(2) }, '172800'],
  ])('%s', (_, stateMachine, options, expected) => {
    run(stateMachine(), options);
    expect(functionOf('start-execution').Environment.Variables.JOBWORKS_EXECUTION_TIMEOUT_SECONDS).toBe(expected);
  });

  test('of a chain with functions in it, whose ARNs are not known yet', () => {
    run(new JobSteps(given.stack, 'Steps', { functions: [given.handler], timeout: Duration.minutes(7) }).stateMachine);
    expect(functionOf('start-execution').Environment.Variables.JOBWORKS_EXECUTION_TIMEOUT_SECONDS).toBe('420');
  });
});

describe('fails', () => {
  test.each<[string, () => sfn.IStateMachine, Partial<RunStateMachineOptions>, RegExp]>([
    ['with an Express state machine', () => machine({ stateMachineType: sfn.StateMachineType.EXPRESS }), {}, /must be a Standard one.*Stack\/Machine.*StateMachineType\.STANDARD/],
    ['with an imported one without a timeout', () => imported(), {}, /timeout is required where the state machine is imported/],
    ['with one whose definition has none', () => machine({ timeout: undefined }), {}, /timeout is required where the state machine has none/],
    ['with two timeouts', () => machine(), { timeout: Duration.minutes(1) }, /timeout cannot be given for a state machine of this app that has one \(20 minutes\)/],
    ['with too long a timeout', () => imported(), { timeout: Duration.days(366) }, /timeout must be from 1 second to 365 days/],
    ['with a timeout of no whole seconds', () => imported(), { timeout: Duration.millis(1_500) }, /whole seconds/],
    ['with no concurrency', () => machine(), { maxConcurrency: 0 }, /maxConcurrency must be a whole number from 1 to 1,000/],
    ['with too much concurrency', () => machine(), { maxConcurrency: 1_001 }, /maxConcurrency must be a whole number from 1 to 1,000/],
    ['with an alias', () => imported('arn:aws:states:eu-west-1:123456789012:stateMachine:theirs:live'), { timeout: Duration.hours(1) }, /no version or alias/],
  ])('%s', (_, stateMachine, options, message) => {
    expect(() => run(stateMachine(), options)).toThrow(message);
  });

  test('with one of another region or account', () => {
    const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-central-1', account: '999999999999' } });
    const theirs = sfn.StateMachine.fromStateMachineArn(stack, 'Theirs', 'arn:aws:states:eu-west-1:123456789012:stateMachine:theirs');
    expect(() => run(theirs, { timeout: Duration.hours(1) }, JobApi.none(), stack)).toThrow(/in the region of the pipeline[^]*in the account of the pipeline/);
  });

  test('with something else', () => {
    expect(() => run(given.handler as unknown as sfn.IStateMachine)).toThrow(/must be given a sfn\.IStateMachine/);
    expect(() => JobProcessor.runStateMachine(machine(), {} as RunStateMachineOptions)).toThrow(/maxConcurrency/);
  });
});

describe('a chain of functions', () => {
  const definition = () => {
    const { DefinitionString } = Object.values(template().findResources('AWS::StepFunctions::StateMachine'))[0].Properties;
    return JSON.parse((DefinitionString['Fn::Join'][1] as unknown[]).map((part) => (typeof part === 'string' ? part : 'ARN')).join(''));
  };

  test('each is tried again with a growing pause, but not when it says that it failed', () => {
    new JobSteps(given.stack, 'Steps', { functions: [given.handler, userFunction(given.stack, 'Extract')] });
    const { States, TimeoutSeconds, StartAt } = definition();
    expect([StartAt, TimeoutSeconds]).toEqual(['1 Analyse', 3600]);
    expect(States['1 Analyse']).toMatchObject({
      Next: '2 Extract',
      ResultPath: '$.result',
      Retry: [
        { ErrorEquals: ['JobFailed'], MaxAttempts: 0 },
        { ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 300, JitterStrategy: 'FULL' },
      ],
    });
    expect(States['2 Extract']).toMatchObject({ End: true, OutputPath: '$.result' });
    expect(States['1 Analyse'].Catch).toBeUndefined();
  });

  test('a failure is told to a function, and then is the error of the execution', () => {
    new JobSteps(given.stack, 'Steps', { functions: [given.handler], onFailure: userFunction(given.stack, 'Tell'), maxAttempts: 1 });
    const { States } = definition();
    expect(States['1 Analyse'].Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'OnFailure' }]);
    expect(States['1 Analyse'].Retry).toEqual([{ ErrorEquals: ['JobFailed'], MaxAttempts: 0 }]);
    expect(States.OnFailure).toMatchObject({ ResultPath: null, Next: 'Failed' });
    expect(States.Failed).toEqual({ Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' });
  });

  test('it is logged without what it works on, traced, and may call its functions alone', () => {
    new JobSteps(given.stack, 'Steps', { functions: [given.handler] });
    template().hasResourceProperties('AWS::StepFunctions::StateMachine', {
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
    // other names are each a part of one policy of the account, which has room for ten or so
    template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: { 'Fn::Join': ['', [Match.stringLikeRegexp('^/aws/vendedlogs/states/'), Match.anyValue()]] } });
    expect(permissionsOf(given.stack, 'StepsRole')).toEqual(['lambda:InvokeFunction Analyse']);
  });

  test('each function is alarmed on, once, and each alarm can be given something to do', () => {
    const extract = userFunction(given.stack, 'Extract', { reservedConcurrentExecutions: 25 });
    const steps = new JobSteps(given.stack, 'Steps', { functions: [given.handler, extract, given.handler], onFailure: userFunction(given.stack, 'Tell') });
    expect(steps.alarms.map(({ reservedConcurrency }) => reservedConcurrency !== undefined)).toEqual([false, true, false]);
    steps.addAlarmAction(new SnsAction(new sns.Topic(given.stack, 'Topic')));
    template().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()] }, 3 * 3 + 1);
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ConcurrentExecutions', Threshold: 22.5 });
  });

  test('alarms are tuned and removed for all of them', () => {
    new JobSteps(given.stack, 'Steps', {
      functions: [given.handler, userFunction(given.stack, 'Extract')], profile: EnvironmentProfile.dev(), alarms: { throttles: { enabled: false }, duration: { enabled: false } },
    });
    template().resourceCountIs('AWS::CloudWatch::Alarm', 2);
    template().allResourcesProperties('AWS::CloudWatch::Alarm', { Threshold: 25 });
  });

  test('a function of another account has its alarms there', () => {
    const stack = new Stack(given.app, 'Here', { env: { region: 'eu-west-1', account: '111111111111' } });
    const theirs = lambda.Function.fromFunctionArn(stack, 'Theirs', 'arn:aws:lambda:eu-west-1:222222222222:function:theirs');
    expect(new JobSteps(stack, 'Steps', { functions: [theirs] }).alarms).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['with an alarm that cannot ring', { alarms: { errors: { threshold: 200 } } }, /alarms\.errors\.threshold must be from 0 to 100/],
    ['without a function', { functions: [] }, /functions must be 1 to 50/],
    ['with too many attempts', { maxAttempts: 11 }, /maxAttempts must be a whole number from 1 to 10/],
    ['with too long a pause', { firstDelay: Duration.hours(2) }, /firstDelay must be from/],
    ['with too long a timeout', { timeout: Duration.days(400) }, /timeout must be from/],
    ['with something else', { functions: ['fn'] }, /functions\[0\] must be a lambda\.IFunction/],
  ])('fails %s', (_, props, message) => {
    expect(() => new JobSteps(given.stack, 'Steps', { functions: [given.handler], ...props })).toThrow(message);
  });
});

test.each(['dev', 'prod'] as const)('nothing is found by cdk-nag in %s', (profile) => {
  EnvironmentProfile[profile]().applyTo(given.stack);
  run(new JobSteps(given.stack, 'Steps', { functions: [given.handler], onFailure: userFunction(given.stack, 'Tell') }).stateMachine, {}, JobApi.rest());
  // what is said of functions that an app brings is theirs to answer
  expect(findingsOf(given.app).filter(({ construct }) => !/^Stack\/(Analyse|Tell)\//.test(construct))).toEqual([]);
}, 60_000);
