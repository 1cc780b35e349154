import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, EventSourceMapping, Function as LambdaFunction, Runtime, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { KEY_USE, logs, type Shared } from './shared';

const HANDLERS = 'assets/handlers';
const PATHS = { JOBWORKS_STATUS_PATH: '/jobs/{job_id}' };

interface Settings {
  readonly entry: string;
  readonly description: string;
  readonly timeout?: Duration;
  readonly environment?: Record<string, string>;
}

/** The pipeline's own functions, each with a role that may do what it does. */
export function functions(scope: Construct, shared: Shared) {
  return {
    submit: submit(scope, shared),
    status: status(scope, shared),
    change: change(scope, shared),
    deadLetter: deadLetter(scope, shared),
    sweeper: sweeper(scope, shared),
    operate: operate(scope, shared),
  };
}

function submit(scope: Construct, shared: Shared): LambdaFunction {
  const fn = create(scope, 'Submit', shared, {
    entry: 'submit',
    description: `Accepts jobs of ${shared.name}`,
    environment: {
      ...OF_API,
      ...PATHS,
      JOBWORKS_FILES_PREFIX: shared.name,
      JOBWORKS_BATCH_PATH: '/jobs/batch',
      JOBWORKS_QUEUE_URL: shared.queue.queueUrl,
      JOBWORKS_MAX_ATTEMPTS: '3',
      JOBWORKS_DEADLINE_SECONDS: '259200',
      JOBWORKS_RETENTION_SECONDS: '2592000',
    },
  });
  allow(fn, ['sqs:SendMessage'], shared.queue.queueArn);
  allow(fn, ['dynamodb:GetItem', 'dynamodb:PutItem'], shared.table.tableArn);
  shared.key.grant(fn, ...KEY_USE);
  return fn;
}

function status(scope: Construct, shared: Shared): LambdaFunction {
  const fn = create(scope, 'Status', shared, {
    entry: 'status',
    description: `Tells the status of jobs of ${shared.name}`,
    environment: { ...OF_API, ...PATHS, JOBWORKS_FILES_PREFIX: shared.name },
  });
  allow(fn, ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], shared.table.tableArn);
  shared.key.grantDecrypt(fn);
  allow(fn, ['dynamodb:Query'], `${shared.table.tableArn}/index/owner`);
  return fn;
}

function change(scope: Construct, shared: Shared): LambdaFunction {
  const fn = create(scope, 'Change', shared, {
    entry: 'change',
    description: `Cancels and retries jobs of ${shared.name}`,
    environment: {
      ...OF_API,
      ...PATHS,
      JOBWORKS_CANCEL_PATH: '/jobs/{job_id}/cancel',
      JOBWORKS_RETRY_PATH: '/jobs/{job_id}/retry',
      JOBWORKS_QUEUE_URL: shared.queue.queueUrl,
      JOBWORKS_DEADLINE_SECONDS: '259200',
    },
  });
  allow(fn, ['sqs:SendMessage'], shared.queue.queueArn);
  allow(fn, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], shared.table.tableArn);
  shared.key.grant(fn, ...KEY_USE);
  return fn;
}

function deadLetter(scope: Construct, shared: Shared): LambdaFunction {
  const fn = create(scope, 'DeadLetter', shared, {
    entry: 'dead-letter',
    description: `Ends jobs of ${shared.name} whose messages were given up`,
    timeout: Duration.seconds(30),
    environment: { JOBWORKS_FILES_PREFIX: shared.name, JOBWORKS_DEAD_LETTER_QUEUE_URL: shared.deadLetterQueue.queueUrl },
  });
  allow(fn, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], shared.table.tableArn);
  shared.key.grant(fn, ...KEY_USE);
  const mapping = new EventSourceMapping(scope, 'DeadLetters', {
    target: fn, eventSourceArn: shared.deadLetterQueue.queueArn, batchSize: 10, maxConcurrency: 5, reportBatchItemFailures: true,
  });
  shared.deadLetterQueue.grantConsumeMessages(fn).applyBefore(mapping);
  return fn;
}

function sweeper(scope: Construct, shared: Shared): LambdaFunction {
  const fn = create(scope, 'Sweeper', shared, { entry: 'sweeper', description: `Fails overdue jobs of ${shared.name}`, timeout: Duration.minutes(4) });
  allow(fn, ['dynamodb:Query'], `${shared.table.tableArn}/index/deadline`);
  allow(fn, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], shared.table.tableArn);
  shared.key.grant(fn, ...KEY_USE);
  const every = Duration.minutes(5);
  fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every });
  new Rule(scope, 'SweeperSchedule', {
    description: `Every 5 minutes: fails overdue jobs of ${shared.name}`,
    schedule: Schedule.rate(every),
    targets: [new LambdaTarget(fn, { retryAttempts: 0, maxEventAge: every })],
  });
  return fn;
}

function operate(scope: Construct, shared: Shared): LambdaFunction {
  const { table, queue, deadLetterQueue, mapping } = shared;
  const fn = create(scope, 'Operate', shared, {
    entry: 'operate',
    description: `Lists, retries, cancels, pauses: ${shared.name} for its operators`,
    timeout: Duration.minutes(1),
    environment: {
      JOBWORKS_FILES_PREFIX: shared.name,
      JOBWORKS_QUEUE_URL: queue.queueUrl,
      JOBWORKS_DEADLINE_SECONDS: '259200',
      JOBWORKS_DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
      JOBWORKS_EVENT_SOURCE_MAPPING: mapping.eventSourceMappingId,
      JOBWORKS_LOG_GROUPS: Lazy.string({ produce: () => Stack.of(scope).toJsonString(logGroupNames(scope, shared)) }),
    },
  });
  allow(fn, ['sqs:SendMessage'], queue.queueArn);
  allow(fn, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], table.tableArn);
  shared.key.grant(fn, ...KEY_USE);
  allow(fn, ['dynamodb:Query'], ...['deadline', 'owner', 'failed'].map(index => `${table.tableArn}/index/${index}`));
  allow(fn, ['sqs:GetQueueAttributes'], queue.queueArn, deadLetterQueue.queueArn);
  allow(fn, ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'], mapping.eventSourceMappingArn);
  return fn;
}

function logGroupNames(scope: Construct, { worker }: Shared): Record<string, string> {
  const groups = scope.node.findAll().filter(child => child instanceof LogGroup);
  return Object.fromEntries([
    ['Worker', `/aws/lambda/${worker.functionName}`],
    ...groups.map(group => [group.node.path.slice(scope.node.path.length + 1).replaceAll('/', ''), group.logGroupName]),
  ]);
}

const OF_API = { JOBWORKS_AUTHENTICATION: 'iam' };

function create(scope: Construct, id: string, { name, key, table }: Shared, { entry, description, timeout, environment }: Settings): LambdaFunction {
  const logGroup = logs(scope, `${id}Logs`, key);
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Tracing: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] })],
      }),
    },
  });
  logGroup.grantWrite(role);
  const fn = new LambdaFunction(scope, id, {
    description,
    code: Code.fromAsset(HANDLERS),
    handler: `${entry}.handler`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: 512,
    timeout: timeout ?? Duration.seconds(10),
    environment: { JOBWORKS_PIPELINE: name, JOBWORKS_TABLE_NAME: table.tableName, ...environment },
    environmentEncryption: key,
    logGroup,
    role,
  });
  (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
  return fn;
}

function allow(fn: LambdaFunction, actions: string[], ...resources: string[]): void {
  fn.addToRolePolicy(new PolicyStatement({ actions, resources }));
}
