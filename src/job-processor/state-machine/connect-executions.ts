import { Arn, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledge } from '../../internal/acknowledge';
import { acknowledgeWildcards } from '../../internal/acknowledge-wildcards';
import { pipelineFunction } from '../../job-functions/pipeline-function';
import { grantFiles, grantRecords, grantSend } from '../../job-functions/pipeline-grants';
import { filesEnvironment } from '../../job-functions/pipeline-resources';
import { ENVIRONMENT } from '../../runtime/wire/environment';
import { NetworkEndpoint } from '../../secure-network/network-endpoint';
import { backoffEnvironment, connectAttempts } from '../connect-processor';
import type { ConnectedFunctions, EndsOfAttempts, ProcessorConnection } from '../processor-kind';

/** What the functions of a pipeline are told of the state machine that runs its jobs. */
export interface ExecutionSettings {
  readonly stateMachine: sfn.IStateMachine;
  /** How long an execution may take. */
  readonly timeout: Duration;
}

const ENDS = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** It takes milliseconds to deal with one. This is what a database reckons with. */
const ENDS_AT_ONCE = 5;

const MADE_UP_FOR = 'an event that is lost is made up for by the sweeper, which asks about every execution every 5 minutes';

/** The function that starts executions: it may start them, and ask about and stop those of jobs. */
export function connectStarter(fn: lambda.Function, connection: ProcessorConnection, settings: ExecutionSettings, maxConcurrency: number): void {
  connection.records.letOut(fn, NetworkEndpoint.STEP_FUNCTIONS);
  connectAttempts(fn, connection, Duration.seconds(0));
  addAll(fn, { ...environmentOf(settings), [ENVIRONMENT.maxExecutions]: String(maxConcurrency) });
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [settings.stateMachine.stateMachineArn] }));
  grantExecutions(fn, settings, 'DescribeExecution', 'StopExecution');
}

/** The functions that are told of executions, ask about them, or stop them; each with no more than that takes. */
export function connectExecutions(
  scope: Construct, connection: Omit<ProcessorConnection, 'atOnce'>, settings: ExecutionSettings, functions: ConnectedFunctions,
): EndsOfAttempts {
  const { sweeper, deadLetter, change, operate } = functions;
  const ends = endsOfExecutions(scope, connection, settings);
  const ended = ends.function;
  grantRecords(ended, connection, ENDS_AT_ONCE, 'GetItem', 'UpdateItem');
  const settling = { ...filesEnvironment(connection), ...backoffEnvironment(connection), [ENVIRONMENT.queueUrl]: connection.queue.queueUrl };
  for (const fn of [ended, sweeper, deadLetter]) {
    addAll(fn, { ...settling, ...environmentOf(settings) });
    grantSend(fn, connection);
    grantFiles(fn, connection, { put: ['jobs'] });
    connection.records.letOut(fn, NetworkEndpoint.STEP_FUNCTIONS);
    grantExecutions(fn, settings, 'DescribeExecution', ...(fn === sweeper ? ['StopExecution' as const] : []));
  }
  for (const fn of [change, operate]) {
    if (fn) {
      addAll(fn, environmentOf(settings));
      connection.records.letOut(fn, NetworkEndpoint.STEP_FUNCTIONS);
      grantExecutions(fn, settings, 'StopExecution');
    }
  }
  return ends;
}

/** The function that is told how executions end, and what tells it. */
function endsOfExecutions(scope: Construct, connection: Omit<ProcessorConnection, 'atOnce'>, { stateMachine }: ExecutionSettings) {
  const fn = pipelineFunction(scope, 'ExecutionEnded', connection, {
    entry: 'execution-ended',
    description: `Ends jobs of ${connection.pipelineName} as their executions ended`,
    timeout: Duration.seconds(30),
    losesNothing: MADE_UP_FOR,
    environment: {},
  });
  const rule = new events.Rule(scope, 'ExecutionEnds', {
    description: `Ends of executions that run jobs of ${connection.pipelineName}`,
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ENDS },
    },
    targets: [new LambdaFunction(fn, { retryAttempts: 20, maxEventAge: Duration.hours(1) })],
  });
  acknowledge(rule, { id: 'Serverless-EventBusDLQ', reason: MADE_UP_FOR });
  return { rule, function: fn };
}

/**
 * Executions by their names, which are those of jobs. In a policy of its own, so that the reason for its wildcard covers nothing else.
 */
function grantExecutions(fn: lambda.Function, { stateMachine }: ExecutionSettings, ...actions: Array<'DescribeExecution' | 'StopExecution'>): void {
  const { resourceName } = Arn.split(stateMachine.stateMachineArn, ArnFormat.COLON_RESOURCE_NAME);
  const policy = new iam.Policy(fn, 'JobWorksExecutions', {
    statements: [new iam.PolicyStatement({
      actions: actions.map((action) => `states:${action}`),
      resources: [Stack.of(fn).formatArn({
        service: 'states', resource: 'execution', resourceName: `${resourceName}:job_*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      })],
    })],
  });
  fn.role!.attachInlinePolicy(policy);
  fn.node.defaultChild!.node.addDependency(policy); // so that no call comes before it
  acknowledgeWildcards(policy, 'names of executions hold the job, which nobody knows before: the function may reach those of one state machine that are jobs');
}

function environmentOf({ stateMachine, timeout }: ExecutionSettings): Record<string, string> {
  return {
    [ENVIRONMENT.stateMachine]: stateMachine.stateMachineArn,
    [ENVIRONMENT.executionTimeoutSeconds]: String(timeout.toSeconds()),
  };
}

function addAll(fn: lambda.Function, environment: Record<string, string>): void {
  for (const [name, value] of Object.entries(environment)) {
    fn.addEnvironment(name, value);
  }
}
