import { ChangeMessageVisibilityBatchCommand, ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SqsJobQueue } from '../../../src/runtime/store/sqs/sqs-job-queue';
import { SqsVisibility } from '../../../src/runtime/store/sqs/visibility';
import { message } from '../../support/job-fixtures';

const URL = 'https://sqs.eu-central-1.amazonaws.com/123456789012/jobs';

function recorder(answer: (command: unknown) => object = () => ({})) {
  const commands: { input: object }[] = [];
  const client = {
    send: async (command: { input: object }) => {
      commands.push(command);
      return answer(command);
    },
  } as unknown as Pick<SQSClient, 'send'>;
  return { client, commands };
}

describe('sending', () => {
  async function sent(changes: Parameters<typeof message>[0] = {}, delay_ms = 0, environment = {}) {
    const { client, commands } = recorder();
    await new SqsJobQueue(client, URL, environment).send(message(changes), delay_ms);
    expect(commands).toHaveLength(1);
    expect(commands[0]).toBeInstanceOf(SendMessageCommand);
    return (commands[0] as SendMessageCommand).input;
  }

  test('a job', async () => {
    expect(await sent()).toEqual({
      QueueUrl: URL,
      MessageBody: JSON.stringify(message()),
      MessageGroupId: 'customer:acme',
      MessageAttributes: { correlation_id: { DataType: 'String', StringValue: 'correlation-1' } },
    });
  });

  test.each([
    [1, 1],
    [1_000, 1],
    [1_001, 2],
    [900_000, 900],
    [1_000_000, 900],
  ])('a delay of %d ms is %d s', async (delay_ms, DelaySeconds) => {
    expect(await sent({}, delay_ms)).toMatchObject({ DelaySeconds });
  });

  test('the trace goes on', async () => {
    expect(await sent({}, 0, { _X_AMZN_TRACE_ID: 'Root=1-2-3;Sampled=1' })).toMatchObject({
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3;Sampled=1' } },
    });
  });

  test.each([
    ['iam:123456789012:AROAEXAMPLE', 'iam:123456789012:AROAEXAMPLE'],
    ['x'.repeat(128), 'x'.repeat(128)],
    ['x'.repeat(129), expect.stringMatching(/^[\w-]{43}$/)],
    ['customer:Müller & Söhne', expect.stringMatching(/^[\w-]{43}$/)],
    ['customer:`', expect.stringMatching(/^[\w-]{43}$/)],
  ])('the group of %s', async (owner, group) => {
    expect(await sent({ owner })).toMatchObject({ MessageGroupId: group });
  });

  test('what SQS refuses is escaped and means the same', async () => {
    const payload = '"\uFFFE\uFFFF ok"';
    const { MessageBody: body } = await sent({ payload });
    expect(body).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(JSON.parse(body!)).toEqual(message({ payload }));
  });
});

describe('hiding', () => {
  test.each([
    [30_001, 31],
    [0, 0],
    [-5, 0],
    [13 * 3_600_000, 42_200],
  ])('one for %d ms', async (ms, VisibilityTimeout) => {
    const { client, commands } = recorder();
    await new SqsVisibility(client, URL).hide('receipt', ms);
    expect(commands[0]).toBeInstanceOf(ChangeMessageVisibilityCommand);
    expect(commands.map(({ input }) => input)).toEqual([{ QueueUrl: URL, ReceiptHandle: 'receipt', VisibilityTimeout }]);
  });

  test('a batch with one call', async () => {
    const { client, commands } = recorder();
    expect(await new SqsVisibility(client, URL).hideAll(['a', 'b'], 5_000)).toBe(0);
    expect(commands[0]).toBeInstanceOf(ChangeMessageVisibilityBatchCommand);
    expect(commands.map(({ input }) => input)).toEqual([{
      QueueUrl: URL,
      Entries: [{ Id: '0', ReceiptHandle: 'a', VisibilityTimeout: 5 }, { Id: '1', ReceiptHandle: 'b', VisibilityTimeout: 5 }],
    }]);
  });

  test('a large batch with one call for every ten, and failures counted', async () => {
    const { client, commands } = recorder(() => ({ Failed: [{ Id: '0' }] }));
    expect(await new SqsVisibility(client, URL).hideAll(Array.from({ length: 21 }, (_, index) => `r${index}`), 5_000)).toBe(3);
    expect(commands.map(({ input }) => (input as { Entries: unknown[] }).Entries.length)).toEqual([10, 10, 1]);
  });
});
