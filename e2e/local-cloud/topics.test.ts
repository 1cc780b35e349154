import { CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { eventually } from './fixture/fixture';
import { LocalCloud } from './local-cloud';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await LocalCloud.start({ sampleSeconds: 0.1 });
});
afterAll(() => cloud?.stop());

/** Calls SNS by its query protocol: two calls are not worth a client's package. @returns the text of an element of the answer */
async function sns(parameters: Readonly<Record<string, string>>, element: string): Promise<string> {
  const response = await fetch(cloud.endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${cloud.region}/sns/aws4_request, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Version: '2010-03-31', ...parameters }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const found = new RegExp(`<${element}>([^<]+)<`).exec(text)?.[1];
  if (found === undefined) throw new Error(`${parameters.Action} was answered with ${response.status}: ${text}`);
  return found;
}

test('an alarm that goes off is told to the subscribers of its topic', async () => {
  const queues = new SQSClient(cloud.clientConfig);
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'on-call' }));
  const { Attributes } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const topic = await sns({ Action: 'CreateTopic', Name: 'alarms' }, 'TopicArn');
  await sns({ Action: 'Subscribe', TopicArn: topic, Protocol: 'sqs', Endpoint: Attributes!.QueueArn! }, 'SubscriptionArn');

  const client = new CloudWatchClient(cloud.clientConfig);
  await client.send(new PutMetricAlarmCommand({
    AlarmName: 'too-deep',
    AlarmActions: [topic],
    Namespace: 'Test',
    MetricName: 'Depth',
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  }));
  await client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: 'Depth', Value: 9, Timestamp: new Date(Date.now() - 1_000) }] }));

  const message = await eventually('the message of the alarm', 15, async () => {
    const { Messages: [found] = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    return found && JSON.parse((JSON.parse(found.Body!) as { Message: string }).Message) as Record<string, unknown>;
  });
  expect(message).toMatchObject({ AlarmName: 'too-deep', NewStateValue: 'ALARM' });
}, 40_000);
