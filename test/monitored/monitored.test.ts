import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { EnvironmentProfile } from '../../src/environment-profile/environment-profile';
import { Monitored } from '../../src/monitored/monitored';
import { AlarmSeverity } from '../../src/monitoring/monitored';
import { runbookNames } from '../../src/monitoring/runbooks';
import { userFunction } from '../job-processing-pipeline/fixture';
import { alarmOf, alarmsWithin, pageOf } from '../monitoring/support';

interface Made {
  readonly resource: IConstruct;
  readonly monitored: Monitored;
}

const newStack = () => new Stack(new App(), 'Stack');

const KINDS: Record<string, (stack: Stack) => Made> = {
  function: (stack) => {
    const resource = userFunction(stack, 'Fn', { reservedConcurrentExecutions: 5 });
    return { resource, monitored: Monitored.fromFunction(resource, { title: 'thing' }) };
  },
  queue: (stack) => {
    const resource = new sqs.Queue(stack, 'Queue', { deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead'), maxReceiveCount: 3 } });
    return { resource, monitored: Monitored.fromQueue(resource, { title: 'thing' }) };
  },
  table: (stack) => {
    const resource = new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    });
    resource.addGlobalSecondaryIndex({ indexName: 'by_owner', partitionKey: { name: 'owner', type: dynamodb.AttributeType.STRING } });
    return { resource, monitored: Monitored.fromTable(resource, { title: 'thing' }) };
  },
  stateMachine: (stack) => {
    const resource = new sfn.StateMachine(stack, 'Steps', { definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')) });
    return { resource, monitored: Monitored.fromStateMachine(resource, { title: 'thing' }) };
  },
  restApi: (stack) => {
    const resource = new apigateway.RestApi(stack, 'Rest');
    resource.root.addMethod('GET');
    return { resource, monitored: Monitored.fromRestApi(resource, { title: 'thing' }) };
  },
  httpApi: (stack) => {
    const resource = new apigatewayv2.HttpApi(stack, 'Http');
    return { resource, monitored: Monitored.fromHttpApi(resource, { title: 'thing' }) };
  },
};

describe.each(Object.entries(KINDS))('a %s', (_, make) => {
  test('says what it alarms on, each with its page, within the resource', () => {
    const { resource, monitored } = make(newStack());
    const { title, alarms = [] } = monitored.monitor();
    expect(title).toBe('thing');
    expect(alarms.length).toBeGreaterThan(0);
    expect(new Set(alarms.map(({ alarm }) => alarm))).toEqual(new Set(alarmsWithin(resource)));
    expect(alarms.map(({ runbook }) => runbook).filter((page) => !runbookNames().includes(page!))).toEqual([]);
    expect(alarms.map(({ alarm }) => alarmOf(alarm as Alarm).alarmDescription).filter((text) => !text!.startsWith('thing: '))).toEqual([]);
  });

  test('has a part of the page, and a verdict', () => {
    const { resource, monitored } = make(newStack());
    const monitoring = monitored.monitor();
    expect(pageOf(resource, monitoring)).toMatchObject({ faults: [], warnings: [] });
    expect(monitoring.rows!.length).toBeGreaterThan(0);
    expect(Object.keys(monitoring.verdict!)).toContain('failed');
  });

  test('may be shown by two dashboards, and be asked for once', () => {
    const stack = newStack();
    const { resource, monitored } = make(stack);
    const count = alarmsWithin(resource).length;
    monitored.monitor();
    monitored.monitor();
    expect(alarmsWithin(resource)).toHaveLength(count);
    const [name] = Object.entries(KINDS).find(([, each]) => each === make)!;
    const again = (Monitored as unknown as Record<string, (of: IConstruct) => Monitored>)[`from${name[0].toUpperCase()}${name.slice(1)}`];
    expect(() => again.call(Monitored, resource)).toThrow(/called for it before.*Fix: keep what it returned/);
  });
});

test('an imported resource is watched in the stack that imported it', () => {
  const stack = newStack();
  const queue = sqs.Queue.fromQueueArn(stack, 'Theirs', 'arn:aws:sqs:eu-west-1:123456789012:theirs');
  Monitored.fromQueue(queue);
  Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 1);
});

test('limits are those of the profile, unless tuned', () => {
  const stack = newStack();
  EnvironmentProfile.dev().applyTo(stack);
  const plain = new sqs.Queue(stack, 'Plain');
  const tuned = new sqs.Queue(stack, 'Tuned');
  Monitored.fromQueue(plain);
  const { alarms } = Monitored.fromQueue(tuned, { alarms: { oldestMessageAge: { threshold: 30, severity: AlarmSeverity.TICKET } } }).monitor();
  expect(alarmOf(alarmsWithin(plain)[0]).threshold).toBe(3600);
  expect(alarmOf(alarmsWithin(tuned)[0]).threshold).toBe(30);
  expect(alarms).toMatchObject([{ severity: AlarmSeverity.TICKET, label: 'oldest message age', runbook: 'queue-oldest-message-age' }]);
});

test('alarms of a table judge sums, since CloudWatch leaves an alarm on DynamoDB as it is where there is no data', () => {
  const stack = newStack();
  const { resource } = KINDS.table(stack);
  const expressions = alarmsWithin(resource).map((alarm) => JSON.stringify(alarmOf(alarm).metrics));
  expect(expressions).toHaveLength(2);
  expect(expressions.filter((metrics) => !/FILL\(\w+, 0\)/.test(metrics))).toEqual([]);
});

test('a state machine without a timeout has no alarm of it', () => {
  const stack = newStack();
  const { resource } = KINDS.stateMachine(stack);
  expect(alarmsWithin(resource).map(({ node }) => node.id)).toEqual(['FailureRate', 'Throttled']);
});

test.each<[string, (stack: Stack) => unknown, string]>([
  ['no queue', () => Monitored.fromQueue('inbox' as unknown as sqs.IQueue), "Monitored.fromQueue() takes an sqs.IQueue. Given: 'inbox'. Fix: write Monitored.fromQueue(queue)"],
  ['a queue for a function', (stack) => Monitored.fromFunction(new sqs.Queue(stack, 'Q') as never), 'takes a lambda.IFunction. Given: a Queue (Stack/Q). Fix: write Monitored.fromFunction(fn), or Monitored.fromQueue(…) for what was given'],
  ['an HTTP API for a REST API', (stack) => Monitored.fromRestApi(new apigatewayv2.HttpApi(stack, 'A') as never), 'or Monitored.fromHttpApi(…) for what was given'],
  ['a time for a number', (stack) => Monitored.fromQueue(new sqs.Queue(stack, 'Q'), { alarms: { oldestMessageAge: { threshold: Duration.minutes(5) as never } } }), 'Given: a Duration. Fix: write threshold: 300 where the alarm is of seconds'],
  ['no options', (stack) => Monitored.fromQueue(new sqs.Queue(stack, 'Q'), 'inbox' as never), 'options must be an object'],
  ['an alarm that is a number', (stack) => Monitored.fromQueue(new sqs.Queue(stack, 'Q'), { alarms: { oldestMessageAge: 5 as never } }), 'alarms.oldestMessageAge must be an object'],
  ['dead letters that are not known', (stack) => Monitored.fromQueue(new sqs.Queue(stack, 'Q'), { alarms: { deadLetters: { threshold: 9 } } }), 'alarms.deadLetters cannot be tuned without deadLetterQueue: it would never have data. Fix: give deadLetterQueue, or remove alarms.deadLetters'],
  ['a share over 100', (stack) => Monitored.fromHttpApi(new apigatewayv2.HttpApi(stack, 'A'), { alarms: { errorRate: { threshold: 101 } } }), 'alarms.errorRate.threshold must be from 0 to 100'],
  ['no timeout', (stack) => Monitored.fromStateMachine(KINDS.stateMachine(stack).resource.node.scope!.node.findChild('Steps') as sfn.StateMachine, { alarms: { timedOut: { threshold: 2 } } }), 'alarms.timedOut cannot be tuned without a timeout of the state machine'],
  ['what cannot be reserved', (stack) => Monitored.fromFunction(userFunction(stack, 'F'), { alarms: { reservedConcurrency: { threshold: 1 } } }), 'alarms.reservedConcurrency cannot be tuned without reserved concurrency of 2 or more'],
])('fails on %s', (_, make, message) => {
  expect(() => make(newStack())).toThrow(message);
});

test('an option that there is not is warned of, once', () => {
  const stack = newStack();
  Monitored.fromFunction(userFunction(stack, 'F'), { name: 'f', alarms: { error: {} } } as object);
  Monitored.fromQueue(new sqs.Queue(stack, 'Q'), { alarms: { age: {} } } as object);
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('There is no prop')).map(({ entry }) => String(entry.data));
  expect(warnings.map((text) => /There is no prop (\S+):/.exec(text)![1]).sort()).toEqual(['Monitored.fromFunction().name', 'Monitored.fromQueue().alarms.age', 'alarms.error']);
});
