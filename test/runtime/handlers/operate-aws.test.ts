import { GetEventSourceMappingCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { EventSourceBusy, LambdaEventSource } from '../../../src/runtime/handlers/operate/event-source';
import { countQueue } from '../../../src/runtime/handlers/operate/queue-counts';

/** Answers every command with this, and keeps what was asked. */
function client(answer: object | Error) {
  const asked: object[] = [];
  return {
    asked,
    send: async (command: object) => {
      asked.push(command);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

function source(lambda: ReturnType<typeof client>) {
  const load = jest.fn(async () => ({ lambdaClient: () => lambda, GetEventSourceMappingCommand, UpdateEventSourceMappingCommand }) as never);
  return { source: new LambdaEventSource('uuid-1', load), load };
}

test('the mapping is switched off and on by its UUID', async () => {
  const lambda = client({ State: 'Disabling' });
  expect(await source(lambda).source.enable(false)).toBe('Disabling');
  await source(lambda).source.enable(true);
  expect(lambda.asked).toMatchObject([{ input: { UUID: 'uuid-1', Enabled: false } }, { input: { UUID: 'uuid-1', Enabled: true } }]);
  expect(lambda.asked[0]).toBeInstanceOf(UpdateEventSourceMappingCommand);
});

test('its state is read', async () => {
  const lambda = client({ State: 'Disabled' });
  expect(await source(lambda).source.state()).toBe('Disabled');
  expect(lambda.asked[0]).toBeInstanceOf(GetEventSourceMappingCommand);
  expect(lambda.asked[0]).toMatchObject({ input: { UUID: 'uuid-1' } });
});

test('an answer without a state is told as that', async () => {
  const { source: nameless } = source(client({}));
  expect([await nameless.state(), await nameless.enable(true)]).toEqual(['unknown', 'unknown']);
});

test.each(['ResourceConflictException', 'ResourceInUseException'])('%s means that somebody else is changing it', async (name) => {
  await expect(source(client(Object.assign(new Error('in use'), { name }))).source.enable(true)).rejects.toBeInstanceOf(EventSourceBusy);
});

test('any other error is told as it is', async () => {
  await expect(source(client(new Error('not allowed'))).source.enable(true)).rejects.toThrow('not allowed');
});

test('the SDK for Lambda is not loaded before it is needed', () => {
  expect(source(client({})).load).not.toHaveBeenCalled();
});

test('a queue is counted', async () => {
  const sqs = client({
    Attributes: {
      ApproximateNumberOfMessages: '5', ApproximateNumberOfMessagesNotVisible: '2', ApproximateNumberOfMessagesDelayed: '1', MessageRetentionPeriod: '345600',
    },
  });
  expect(await countQueue(sqs)('https://queue')).toEqual({ waiting: 5, in_flight: 2, delayed: 1, retention_seconds: 345_600 });
  expect(sqs.asked[0]).toBeInstanceOf(GetQueueAttributesCommand);
  expect(sqs.asked[0]).toMatchObject({ input: { QueueUrl: 'https://queue' } });
});

test('a queue that tells nothing counts nothing', async () => {
  expect(await countQueue(client({}))('https://queue')).toEqual({ waiting: 0, in_flight: 0, delayed: 0, retention_seconds: 0 });
});
