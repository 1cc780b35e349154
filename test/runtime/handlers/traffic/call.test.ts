import { FakeClock, sdkError } from './support';
import { callThrough } from '../../../../src/runtime/handlers/traffic/call';

type Answer = { readonly Payload?: Uint8Array; readonly FunctionError?: string } | Error;

function calling(...answers: Answer[]) {
  const clock = new FakeClock();
  const sent: { readonly input: Record<string, unknown> }[] = [];
  const client = {
    send: async (command: { readonly input: Record<string, unknown> }) => {
      sent.push(command);
      const next = answers.length > 1 ? answers.shift()! : answers[0];
      if (next instanceof Error) throw next;
      return { $metadata: {}, ...next };
    },
  };
  return { clock, sent, call: callThrough(clock, client as never) };
}

const payload = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));

test('what a function answers is its answer', async () => {
  const { call, sent } = calling({ Payload: payload({ ok: 1 }) });
  expect(await call('arn:7', { a: 1 }, 2_000_000)).toEqual({ answer: { ok: 1 } });
  expect(sent[0].input).toMatchObject({ FunctionName: 'arn:7', InvocationType: 'RequestResponse' });
  expect(Buffer.from(sent[0].input.Payload as Uint8Array).toString()).toBe('{"a":1}');
});

test('nothing is an answer', async () => {
  expect(await calling({}).call('arn:7', {}, 2_000_000)).toEqual({ answer: undefined });
});

test('what it throws is told by its type', async () => {
  const { call } = calling({ FunctionError: 'Unhandled', Payload: payload({ errorType: 'HandlerModuleNotFound', errorMessage: 'no such file' }) });
  expect(await call('arn:7', {}, 2_000_000)).toEqual({ error: { type: 'HandlerModuleNotFound', message: 'no such file' } });
  expect(await calling({ FunctionError: 'Unhandled' }).call('arn:7', {}, 2_000_000)).toEqual({ error: { type: 'Unknown', message: expect.any(String) } });
});

test.each(['AccessDeniedException', 'TooManyRequestsException', 'ResourceConflictException'])('%s passes by itself, for a minute', async (name) => {
  const { call, clock } = calling(sdkError(name), sdkError(name), { Payload: payload('late') });
  expect(await call('arn:7', {}, 2_000_000)).toEqual({ answer: 'late' });
  expect(clock.pauses).toEqual([2_000, 2_000]);
  const never = calling(sdkError(name));
  await expect(never.call('arn:7', {}, 2_000_000)).rejects.toThrow(name);
  expect(never.clock.pauses).toHaveLength(29);
});

test('nobody waits past the deadline', async () => {
  const { call, clock } = calling(sdkError('AccessDeniedException'));
  await expect(call('arn:7', {}, 1_005_000)).rejects.toThrow('AccessDenied');
  expect(clock.pauses).toEqual([2_000, 2_000]);
});

test('anything else is thrown at once', async () => {
  const { call, clock } = calling(sdkError('InvalidRequestContentException'));
  await expect(call('arn:7', {}, 2_000_000)).rejects.toThrow('InvalidRequestContent');
  expect(clock.pauses).toEqual([]);
});
