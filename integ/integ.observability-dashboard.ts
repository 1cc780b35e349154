import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AlarmChannel, AlarmSeverity, EnvironmentProfile, JobProcessingPipeline, JobProcessor, Monitored, ObservabilityDashboard, QueuedLambdaWorker,
} from '../src';
import { integApp } from './app';

/** A page in full over a pipeline, a worker, a function and a table; one in a stack of its own, on which each of them has a row. */
const app = integApp();
const stack = new Stack(app, 'ObservabilityDashboardStack');
const elsewhere = new Stack(app, 'ObservabilityDashboardElsewhereStack');
Annotations.of(stack).acknowledgeWarning('cdk-jobworks:worker.unlimitedConcurrency');

const functionOf = (id: string) => new LambdaFunction(stack, id, {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => ({});'),
  timeout: Duration.seconds(30),
});

const drawings = new JobProcessingPipeline(stack, 'Drawings', { pipelineName: 'drawings', processor: JobProcessor.inFunction(functionOf('Handler')) });
const notifications = new QueuedLambdaWorker(stack, 'Notifications', { function: functionOf('Notify'), label: 'notifications' });
const table = new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING }, billingMode: BillingMode.PAY_PER_REQUEST });
const monitored = [
  drawings,
  notifications,
  Monitored.fromFunction(functionOf('Report'), { title: 'report' }),
  Monitored.fromTable(table, { title: 'table' }),
];

new ObservabilityDashboard(stack, 'Operations', {
  dashboardName: 'operations',
  title: 'Operations of drawings',
  monitored,
  notify: [
    AlarmChannel.email('team@example.com', { severities: [AlarmSeverity.TICKET] }),
    AlarmChannel.https('https://events.example.com/integration', { severities: [AlarmSeverity.PAGE] }),
    AlarmChannel.slack({ workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG' }),
  ],
  runbooks: 'https://wiki.example.com/{page}.html',
});

const topic = new Topic(elsewhere, 'Topic', { enforceSSL: true });
topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
new ObservabilityDashboard(elsewhere, 'Overview', {
  monitored,
  profile: EnvironmentProfile.dev(),
  pageTopic: topic,
  ticketTopic: topic,
  foldAfter: 0,
  defaultRange: Duration.days(7),
  owners: true,
});

new IntegTest(app, 'ObservabilityDashboard', { testCases: [stack] });
