import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { eventually, useFixture } from './fixture/fixture';

/** What handlers and alarms of a pipeline rely on besides queues and APIs. */
const fixture = useFixture();
const clients = () => fixture().cloud.clientConfig;
const output = (name: string) => fixture().deployment.output(name);

describe('a handler', () => {
  const firstDelivery = async () => (await fixture().deliveries(await fixture().send(['succeed']), 1))[0];

  test('in a layer imports the user\'s module, and sees Lambda\'s environment', async () => {
    const { environment, log_group: logGroup } = await firstDelivery();
    expect(environment).toEqual(expect.arrayContaining(['AWS_ENDPOINT_URL', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME', 'LAMBDA_TASK_ROOT', '_HANDLER']));
    expect(logGroup).toContain('WorkerLogs');
  });

  test('sees nothing of the emulator\'s settings nor of this process', async () => {
    const { environment } = await firstDelivery();
    expect(environment.filter(name => /^(LOG_LEVEL|AUTH|GATEWAY_PORT|LOCAL_CLOUD_.*|JEST_.*|npm_.*)$/.test(name))).toEqual([]);
  });

  test('finds the AWS SDK, and no package of the project that it forgot to bundle', async () => {
    const { FunctionError, Payload } = await new LambdaClient(clients()).send(new InvokeCommand({
      FunctionName: output('LimitedName'), Payload: JSON.stringify({ unbundled: true }),
    }));
    expect(FunctionError).toBe('Unhandled');
    expect(Buffer.from(Payload!).toString()).toContain('Cannot find module');
  });

  test('is named by its error', async () => {
    const event = { Records: [{ body: JSON.stringify({ id: 'direct', actions: ['throw'] }), attributes: { ApproximateReceiveCount: '1' } }] };
    const { Payload } = await new LambdaClient(clients()).send(new InvokeCommand({ FunctionName: output('WorkerName'), Payload: JSON.stringify(event) }));
    expect(JSON.parse(Buffer.from(Payload!).toString())).toMatchObject({ errorType: 'AsAsked', errorMessage: 'as asked' });
  });

  test('writes its log where the template says', async () => {
    await fixture().deliveries(await fixture().send([['emit', 1]]), 1);
    const { log_group: logGroupName } = await firstDelivery();
    const logs = new CloudWatchLogsClient(clients());
    await eventually('a log line', 5, async () => {
      const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'JobsSucceeded' }));
      return events?.[0];
    });
  });

  test('that writes after its answer is read with its next invocation, also when its process was killed in between', async () => {
    const lambda = new LambdaClient(clients()); // of a function that has one process at a time
    const invoke = (event: object) => lambda.send(new InvokeCommand({ FunctionName: output('LimitedName'), Payload: JSON.stringify(event) }));
    const { Payload } = await invoke({ afterwards: 'written after the answer' });
    await sleep(400);
    process.kill((JSON.parse(Buffer.from(Payload!).toString()) as { pid: number }).pid, 'SIGKILL');
    await sleep(200); // else the emulator finds it dying and not gone
    await eventually('the line', 5, async () => {
      await invoke({});
      const { events } = await new CloudWatchLogsClient(clients()).send(new FilterLogEventsCommand({
        logGroupName: output('LimitedLogName'), filterPattern: '"written after the answer"',
      }));
      return events?.[0];
    });
  });

  test('is refused over its reserved concurrency', async () => {
    const lambda = new LambdaClient({ ...clients(), maxAttempts: 1 });
    const invoke = () => lambda.send(new InvokeCommand({ FunctionName: output('LimitedName'), Payload: JSON.stringify({ milliseconds: 500 }) }));
    const results = await Promise.allSettled([invoke(), invoke()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((results.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason).toBeInstanceOf(TooManyRequestsException);
  });
});

describe('the table', () => {
  const put = (key: string, extra: object) => new DynamoDBClient(clients()).send(new PutItemCommand({
    TableName: output('TableName'),
    Item: { job_id: { S: key }, ...extra },
    ConditionExpression: 'attribute_not_exists(job_id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  }));

  test('answers a write whose condition fails with the item as it is', async () => {
    await put('job-1', { run: { N: '1' } });
    const failure = await put('job-1', { run: { N: '2' } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConditionalCheckFailedException);
    expect((failure as ConditionalCheckFailedException).Item).toEqual({ job_id: { S: 'job-1' }, run: { N: '1' } });
  });

  test('lets one of many conditional writes win', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => put('job-2', { n: { N: String(n) } })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('has a sparse index', async () => {
    await put('job-3', { deadline_shard: { S: '7' }, deadline_at: { N: '1' } });
    const { Items } = await new DynamoDBClient(clients()).send(new QueryCommand({
      TableName: output('TableName'),
      IndexName: 'deadline',
      KeyConditionExpression: 'deadline_shard = :s AND deadline_at < :t',
      ExpressionAttributeValues: { ':s': { S: '7' }, ':t': { N: '2' } },
    }));
    expect(Items).toEqual([{ job_id: { S: 'job-3' }, deadline_shard: { S: '7' }, deadline_at: { N: '1' } }]);
  });
});

describe('metrics and alarms', () => {
  const state = async (name: string) => {
    const { MetricAlarms } = await new CloudWatchClient(clients()).send(new DescribeAlarmsCommand({ AlarmNames: [output(name)] }));
    return MetricAlarms![0].StateValue;
  };

  const emitted = (value: number) => eventually(`the metric ${value}`, 5, async () => {
    const { Datapoints } = await new CloudWatchClient(clients()).send(new GetMetricStatisticsCommand({
      Namespace: 'JobWorks',
      MetricName: 'JobsSucceeded',
      Dimensions: [{ Name: 'Pipeline', Value: 'fixture' }],
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 3600,
      Statistics: ['Maximum'],
    }));
    return Datapoints?.find(({ Maximum }) => Maximum === value);
  });

  test('a log line in the embedded format becomes a metric', async () => {
    await fixture().deliveries(await fixture().send([['emit', 42]]), 1);
    expect((await emitted(42)).Unit).toBe('Count');
  });

  test('so does one that is read late, when no invocation follows', async () => {
    await fixture().deliveries(await fixture().send([['emit-behind-much', 43]]), 1);
    await emitted(43);
  });

  test('every invocation counts, also by the queue', async () => {
    const invocations = async () => {
      const { Datapoints } = await new CloudWatchClient(clients()).send(new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Dimensions: [{ Name: 'FunctionName', Value: output('WorkerName') }],
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 3600,
        Statistics: ['Sum'],
      }));
      return Datapoints!.reduce((sum, { Sum }) => sum + Sum!, 0);
    };
    const before = await invocations();
    await fixture().deliveries(await fixture().send(['succeed']), 1);
    await eventually('one invocation more', 5, async () => await invocations() === before + 1 || undefined);
  });

  test('an alarm goes off within seconds; one of metric math is judged too', async () => {
    await eventually('the alarm is quiet', 10, async () => await state('DeadLetterAlarm') === 'OK' || undefined);
    await new SQSClient(clients()).send(new SendMessageCommand({ QueueUrl: output('DeadLetterQueueUrl'), MessageBody: 'dead' }));
    await eventually('the alarm goes off', 10, async () => await state('DeadLetterAlarm') === 'ALARM' || undefined);
    await eventually('metric math is judged', 10, async () => await state('AgeAlarm') === 'OK' || undefined);
  });
});
