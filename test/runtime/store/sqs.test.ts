import { ChangeMessageVisibilityBatchCommand, ChangeMessageVisibilityCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SqsBatchQueue } from '../../../src/runtime/store/sqs/sqs-batch-queue';
import { SqsJobQueue } from '../../../src/runtime/store/sqs/sqs-job-queue';
import { SqsVisibility } from '../../../src/runtime/store/sqs/visibility';
import { message } from '../../support/job-fixtures';
import { sqsRecord } from '../../support/worker-harness';

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

describe('sending again what was received', () => {
  async function again(changes: Partial<Parameters<SqsJobQueue['sendAgain']>[0]> = {}, attributes = {}) {
    const { client, commands } = recorder();
    const received = { ...sqsRecord('{"version":2,"what":"is to come"}'), ...changes };
    const queue = new SqsJobQueue(client, URL, { _X_AMZN_TRACE_ID: 'Root=another' });
    await queue.sendAgain({ ...received, attributes: { ...received.attributes, ...attributes } }, 900_000);
    expect(commands[0]).toBeInstanceOf(SendMessageCommand);
    return (commands[0] as SendMessageCommand).input;
  }

  test('body, group, attributes and trace are what they were', async () => {
    const text = { dataType: 'String', stringValue: 'correlation-1' };
    const bytes = { dataType: 'Binary.gzip', binaryValue: Buffer.from([1, 255]).toString('base64') };
    expect(await again({ messageAttributes: { correlation_id: text, bytes } }, { MessageGroupId: 'customer:acme', AWSTraceHeader: 'Root=1-2-3;Sampled=1' })).toEqual({
      QueueUrl: URL,
      MessageBody: '{"version":2,"what":"is to come"}',
      MessageGroupId: 'customer:acme',
      DelaySeconds: 900,
      MessageAttributes: {
        correlation_id: { DataType: 'String', StringValue: 'correlation-1' },
        bytes: { DataType: 'Binary.gzip', BinaryValue: Buffer.from([1, 255]) },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3;Sampled=1' } },
    });
  });

  test('what it did not have is not made up', async () => {
    expect(await again()).toEqual({ QueueUrl: URL, MessageBody: '{"version":2,"what":"is to come"}', DelaySeconds: 900 });
  });
});

describe('sending many at once', () => {
  type Entries = { Entries: { Id: string; MessageBody: string }[] };
  const entriesOf = (command: unknown) => (command as { input: Entries }).input.Entries;
  const allSent = (command: unknown) => ({ Successful: entriesOf(command)?.map(({ Id }) => ({ Id })) });
  const jobs = (...payloads: string[]) => payloads.map((payload, index) => ({ message: message({ job_id: `job_${index}`, payload }), delay_ms: 0 }));
  const idsOf = (command: unknown) => entriesOf(command).map(({ MessageBody }) => (JSON.parse(MessageBody) as { job_id: string }).job_id);

  async function sendAll(messages: ReturnType<typeof jobs>, answer: (command: unknown) => object = allSent) {
    const { client, commands } = recorder(answer);
    return { failures: await new SqsBatchQueue(client, URL, {}).sendAll(messages), commands };
  }

  test('each is said as if it were alone, and one call takes them', async () => {
    const { client, commands } = recorder(allSent);
    const queue = new SqsBatchQueue(client, URL, { _X_AMZN_TRACE_ID: 'Root=1-2-3' });
    expect(await queue.sendAll([{ message: message(), delay_ms: 0 }, { message: message({ owner: 'x'.repeat(129) }), delay_ms: 1_001 }])).toEqual([undefined, undefined]);
    await queue.send(message(), 0);
    await queue.send(message({ owner: 'x'.repeat(129) }), 1_001);
    const [batch, ...single] = commands;
    expect(batch).toBeInstanceOf(SendMessageBatchCommand);
    expect(batch.input).toEqual({
      QueueUrl: URL,
      Entries: single.map(({ input }, index) => {
        const { QueueUrl: _, ...said } = input as { QueueUrl: string };
        return { Id: String(index), ...said };
      }),
    });
  });

  test('more than ten take more calls', async () => {
    const { failures, commands } = await sendAll(jobs(...Array<string>(21).fill('1')));
    expect(commands.map((command) => entriesOf(command).length)).toEqual([10, 10, 1]);
    expect(commands.flatMap(idsOf)).toEqual(Array.from({ length: 21 }, (_, index) => `job_${index}`));
    expect(failures).toEqual(Array(21).fill(undefined));
  });

  test('so do more than a call has bytes for, as they are sent', async () => {
    // each quote of a payload takes four bytes in the body
    const { commands } = await sendAll(jobs(...Array<string>(10).fill(JSON.stringify('"'.repeat(32_700)))));
    const bytes = commands.map((command) => entriesOf(command).reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0));
    expect(commands.length).toBe(2);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(1_048_576);
  });

  test('bytes and attributes count: a call is filled to the last byte and not further', async () => {
    const of = (bytes: number) => jobs(JSON.stringify('漢'.repeat(100)), 'x'.repeat(bytes));
    const attributes = 2 * ['correlation_id', 'String', 'correlation-1'].join('').length;
    const rest = 1_048_576 - attributes - of(0).reduce((sum, { message: job }) => sum + Buffer.byteLength(JSON.stringify(job)), 0);
    expect((await sendAll(of(rest))).commands).toHaveLength(1);
    expect((await sendAll(of(rest + 1))).commands).toHaveLength(2);
  });

  test('each is told what became of it', async () => {
    const { failures } = await sendAll(jobs('1', '2', '3'), () => ({
      Successful: [{ Id: '2' }],
      Failed: [{ Id: '0', Code: 'InternalError', Message: 'try again', SenderFault: false }],
    }));
    expect(failures).toEqual([
      expect.objectContaining({ name: 'InternalError', message: 'try again' }),
      expect.objectContaining({ name: 'NoAnswer' }),
      undefined,
    ]);
  });

  test('a call that fails fails its own messages', async () => {
    const throttled = new Error('throttled');
    const { failures } = await sendAll(jobs(...Array<string>(11).fill('1')), (command) => {
      if (idsOf(command).includes('job_10')) throw throttled;
      return allSent(command);
    });
    expect(failures).toEqual([...Array<undefined>(10).fill(undefined), throttled]);
  });

  test('none take no call', async () => {
    expect(await sendAll([])).toEqual({ failures: [], commands: [] });
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

  test('a call that failed counts as its messages, and hides those of the others nonetheless', async () => {
    let calls = 0;
    const { client, commands } = recorder(() => {
      if (++calls === 2) {
        throw new Error('throttled');
      }
      return { Failed: [{ Id: '0' }] };
    });
    expect(await new SqsVisibility(client, URL).hideAll(Array.from({ length: 21 }, (_, index) => `r${index}`), 5_000)).toBe(12);
    expect(commands).toHaveLength(3);
  });
});
